import { describe, expect, it } from 'vitest';
import { dueFault, intervalOf, isOverdue, monthsAfter } from '../../src/review/due.ts';

describe('the next review', () => {
  it.each([
    [[], null, 12],
    [[], 6, 6],
    [[null, null], 6, 6],
    [[24], 6, 24],
    [[9, null, 3, 18], 6, 3],
  ])('is due after the shortest interval: topics %j, clinic %s', (topics, clinic, months) => {
    expect(intervalOf(topics, clinic)).toBe(months);
  });

  it.each([
    ['2026-11-24', 12, '2027-11-24'],
    ['2024-02-29', 12, '2025-02-28'],
    ['2026-08-31', 6, '2027-02-28'],
    ['2026-12-31', 2, '2027-02-28'],
  ])('of %s is %i months later on a day that exists', (day, months, due) => {
    expect(monthsAfter(day, months)).toBe(due);
  });

  it('is overdue from the day after', () => {
    expect(isOverdue('2026-11-23', '2026-11-24')).toBe(true);
    expect(isOverdue('2026-11-24', '2026-11-24')).toBe(false);
  });

  it.each(['2026-11-25', '2031-11-24'])('may be chosen as %s', (due) => {
    expect(dueFault(due, '2026-11-24')).toBeNull();
  });

  it.each([
    '',
    'soon',
    '2026-11-24',
    '2020-01-01',
    '2031-11-25',
    '2027-02-29',
    '20270101',
    '2027-01-01T00:00',
  ])('may not be chosen as "%s"', (due) => {
    expect(dueFault(due, '2026-11-24')).toMatch(/^(Give the next review|The next review must)/);
  });
});
