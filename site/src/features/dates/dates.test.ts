import { expect, test } from 'vitest';
import { dateRange, dateView, dayOf } from './dates.ts';

test('writes a day as American readers do', () => {
  expect(dateView('2026-11-23')).toEqual({ iso: '2026-11-23', text: 'November 23, 2026' });
});

test('writes a range of days once, and a single day alone', () => {
  expect(dateRange('2026-12-24', '2026-12-24')).toBe('December 24, 2026');
  expect(dateRange('2026-12-24', '2026-12-26').replaceAll(/[\s\u2009]/g, '')).toBe('December24–26,2026');
});

test('takes the day from the clinic’s time zone', () => {
  expect(dayOf('2026-11-23T03:00:00.000Z', 'America/Los_Angeles')).toBe('2026-11-22');
  expect(dayOf('2026-11-23T03:00:00.000Z', 'UTC')).toBe('2026-11-23');
});
