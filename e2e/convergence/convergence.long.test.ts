import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Clinic, startClinic } from './clinic.ts';
import { converges } from './converges.ts';

let clinic: Clinic;
beforeAll(async () => {
  clinic = await startClinic();
});
afterAll(() => clinic.stop());

test('after any of many long sequences of changes the live site is what a clean build makes of the database', async () => {
  const tally = await converges(clinic, { sequences: 60, operations: 40 });
  console.log(tally);
  for (const end of ['unpublish refused', 'delete refused', 'bulk refused', 'delete-file refused']) {
    expect([end, (tally.get(end) ?? 0) > 0]).toEqual([end, true]);
  }
});
