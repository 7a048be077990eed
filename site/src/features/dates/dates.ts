import type { DateView } from '../../content/views.ts';

const longDay = new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'UTC' });

/** A calendar day (`2026-11-23`) for display: `November 23, 2026`. */
export function dateView(iso: string): DateView {
  return { iso, text: longDay.format(noonOf(iso)) };
}

/** The calendar day of a moment (ISO 8601) at the clinic. */
export function dayOf(moment: string, timeZone: string): string {
  return dayFormat(timeZone).format(new Date(moment));
}

const dayFormats = new Map<string, Intl.DateTimeFormat>();

/** Kept by time zone, for making one takes longer than using it a thousand times. */
function dayFormat(timeZone: string): Intl.DateTimeFormat {
  const known = dayFormats.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-CA', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    timeZone,
  });
  dayFormats.set(timeZone, made);
  return made;
}

/** Days from one to another, both included: `December 24 – 26, 2026`, or the one day alone. */
export function dateRange(from: string, through: string): string {
  return from === through ? longDay.format(noonOf(from)) : longDay.formatRange(noonOf(from), noonOf(through));
}

/** How many days after `from` the day `to` comes. */
export function daysBetween(from: string, to: string): number {
  return Math.round((noonOf(to).getTime() - noonOf(from).getTime()) / 86_400_000);
}

/** Noon, so that no time zone moves it to another day. */
function noonOf(iso: string): Date {
  return new Date(`${iso}T12:00:00Z`);
}
