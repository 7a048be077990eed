import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isUnfinished, takeBackUnfinished, writeTogether } from './files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-files-'));
  mkdirSync(join(folder, 'docs'));
  writeFileSync(join(folder, 'docs/table.md'), 'before');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const content = () =>
  readdirSync(folder, { recursive: true }).filter((name) => !String(name).startsWith('.tmp'));

test('writes all files', () => {
  writeTogether(
    folder,
    new Map([
      ['docs/table.md', 'after'],
      ['new/deep/file.ts', 'new'],
    ]),
  );
  expect(readFileSync(join(folder, 'docs/table.md'), 'utf8')).toBe('after');
  expect(readFileSync(join(folder, 'new/deep/file.ts'), 'utf8')).toBe('new');
  expect(isUnfinished(folder)).toBe(false);
});

test('leaves everything as it was when one of them cannot be written', () => {
  const files = new Map([
    ['docs/table.md', 'after'],
    ['new/deep/file.ts', 'new'],
    ['docs/table.md/inside.ts', 'new'],
  ]);
  expect(() => writeTogether(folder, files)).toThrow(/ENOTDIR|EEXIST/);
  expect(content()).toEqual(['docs', 'docs/table.md']);
  expect(readFileSync(join(folder, 'docs/table.md'), 'utf8')).toBe('before');
  expect(isUnfinished(folder)).toBe(false);
});

test('takes back what a kill left half-written', async () => {
  const program = `
    import { writeTogether } from ${JSON.stringify(join(import.meta.dirname, 'files.ts'))};
    const files = [['docs/table.md', 'after'], ...Array.from({ length: 100_000 }, (_, index) => ['new/' + index, 'x'])];
    writeTogether(${JSON.stringify(folder)}, new Map(files));`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: 'ignore' });
  const closed = once(child, 'close');
  await vi.waitFor(() => expect(existsSync(join(folder, 'new'))).toBe(true), {
    timeout: 30_000,
    interval: 1,
  });
  child.kill('SIGKILL');
  await closed;
  expect(isUnfinished(folder)).toBe(true);
  takeBackUnfinished(folder);
  expect(content()).toEqual(['docs', 'docs/table.md']);
  expect(readFileSync(join(folder, 'docs/table.md'), 'utf8')).toBe('before');
  expect(isUnfinished(folder)).toBe(false);
});
