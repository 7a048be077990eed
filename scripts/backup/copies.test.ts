import { expect, test } from 'vitest';
import { copyName, isAhead, isDue, madeAt, newestOf, surplus } from './copies.ts';

const at = (text: string) => new Date(text);
const names = (...times: string[]) => times.map((time) => copyName(at(time)));

test('a name tells when its backup was made', () => {
  const moment = at('2026-01-31T03:04:05.006Z');
  expect(copyName(moment)).toBe('meridian-2026-01-31T030405006Z.tar.gz.age');
  expect(madeAt(copyName(moment))).toEqual(moment);
});

test.each([
  'notes.txt',
  'meridian-.tar.gz.age',
  'meridian-2026-13-01T000000000Z.tar.gz.age',
  '.meridian-2026-01-31T030405006Z.tar.gz.age',
  'meridian-2026-01-31T030405006Z.tar.gz.age.part',
])('%s is no backup', (name) => {
  expect(madeAt(name)).toBeNull();
  expect(surplus([name], { daily: 0, weekly: 0 })).toEqual([]);
});

test('the last of each day and of each week stay, and the rest goes', () => {
  const all = names(
    '2026-11-24T10:00:00Z',
    '2026-11-24T03:00:00Z',
    '2026-11-23T03:00:00Z',
    '2026-11-22T03:00:00Z',
    '2026-11-15T03:00:00Z',
    '2026-11-14T03:00:00Z',
    '2026-11-08T03:00:00Z',
  );
  const gone = surplus(all, { daily: 2, weekly: 3 });
  expect(gone).toEqual(names('2026-11-24T03:00:00Z', '2026-11-14T03:00:00Z', '2026-11-08T03:00:00Z'));
});

test('a backup that was made while the clock was wrong does not count', () => {
  const all = names('2027-11-24T03:00:00Z', '2026-11-23T03:00:00Z');
  const now = at('2026-11-24T12:00:00Z');
  expect(newestOf(all, now)).toEqual(at('2026-11-23T03:00:00Z'));
  expect(all.map((name) => isAhead(name, now))).toEqual([true, false]);
  // Clocks are set back by hours, too.
  expect(isAhead(copyName(at('2026-11-25T03:00:00Z')), now)).toBe(false);
});

test('days without a backup do not make older ones go', () => {
  const all = names('2026-11-24T03:00:00Z', '2026-06-01T03:00:00Z', '2026-01-01T03:00:00Z');
  expect(surplus(all, { daily: 3, weekly: 0 })).toEqual([]);
});

test('a backup counts in the order of time, whatever the order of names', () => {
  const all = names('2026-11-22T03:00:00Z', '2026-11-24T03:00:00Z', '2026-11-23T03:00:00Z');
  expect(surplus(all, { daily: 1, weekly: 0 })).toHaveLength(2);
  expect(surplus(all, { daily: 1, weekly: 0 })).not.toContain(copyName(at('2026-11-24T03:00:00Z')));
  const now = at('2026-11-24T12:00:00Z');
  expect(newestOf([...all, 'notes.txt'], now)).toEqual(at('2026-11-24T03:00:00Z'));
  expect(newestOf([], now)).toBeNull();
});

test.each([
  ['there is none yet', null, '2026-11-24T01:00:00', true],
  ['before three o’clock', '2026-11-23T03:00:10', '2026-11-24T02:59:00', false],
  ['at three o’clock', '2026-11-23T03:00:10', '2026-11-24T03:00:00', true],
  ['when the day has one', '2026-11-24T03:00:10', '2026-11-24T12:00:00', false],
  ['one by hand in the evening before', '2026-11-23T20:00:00', '2026-11-24T03:00:00', true],
  ['after a night without power', '2026-11-22T03:00:10', '2026-11-24T01:00:00', true],
  ['when the clock was set back', '2026-11-25T03:00:10', '2026-11-24T12:00:00', false],
] as const)('whether a copy is due: %s', (_, newest, now, due) => {
  expect(isDue(newest === null ? null : at(newest), at(now))).toBe(due);
});
