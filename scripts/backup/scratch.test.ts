import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sweepScratch, sweepUnfinished, withScratch } from './scratch.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meridian-scratch-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Another process that works in a folder and does not end by itself. */
async function worker() {
  const code = `import { writeFileSync } from 'node:fs';
    import { withScratch } from ${JSON.stringify(join(import.meta.dirname, 'scratch.ts'))};
    await withScratch(${JSON.stringify(folder)}, 'backup', async (files) => {
      writeFileSync(files + '/cms.sqlite', 'Erin Erased');
      console.log('works');
      await new Promise(() => setInterval(() => undefined, 1_000));
    });`;
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', code],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(child.stdout, 'data');
  return child;
}

test('what a killed process leaves is deleted, and what another one works in is not', async () => {
  const child = await worker();
  await sweepScratch(folder);
  const [name = ''] = await readdir(folder);
  expect(await readFile(join(folder, name, 'files', 'cms.sqlite'), 'utf8')).toBe('Erin Erased');
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  await mkdir(join(folder, '.restoring-4711'));
  await mkdir(join(folder, '.kept'));
  await sweepScratch(folder);
  expect(await readdir(folder)).toEqual(['.kept']);
});

test('nothing is left when the work is done, and nothing when it failed', async () => {
  const seen = await withScratch(folder, 'restoring', async (files) => {
    await writeFile(join(files, 'x'), '');
    return readdir(files);
  });
  expect(seen).toEqual(['x']);
  await expect(withScratch(folder, 'backup', () => Promise.reject(new Error('full')))).rejects.toThrow(
    'full',
  );
  expect(await readdir(folder)).toEqual([]);
});

test('an archive that was never finished goes after a day, and no other file does', async () => {
  const old = new Date(Date.now() - 25 * 3_600_000);
  for (const name of ['.meridian-2026-01-31T030000000Z.tar.gz.age', '.other.age', 'meridian-x.age']) {
    await writeFile(join(folder, name), '');
    await utimes(join(folder, name), old, old);
  }
  await writeFile(join(folder, '.meridian-2026-02-01T030000000Z.tar.gz.age'), '');
  await sweepUnfinished(folder);
  expect((await readdir(folder)).sort()).toEqual([
    '.meridian-2026-02-01T030000000Z.tar.gz.age',
    '.other.age',
    'meridian-x.age',
  ]);
  await sweepUnfinished(join(folder, 'nowhere'));
  await sweepScratch(join(folder, 'nowhere'));
});
