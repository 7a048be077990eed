import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { beginLog, boundLog } from './logs.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-logs-'));
  file = join(folder, 'logs', 'site.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('keeps what earlier runs wrote, and only so much of it', () => {
  for (let run = 1; run <= 7; run += 1) {
    beginLog(file);
    appendFileSync(file, `run ${run}`);
  }
  expect(readFileSync(file, 'utf8')).toBe('run 7');
  expect([1, 2, 3, 4].map((number) => readFileSync(`${file}.${number}`, 'utf8'))).toEqual([
    'run 6',
    'run 5',
    'run 4',
    'run 3',
  ]);
  expect(existsSync(`${file}.5`)).toBe(false);
});

test('puts nothing aside for a run that wrote nothing', () => {
  beginLog(file);
  writeFileSync(file, '');
  beginLog(file);
  expect(existsSync(`${file}.1`)).toBe(false);
});

test('bounds the log of a program that goes on writing to it', async () => {
  beginLog(file);
  const written = openSync(file, 'a');
  const stop = boundLog(file, 1_000, 5);
  for (let part = 0; part < 20; part += 1) {
    writeSync(written, 'x'.repeat(600));
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  stop();
  const sizes = [file, ...[1, 2, 3, 4].map((number) => `${file}.${number}`)].map(
    (each) => statSync(each).size,
  );
  expect(Math.max(...sizes)).toBeLessThan(5_000);
  expect(Math.min(...sizes.slice(1))).toBeGreaterThanOrEqual(1_000);
  expect(existsSync(`${file}.5`)).toBe(false);
});
