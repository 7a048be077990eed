import { expect, test } from 'vitest';
import { momentText } from './display.ts';
import { type ClinicHours, daysOfWeek } from './hours.ts';
import { openingHoursLater } from './promise.ts';

const weekdays = daysOfWeek.slice(0, 5);
const clinic: ClinicHours = {
  timeZone: 'America/Los_Angeles',
  openingHours: weekdays.map((dayOfWeek) => ({ dayOfWeek, opens: '09:00:00.000', closes: '17:00:00.000' })),
  closures: [{ validFrom: '2026-11-26', validThrough: '2026-11-27' }],
};
const halfDays: ClinicHours = {
  ...clinic,
  openingHours: [
    { dayOfWeek: 'Monday', opens: '09:00', closes: '12:00' },
    { dayOfWeek: 'Monday', opens: '13:00', closes: '17:00' },
  ],
};
const nights: ClinicHours = {
  ...clinic,
  openingHours: daysOfWeek.map((dayOfWeek) => ({ dayOfWeek, opens: '20:00', closes: '04:00' })),
  closures: [],
};

test.each([
  ['within one day', clinic, '2026-11-23T18:00:00Z', 2, '2026-11-23T20:00:00Z'],
  ['over night', clinic, '2026-11-24T00:00:00Z', 2, '2026-11-24T18:00:00Z'],
  ['up to the closing minute', clinic, '2026-11-23T17:00:00Z', 8, '2026-11-24T01:00:00Z'],
  ['from the opening, when it comes at night', clinic, '2026-11-24T08:00:00Z', 8, '2026-11-25T01:00:00Z'],
  ['over a closure and a weekend', clinic, '2026-11-26T00:00:00Z', 8, '2026-12-01T00:00:00Z'],
  ['over a lunch break', halfDays, '2026-11-23T19:00:00Z', 2, '2026-11-23T22:00:00Z'],
  ['by real hours where the clocks go back', nights, '2026-11-01T05:00:00Z', 6, '2026-11-01T11:00:00Z'],
  ['by real hours where the clocks go forward', nights, '2026-03-08T06:00:00Z', 5, '2026-03-08T11:00:00Z'],
  ['to the next quarter of an hour', clinic, '2026-11-23T18:01:00Z', 1, '2026-11-23T19:15:00Z'],
  ['after a daylight saving change', clinic, '2026-03-07T02:00:00Z', 1, '2026-03-09T17:00:00Z'],
] as const)('counts opening hours %s', (_name, hours, from, count, due) => {
  expect(openingHoursLater(hours, new Date(from), count)?.toISOString()).toBe(due.replace('Z', '.000Z'));
});

test('promises nothing that cannot be reckoned', () => {
  const from = new Date('2026-11-23T18:00:00Z');
  expect(openingHoursLater({ ...clinic, openingHours: [] }, from, 1)).toBeNull();
  expect(openingHoursLater({ ...clinic, timeZone: 'Mars/Olympus' }, from, 1)).toBeNull();
  const closures = [{ validFrom: '2026-01-01', validThrough: '2036-01-01' }];
  expect(openingHoursLater({ ...clinic, closures }, from, 1)).toBeNull();
});

test('tells a moment on the clinic’s clock', () => {
  expect(momentText(new Date('2026-11-24T23:00:00Z'), 'America/Los_Angeles')).toBe(
    'Tuesday, November 24, 2026, at 3 pm Pacific Time',
  );
  expect(momentText(new Date(), 'Mars/Olympus')).toBeNull();
});
