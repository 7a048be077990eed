import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeLock } from './locks.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'locks-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Another process that holds the lock. */
async function holder(file: string) {
  const code = `import { takeLock } from ${JSON.stringify(path.join(import.meta.dirname, 'locks.ts'))};
    if ((await takeLock(${JSON.stringify(file)})) === null) process.exit(3);
    globalThis.gc();
    console.log('has it');
    setInterval(() => globalThis.gc(), 10);`;
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--expose-gc', '--input-type=module', '-e', code],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(child.stdout, 'data');
  return child;
}

test('a lock that another process has is refused, until that one is killed', async () => {
  const file = path.join(folder, 'below', 'site.lock');
  const other = await holder(file);
  expect(await takeLock(file)).toBeNull();
  const waiting = takeLock(file, 30_000);
  other.kill('SIGKILL');
  const lock = await waiting;
  expect(lock).not.toBeNull();
  lock?.release();
});

test('a lock that was given back can be taken again, and giving it back twice does no harm', async () => {
  const file = path.join(folder, 'site.lock');
  const lock = await takeLock(file);
  expect(await takeLock(file)).toBeNull();
  lock?.release();
  lock?.release();
  expect(await takeLock(file)).not.toBeNull();
});
