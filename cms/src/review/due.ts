import { Temporal } from 'temporal-polyfill';

/** Months between reviews where neither topic nor clinic says otherwise. */
export const DEFAULT_INTERVAL = 12;
/** Days ahead for which the home page lists what is due. */
export const LOOK_AHEAD = 60;
const LONGEST_YEARS = 5;

/**
 * Months until the next review: the shortest interval of the article's topics; where none has one, the clinic's.
 *
 * @param topics intervals of the topics, null for those that have none
 */
export function intervalOf(topics: readonly (number | null)[], clinic: number | null): number {
  const own = topics.filter((months) => months !== null);
  return own.length > 0 ? Math.min(...own) : (clinic ?? DEFAULT_INTERVAL);
}

/** The day so many months later; the last day of the month where it has no such day. */
export function monthsAfter(day: string, months: number): string {
  return Temporal.PlainDate.from(day).add({ months }).toString();
}

/** The day so many days later. */
export function daysAfter(day: string, days: number): string {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

/** Whether a review that is due by a day is overdue today: the day itself is still in time. */
export function isOverdue(due: string, today: string): boolean {
  return due < today;
}

/** What is wrong with a due date that a reviewer chose; null when nothing is. */
export function dueFault(due: string, today: string): string | null {
  let day: Temporal.PlainDate;
  try {
    day = Temporal.PlainDate.from(due, { overflow: 'reject' });
  } catch {
    return 'Give the next review a day that exists.';
  }
  if (day.toString() !== due) return 'Give the next review a day that exists.';
  if (due <= today) return 'The next review must be due after today.';
  const last = Temporal.PlainDate.from(today).add({ years: LONGEST_YEARS });
  if (Temporal.PlainDate.compare(day, last) > 0) {
    return `The next review must be due within ${String(LONGEST_YEARS)} years.`;
  }
  return null;
}
