import { describe, expect, it } from 'vitest';
import type { EntryState } from '../../src/publishing/answers.ts';
import { stateText } from '../../src/admin/publishing/state-text.ts';
import { durationText, momentText, momentTexts } from '../../src/admin/publishing/times.ts';

const LA = 'America/Los_Angeles';
const SINCE = '2026-03-01T22:02:00.000Z';
const NOW = new Date('2026-03-02T05:00:00.000Z');

/** With plain spaces: `Intl` sets a narrow one before AM and PM. */
const plain = (text: string): string => text.replaceAll('\u202f', ' ');

describe('momentText', () => {
  it('gives the time alone for today in the clinic, whatever day it is elsewhere', () => {
    expect(momentText(SINCE, LA, NOW, 'en-GB')).toBe('14:02');
    expect(momentText(SINCE, 'UTC', NOW, 'en-GB')).toBe('1 Mar, 22:02');
  });

  it.each([
    ['2026-01-05T17:00:00Z', 'Jan 5, 9:00 AM'],
    ['2027-01-01T07:59:00Z', 'Dec 31, 11:59 PM'],
    ['2027-01-01T08:00:00Z', 'Jan 1, 2027, 12:00 AM'],
    ['2028-01-05T17:00:00Z', 'Jan 5, 2028, 9:00 AM'],
    ['2026-01-01T07:59:00Z', 'Dec 31, 2025, 11:59 PM'],
  ])('gives the year of %s when it is another one in the clinic', (iso, words) => {
    expect(plain(momentText(iso, LA, NOW, 'en-US'))).toBe(words);
  });

  it.each([
    ['not over in the clinic', LA, '2027-01-01T07:30:00Z', ['Dec 30, 9:00 AM', 'Jan 2, 2027, 9:00 AM']],
    ['over in the clinic', LA, '2027-01-01T08:30:00Z', ['Dec 30, 2026, 9:00 AM', 'Jan 2, 9:00 AM']],
    [
      'over in the clinic alone',
      'Pacific/Auckland',
      '2026-12-31T11:30:00Z',
      ['Dec 31, 2026, 6:00 AM', 'Jan 3, 6:00 AM'],
    ],
  ])('takes the year of the clinic for this one when the old one is %s', (_when, timeZone, now, words) => {
    const texts = ['2026-12-30T17:00:00Z', '2027-01-02T17:00:00Z'].map((iso) =>
      plain(momentText(iso, timeZone, new Date(now), 'en-US')),
    );
    expect(texts).toEqual(words);
  });
});

describe('momentTexts', () => {
  it('tells those to the second that would read alike', () => {
    const list = [
      '2026-03-02T04:12:40Z',
      '2026-03-02T04:12:05Z',
      '2026-03-02T04:11:59Z',
      '2026-03-01T04:12:05Z',
    ];
    expect(momentTexts(list, 'UTC', NOW, 'en-GB')).toEqual(['04:12:40', '04:12:05', '04:11', '1 Mar, 04:12']);
    expect(momentTexts([], 'UTC', NOW)).toEqual([]);
  });

  it('tells those of different years by the year alone', () => {
    const list = ['2026-01-05T09:00:00Z', '2027-01-05T09:00:00Z', '2028-01-05T09:00:00Z'];
    expect(momentTexts(list, 'UTC', NOW, 'en-GB')).toEqual([
      '5 Jan, 09:00',
      '5 Jan 2027, 09:00',
      '5 Jan 2028, 09:00',
    ]);
  });
});

describe('durationText', () => {
  it.each([
    [0.4, 'about a second'],
    [12.3, 'about 12 seconds'],
    [240, 'about 4 minutes'],
  ])('says %d seconds as %s', (seconds, words) => {
    expect(durationText(seconds)).toBe(words);
  });
});

describe('stateText', () => {
  const tell = (state: EntryState) =>
    stateText(state, { subject: 'entry', timeZone: LA, now: NOW, locale: 'en-GB' });

  it('says since when it is live', () => {
    expect(tell({ name: 'live', since: SINCE }).title).toBe('Live since 14:02');
    expect(tell({ name: 'live', since: null }).title).toBe('Live');
  });

  it('says how long a build usually takes', () => {
    const state: EntryState = { name: 'building', removes: false, since: SINCE, expectedSeconds: 12 };
    expect(tell(state).detail).toContain('usually takes about 12 seconds');
    expect(tell({ ...state, expectedSeconds: null }).detail).not.toContain('usually');
  });

  it.each<EntryState>([
    { name: 'failed', message: 'Article "A" has no title.', faults: [], retrying: false },
    { name: 'waiting-for-approval', id: 'a', message: 'Many pages are gone.', before: 40, after: 3 },
  ])('says of $name what is wrong and that patients see the site as before', (state) => {
    const { detail } = tell(state);
    expect(detail).toContain('message' in state ? state.message : '');
    expect(detail).toContain('Patients still see what they saw before');
  });

  it('says who can mend what failed', () => {
    const fault = { typeName: 'Article', title: 'A', message: 'No title.', editPath: '/a' };
    const failed = { name: 'failed' as const, message: 'It failed.', faults: [fault], retrying: false };
    expect(tell(failed).detail).toContain('Whoever may publish the entry below can mend it');
    expect(tell({ ...failed, faults: [] }).detail).toContain('Whoever runs the server can mend it');
    expect(tell({ ...failed, faults: [], retrying: true }).detail).toContain(
      'whoever runs the server can mend it',
    );
  });

  it('says who went back, when, and how it ends', () => {
    expect(tell({ name: 'rolled-back', by: 'Kim Lee', since: SINCE }).detail).toBe(
      'Kim Lee went back to an older release (14:02). What is published meanwhile waits until somebody presses Resume.',
    );
  });
});
