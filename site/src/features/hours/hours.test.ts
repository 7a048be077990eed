import { describe, expect, test } from 'vitest';
import { type ClinicHours, daysOfWeek, openState } from './hours.ts';

const weekdays = daysOfWeek.slice(0, 5);
const clinic: ClinicHours = {
  timeZone: 'America/Los_Angeles',
  openingHours: weekdays.map((dayOfWeek) => ({ dayOfWeek, opens: '08:00:00.000', closes: '17:00:00.000' })),
  closures: [],
};

function at(moment: string, hours: ClinicHours = clinic) {
  return openState(hours, new Date(moment));
}

describe('openState', () => {
  test('is open from the first minute and closed at the closing minute', () => {
    expect(at('2026-11-23T16:00:00Z')).toEqual({ state: 'open', until: '17:00' });
    expect(at('2026-11-23T15:59:59Z')).toMatchObject({
      state: 'closed',
      opensNext: { day: 'Monday', opens: '08:00' },
    });
    expect(at('2026-11-24T01:00:00Z')).toEqual({
      state: 'closed',
      opensNext: { day: 'Tuesday', date: '2026-11-24', opens: '08:00' },
    });
  });

  test('looks over the weekend for the next opening', () => {
    expect(at('2026-11-28T20:00:00Z')).toEqual({
      state: 'closed',
      opensNext: { day: 'Monday', date: '2026-11-30', opens: '08:00' },
    });
  });

  test('follows the clinic’s clock through both changes of daylight saving time', () => {
    expect(at('2026-03-06T16:30:00Z').state).toBe('open');
    expect(at('2026-03-09T15:30:00Z').state).toBe('open');
    expect(at('2026-03-09T14:59:00Z').state).toBe('closed');
    expect(at('2026-10-30T15:30:00Z').state).toBe('open');
    expect(at('2026-11-02T15:30:00Z').state).toBe('closed');
    expect(at('2026-11-02T16:00:00Z').state).toBe('open');
  });

  test('counts a night that the clocks change in by the clock on the wall', () => {
    const allNight = {
      ...clinic,
      openingHours: [{ dayOfWeek: 'Saturday' as const, opens: '22:00', closes: '04:00' }],
    };
    expect(at('2026-11-01T09:30:00Z', allNight)).toEqual({ state: 'open', until: '04:00' });
    expect(at('2026-11-01T11:59:00Z', allNight)).toEqual({ state: 'open', until: '04:00' });
    expect(at('2026-11-01T12:00:00Z', allNight).state).toBe('closed');
  });

  test('is closed on every day of a closure and opens after it', () => {
    const closed = { ...clinic, closures: [{ validFrom: '2026-12-24', validThrough: '2026-12-28' }] };
    expect(at('2026-12-24T18:00:00Z', closed)).toEqual({
      state: 'closed',
      opensNext: { day: 'Tuesday', date: '2026-12-29', opens: '08:00' },
    });
    expect(at('2026-12-23T18:00:00Z', closed).state).toBe('open');
    expect(at('2026-12-29T18:00:00Z', closed).state).toBe('open');
  });

  test('knows a lunch break, and joins stretches that touch', () => {
    const split = (closes: string) => ({
      ...clinic,
      openingHours: [
        { dayOfWeek: 'Monday' as const, opens: '13:00', closes: '17:00' },
        { dayOfWeek: 'Monday' as const, opens: '08:00', closes },
      ],
    });
    expect(at('2026-11-23T20:30:00Z', split('12:00'))).toMatchObject({
      opensNext: { day: 'Monday', opens: '13:00' },
    });
    expect(at('2026-11-23T18:00:00Z', split('13:00'))).toEqual({ state: 'open', until: '17:00' });
  });

  test('passes midnight, and joins days without a gap', () => {
    const late = {
      ...clinic,
      openingHours: [{ dayOfWeek: 'Friday' as const, opens: '20:00', closes: '02:00' }],
    };
    expect(at('2026-11-28T09:00:00Z', late)).toEqual({ state: 'open', until: '02:00' });
    const always = {
      ...clinic,
      openingHours: daysOfWeek.map((dayOfWeek) => ({ dayOfWeek, opens: '00:00', closes: '00:00' })),
    };
    expect(at('2026-11-28T09:00:00Z', always).state).toBe('open');
  });

  test('says nothing without hours or with a time zone that does not exist', () => {
    expect(at('2026-11-23T18:00:00Z', { ...clinic, openingHours: [] })).toEqual({ state: 'unknown' });
    expect(at('2026-11-23T18:00:00Z', { ...clinic, timeZone: 'Mars/Olympus' })).toEqual({ state: 'unknown' });
  });

  test('promises no opening when a closure has no end in sight', () => {
    const gone = { ...clinic, closures: [{ validFrom: '2026-01-01', validThrough: '2036-01-01' }] };
    expect(at('2026-11-23T18:00:00Z', gone)).toEqual({ state: 'closed', opensNext: null });
  });
});
