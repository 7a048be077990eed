import { addDays, type ClinicHours, localTime, stretchesOn } from './hours.ts';

const minute = 60_000;
const quarter = 15 * minute;
const searchedDays = 400;

/**
 * When so many opening hours of the clinic will have passed since `from`: nights, closed days and closures do not count.
 * Hours are real ones, also in a night in which the clocks change. Rounded up to the quarter of an hour.
 *
 * @returns null when the hours are not stated, there is no such time zone, or a year does not suffice
 */
export function openingHoursLater(hours: ClinicHours, from: Date, openingHours: number): Date | null {
  const begin = localTime(hours.timeZone, from);
  if (begin === null || hours.openingHours.length === 0) return null;
  let left = openingHours * 60 * minute;
  let counted = from.getTime();
  // Yesterday's stretch may pass midnight.
  for (let ahead = -1; ahead <= searchedDays; ahead += 1) {
    const date = addDays(begin.date, ahead);
    for (const stretch of stretchesOn(hours, date)) {
      const start = Math.max(instantOf(hours.timeZone, date, stretch.from), counted);
      const end = instantOf(hours.timeZone, date, stretch.to);
      if (end <= start) continue;
      if (end - start >= left) return new Date(Math.ceil((start + left) / quarter) * quarter);
      left -= end - start;
      counted = end;
    }
  }
  return null;
}

/** The moment at which the clinic's clock shows so many minutes since midnight of a day. */
function instantOf(timeZone: string, date: string, minutes: number): number {
  const shown = Date.parse(`${date}T00:00:00Z`) + minutes * minute;
  const guess = shown - offsetAt(timeZone, shown);
  return shown - offsetAt(timeZone, guess);
}

/** By how much the clinic's clock is ahead of UTC at a moment, in milliseconds. */
function offsetAt(timeZone: string, moment: number): number {
  const local = localTime(timeZone, new Date(moment));
  if (local === null) return 0;
  const shown = Date.parse(`${local.date}T00:00:00Z`) + local.minutes * minute;
  return shown - Math.floor(moment / minute) * minute;
}
