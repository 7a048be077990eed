import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimDataDir, ownerOf } from './lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('refuses a folder that a running process has, and names the process', () => {
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  writeFileSync(join(folder, 'running.pid'), String(other.pid));
  try {
    expect(() => claimDataDir(folder)).toThrow(new RegExp(`running on .* already \\(process ${String(other.pid)}\\)`));
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
