import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { firstPasswordAge } from './first-password.ts';

test('tells for how many whole days the password of the installation has stood', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'meridian-first-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  const now = new Date('2026-11-25T12:00:00Z');
  expect(firstPasswordAge(dataDir, now)).toBeNull();
  writeFileSync(join(dataDir, 'first-password'), '2026-11-17T11:00:00.000Z\n');
  expect(firstPasswordAge(dataDir, now)).toBe(8);
  writeFileSync(join(dataDir, 'first-password'), '2026-11-26T11:00:00.000Z\n');
  expect(firstPasswordAge(dataDir, now)).toBe(0);
  writeFileSync(join(dataDir, 'first-password'), 'half a li');
  expect(firstPasswordAge(dataDir, now)).toBeNull();
});
