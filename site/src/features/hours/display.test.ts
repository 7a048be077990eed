import { expect, test } from 'vitest';
import { hoursView, openStateText, timeText } from './display.ts';
import { type ClinicHours, type DayOfWeek, daysOfWeek, type OpenState } from './hours.ts';

const hours: ClinicHours = {
  timeZone: 'America/Los_Angeles',
  openingHours: [
    ...daysOfWeek
      .slice(0, 4)
      .map((dayOfWeek) => ({ dayOfWeek, opens: '08:00:00.000', closes: '17:00:00.000' })),
    { dayOfWeek: 'Friday', opens: '13:00:00.000', closes: '15:30:00.000' },
    { dayOfWeek: 'Friday', opens: '08:00:00.000', closes: '12:00:00.000' },
  ],
  closures: [
    { validFrom: '2026-12-24', validThrough: '2026-12-24', reason: 'Holiday' },
    { validFrom: '2026-01-01', validThrough: '2026-01-01', reason: null },
  ],
};

test.each([
  ['08:00:00.000', '8 am'],
  ['12:00', 'noon'],
  ['00:00', 'midnight'],
  ['12:30', '12:30 pm'],
  ['17:05', '5:05 pm'],
])('writes %s as %s', (time, text) => {
  expect(timeText(time)).toBe(text);
});

test('groups days with the same times and leaves past closures out', () => {
  expect(hoursView(hours, '2026-11-23')).toEqual({
    lines: [
      { days: 'Monday to Thursday', times: ['8 am to 5 pm'] },
      { days: 'Friday', times: ['8 am to noon', '1 pm to 3:30 pm'] },
      { days: 'Saturday and Sunday', times: [] },
    ],
    summary: 'Monday to Thursday, 8 am to 5 pm; Friday, 8 am to noon and 1 pm to 3:30 pm',
    closures: [{ dates: 'December 24, 2026', reason: 'Holiday' }],
    timeZone: 'Pacific Time',
  });
});

test('shows no hours when none are stated', () => {
  expect(hoursView({ ...hours, openingHours: [] }, '2026-11-23')).toBeNull();
});

test.each<[OpenState, string | null]>([
  [{ state: 'open', until: '18:00' }, 'Open now, until 6 pm.'],
  [opening('Monday', '2026-11-23'), 'Closed now. Opens today at 8 am.'],
  [opening('Tuesday', '2026-11-24'), 'Closed now. Opens tomorrow at 8 am.'],
  [opening('Sunday', '2026-11-29'), 'Closed now. Opens Sunday at 8 am.'],
  [opening('Monday', '2026-11-30'), 'Closed now. Opens Monday, November 30, 2026, at 8 am.'],
  [{ state: 'closed', opensNext: null }, 'Closed now.'],
  [{ state: 'unknown' }, null],
])('tells a reader the state in a sentence: %j', (state, sentence) => {
  expect(openStateText(state, '2026-11-23')).toBe(sentence);
});

function opening(day: DayOfWeek, date: string): OpenState {
  return { state: 'closed', opensNext: { day, date, opens: '08:00' } };
}
