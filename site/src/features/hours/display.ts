import type { HoursLine, HoursView } from '../../content/views.ts';
import { dateRange, dateView, daysBetween } from '../dates/dates.ts';
import {
  type ClinicHours,
  dayOfWeek,
  type DayOfWeek,
  daysOfWeek,
  localTime,
  type OpenState,
} from './hours.ts';

/** A time of day as patients read it: `8 am`, `12:30 pm`, `noon`, `midnight`. */
export function timeText(time: string): string {
  const [hours = '0', minutes = '00'] = time.split(':');
  const hour = Number(hours);
  if (minutes === '00' && hour === 12) return 'noon';
  if (minutes === '00' && hour === 0) return 'midnight';
  const past = minutes === '00' ? '' : `:${minutes}`;
  return `${hour % 12 === 0 ? 12 : hour % 12}${past} ${hour < 12 ? 'am' : 'pm'}`;
}

/**
 * Opening hours for display, days with the same times together. Null when none are stated. Closures that ended before
 * `today` (`2026-11-23`) are left out.
 */
export function hoursView(hours: ClinicHours, today: string): HoursView | null {
  if (hours.openingHours.length === 0) return null;
  const lines = groupedDays(hours);
  return {
    lines,
    summary: lines
      .filter(({ times }) => times.length > 0)
      .map(({ days, times }) => `${days}, ${times.join(' and ')}`)
      .join('; '),
    closures: hours.closures
      .filter(({ validThrough }) => validThrough >= today)
      .toSorted((a, b) => a.validFrom.localeCompare(b.validFrom))
      .map(({ validFrom, validThrough, reason }) => ({
        dates: dateRange(validFrom, validThrough),
        reason: reason ?? null,
      })),
    timeZone: timeZoneName(hours.timeZone),
  };
}

/**
 * What a reader is told: `Open now, until 6 pm.` or `Closed now. Opens Monday at 8 am.`; null when nothing is known.
 * `today` is the day at the clinic (`2026-11-23`): an opening in a week or more is told with its date.
 */
export function openStateText(state: OpenState, today: string): string | null {
  switch (state.state) {
    case 'open':
      return `Open now, until ${timeText(state.until)}.`;
    case 'closed':
      return state.opensNext === null
        ? 'Closed now.'
        : `Closed now. Opens ${dayInWords(state.opensNext, today)} at ${timeText(state.opensNext.opens)}.`;
    case 'unknown':
      return null;
  }
}

/**
 * A moment on the clinic's clock, in full: `Tuesday, November 24, 2026, at 3 pm Pacific Time`. Null when there is no such
 * time zone.
 */
export function momentText(moment: Date, timeZone: string): string | null {
  const local = localTime(timeZone, moment);
  if (local === null) return null;
  const pad = (value: number) => String(value).padStart(2, '0');
  const time = timeText(`${Math.floor(local.minutes / 60)}:${pad(local.minutes % 60)}`);
  return `${dayOfWeek(local.date)}, ${dateView(local.date).text}, at ${time} ${timeZoneName(timeZone)}`;
}

function dayInWords({ day, date }: { day: DayOfWeek; date: string }, today: string): string {
  const ahead = daysBetween(today, date);
  if (ahead === 0) return 'today';
  if (ahead === 1) return 'tomorrow';
  return ahead < 7 ? day : `${day}, ${dateView(date).text},`;
}

function groupedDays(hours: ClinicHours): HoursLine[] {
  const groups: { first: DayOfWeek; last: DayOfWeek; times: string[] }[] = [];
  for (const day of daysOfWeek) {
    const times = timesOn(hours, day);
    const group = groups.at(-1);
    if (group !== undefined && group.times.join() === times.join()) group.last = day;
    else groups.push({ first: day, last: day, times });
  }
  return groups.map(({ first, last, times }) => ({ days: dayNames(first, last), times }));
}

function dayNames(first: DayOfWeek, last: DayOfWeek): string {
  if (first === last) return first;
  const adjacent = daysOfWeek.indexOf(last) - daysOfWeek.indexOf(first) === 1;
  return adjacent ? `${first} and ${last}` : `${first} to ${last}`;
}

function timesOn(hours: ClinicHours, day: DayOfWeek): string[] {
  return hours.openingHours
    .filter((stretch) => stretch.dayOfWeek === day)
    .toSorted((a, b) => a.opens.localeCompare(b.opens))
    .map(({ opens, closes }) => `${timeText(opens)} to ${timeText(closes)}`);
}

/** What readers call a time zone, such as `Pacific Time`. */
export function timeZoneName(timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longGeneric' }).formatToParts(0);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;
}
