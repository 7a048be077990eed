import { globSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cleanEnvironment } from '../../e2e/system.ts';
import { readSettings } from '../settings.ts';
import { writeArchive } from './archive.ts';
import { restoreBackup } from './restore.ts';

const passphrase = 'six random words that nobody knows';
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meridian-restore-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A backup of a small clinic; `more` are further files of its DATA_DIR. */
async function makeBackup(more: Readonly<Record<string, string>> = {}): Promise<string> {
  const sqlite = join(folder, 'made.sqlite');
  const database = new DatabaseSync(sqlite);
  database.exec(
    `CREATE TABLE IF NOT EXISTS articles (title text); INSERT INTO articles VALUES ('From the backup')`,
  );
  database.close();
  const file = join(folder, 'meridian-2026-01-31T030000000Z.tar.gz.age');
  await writeArchive(file, passphrase, async (writer) => {
    await writer.addFile('database/cms.sqlite', sqlite);
    await writer.addText('secrets.json', '{"of":"the backup"}');
    await writer.addText('data/public/uploads/one.webp', 'one');
    for (const [path, text] of Object.entries(more)) await writer.addText(`data/${path}`, text);
    return { madeAt: '2026-01-31T03:00:00.000Z', version: '0.1.0', database: 'sqlite' };
  });
  return file;
}

/** A DATA_DIR in use, and how a backup is put into it. */
async function clinic(file: string) {
  const dataDir = join(folder, 'data');
  for (const [path, text] of [
    ['cms.sqlite', 'the database of today'],
    ['secrets.json', '{"of":"today"}'],
    ['public/uploads/two.webp', 'two'],
    ['spool/waiting/x', 'sealed'],
    ['logs/site.log', 'a line'],
    ['erasures.txt', 'KX7-4QM-R9T\n'],
  ] as const) {
    await mkdir(join(dataDir, path, '..'), { recursive: true });
    await writeFile(join(dataDir, path), text);
  }
  const settings = readSettings(cleanEnvironment({ DATA_DIR: dataDir }), join(folder, 'none.env'));
  const restore = () =>
    restoreBackup({
      settings,
      file,
      passphrase,
      force: true,
      remembering: [],
      makeTables: () => Promise.reject(new Error('There is no Postgres here.')),
    });
  const files = () =>
    Object.fromEntries(
      globSync('**/*', { cwd: dataDir, withFileTypes: true, exclude: [] })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .toSorted()
        .map((path) => [path.slice(dataDir.length + 1), readFileSync(path, 'utf8')]),
    );
  return { dataDir, restore, files };
}

test('what is there is put aside, and what was erased since stays remembered', async () => {
  const { restore, files } = await clinic(await makeBackup({ 'erasures.txt': 'AAA-AAA-AAA\n' }));
  const { replaced } = await restore();
  const after = files();
  expect(after['secrets.json']).toBe('{"of":"the backup"}');
  expect(after['public/uploads/one.webp']).toBe('one');
  expect(after['public/uploads/two.webp']).toBeUndefined();
  expect(after['logs/site.log']).toBe('a line');
  expect(after['erasures.txt']?.split('\n').sort()).toEqual(['', 'AAA-AAA-AAA', 'KX7-4QM-R9T']);
  const aside = (replaced.folder ?? '').split('/').at(-1) ?? '';
  expect(after[`${aside}/cms.sqlite`]).toBe('the database of today');
  expect(after[`${aside}/spool/waiting/x`]).toBe('sealed');
  expect(Object.keys(after).filter((path) => path.startsWith('.'))).toEqual([]);
});

test('when a step fails in the middle, everything is as it was, and that is told', async () => {
  // A file that cannot take its place: there is a folder with logs already.
  const { restore, files } = await clinic(await makeBackup({ 'logs/odd': 'in the way' }));
  const before = files();
  await expect(restore()).rejects.toThrow(/ENOTEMPTY.*Everything is as it was before the restore/s);
  expect(files()).toEqual(before);
});
