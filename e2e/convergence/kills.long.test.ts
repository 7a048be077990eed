import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Clinic, startClinic } from './clinic.ts';
import { survivesKills } from './kills.ts';

let clinic: Clinic;
beforeAll(async () => {
  clinic = await startClinic();
});
afterAll(() => clinic.stop());

test.each([50, 200])('the site survives kills at random moments of %i publishes', async (publishes) => {
  // Some have to have come after a swap, or the moments would prove nothing about it.
  expect(await survivesKills(clinic, publishes)).toBeGreaterThan(publishes / 20);
});
