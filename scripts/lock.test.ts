import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimDataDir, exclusively, ownerOf } from './lock.ts';
import { root } from './settings.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('refuses a folder that a running process has, and names the process', () => {
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  writeFileSync(join(folder, 'running.pid'), String(other.pid));
  try {
    expect(() => claimDataDir(folder)).toThrow(
      new RegExp(`running on .* already \\(process ${String(other.pid)}\\)`),
    );
  } finally {
    other.kill();
  }
});

test('takes over from a process that is gone', () => {
  writeFileSync(join(folder, 'running.pid'), '999999999');
  expect(ownerOf(folder)).toBeUndefined();
  const release = claimDataDir(folder);
  release();
});

test('can be claimed again after it was given back', () => {
  claimDataDir(folder)();
  claimDataDir(folder)();
  expect(ownerOf(folder)).toBeUndefined();
});

test('lets two pieces of exclusive work follow one another', async () => {
  const order: string[] = [];
  const work = (name: string) => async () => {
    order.push(`${name} begins`);
    await Promise.resolve();
    order.push(`${name} ends`);
  };
  await exclusively('lock-test', work('first'));
  await exclusively('lock-test', work('second'));
  expect(order).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
});

test('makes exclusive work wait for another process', async () => {
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const file = join(root, '.tmp', 'lock-wait-test.pid');
  mkdirSync(join(root, '.tmp'), { recursive: true });
  writeFileSync(file, String(other.pid));
  let done = false;
  const waiting = exclusively('lock-wait-test', async () => {
    done = await Promise.resolve(true);
  });
  expect(done).toBe(false);
  other.kill();
  await waiting;
  expect(done).toBe(true);
});
