import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rowsIn } from './snapshot.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meridian-snapshot-'));
});
afterEach(() => rm(folder, { recursive: true }));

test.each([
  ['no rows', []],
  ['signs that end a line elsewhere', ['{"title":"a\u2028b\u2029c\u0085d\\r\\n"}', '{"title":"\u2028"}']],
  ['rows that are larger than what is read at once', ['ä'.repeat(300_000), '🩺'.repeat(100_000), 'x']],
])('a file of rows comes back as it was written: %s', async (_name, rows) => {
  const file = join(folder, 'rows.ndjson');
  await writeFile(file, rows.map((row) => `${row}\n`).join(''));
  const read: string[] = [];
  for await (const row of rowsIn(file)) read.push(row);
  expect(read).toEqual(rows);
});
