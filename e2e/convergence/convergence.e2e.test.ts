import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Clinic, startClinic } from './clinic.ts';
import { converges } from './converges.ts';

let clinic: Clinic;
beforeAll(async () => {
  clinic = await startClinic();
});
afterAll(() => clinic.stop());

test('after any sequence of changes the live site is what a clean build makes of the database', async () => {
  const tally = await converges(clinic, { sequences: 3, operations: 25 });
  console.log(tally);
  expect([...tally.keys()].filter((end) => end.endsWith('accepted')).length).toBeGreaterThan(6);
});
