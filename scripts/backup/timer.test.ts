import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { copyName } from './copies.ts';
import { keepBackingUp, newestBackup } from './timer.ts';

let folder: string;
let ending: AbortController;
let running: Promise<void>;
let told: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meridian-timer-'));
  ending = new AbortController();
  told = [];
});
afterEach(async () => {
  ending.abort();
  await running;
  await rm(folder, { recursive: true });
});

function keep(make: () => Promise<void>, pauses: { look: number; afterFault: number }): void {
  const tell = (error: unknown) => void told.push(error instanceof Error ? error.message : '');
  running = keepBackingUp(folder, make, tell, ending.signal, pauses);
}

test('a backup is made when there is none, and no second one on the same day', async () => {
  let made = 0;
  keep(
    async () => {
      made += 1;
      await writeFile(join(folder, copyName(new Date())), '');
    },
    { look: 5, afterFault: 5 },
  );
  await expect.poll(() => made).toBe(1);
  await sleep(100);
  expect(made).toBe(1);
  expect(await newestBackup(folder)).not.toBeNull();
});

test('what goes wrong is told, and tried again after a longer pause', async () => {
  let tries = 0;
  keep(
    async () => {
      tries += 1;
      if (tries < 3) throw new Error('The disk is not there.');
      await writeFile(join(folder, copyName(new Date())), '');
    },
    { look: 3_600_000, afterFault: 20 },
  );
  await expect.poll(() => tries).toBe(3);
  expect(told).toEqual(['The disk is not there.', 'The disk is not there.']);
});

test('the signal ends it at once, in the middle of a pause', async () => {
  keep(() => Promise.reject(new Error('No.')), { look: 3_600_000, afterFault: 3_600_000 });
  await expect.poll(() => told).toHaveLength(1);
  ending.abort();
  await running;
});
