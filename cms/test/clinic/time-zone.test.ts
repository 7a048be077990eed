import { expect, test } from 'vitest';
import { dayIn } from '../../src/clinic/time-zone.ts';

test.each([
  ['2026-11-24T07:59:59Z', 'America/Los_Angeles', '2026-11-23'],
  ['2026-11-24T08:00:00Z', 'America/Los_Angeles', '2026-11-24'],
  ['2026-11-24T12:00:00Z', 'Pacific/Kiritimati', '2026-11-25'],
])('the day of %s in %s is %s', (moment, zone, day) => {
  expect(dayIn(zone, new Date(moment))).toBe(day);
});
