/** Days as Strapi and schema.org name them, in the order of an American reader's working week. */
export const daysOfWeek = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
] as const;

export type DayOfWeek = (typeof daysOfWeek)[number];

/** One stretch of opening time. Times are `HH:mm`, with or without seconds; one that ends before it begins passes midnight. */
export interface OpeningHours {
  dayOfWeek: DayOfWeek;
  opens: string;
  closes: string;
}

/** Days on which the clinic is closed, both included (`2026-12-24`). */
export interface Closure {
  validFrom: string;
  validThrough: string;
  reason?: string | null;
}

/** The clinic's hours. `timeZone` is an IANA name. */
export interface ClinicHours {
  timeZone: string;
  openingHours: readonly OpeningHours[];
  closures: readonly Closure[];
}

/** `until` and `opens` are `HH:mm` on the clinic's clock; `unknown`: no hours or no such time zone. */
export type OpenState =
  | { state: 'open'; until: string }
  | { state: 'closed'; opensNext: { day: DayOfWeek; date: string; opens: string } | null }
  | { state: 'unknown' };

/** Minutes since midnight of the day on which it begins; `to` may pass 1440. */
export interface Stretch {
  from: number;
  to: number;
}

const dayMinutes = 24 * 60;
const searchedDays = 120;

/**
 * Whether the clinic is open at a moment, by its own clock. A closure covers the stretches that begin on its days.
 * The next opening is looked for over the coming 120 days; null: none.
 */
export function openState(hours: ClinicHours, now: Date): OpenState {
  const local = localTime(hours.timeZone, now);
  if (local === null || hours.openingHours.length === 0) return { state: 'unknown' };
  const yesterday = stretchesOn(hours, addDays(local.date, -1)).map(({ from, to }) => ({
    from: from - dayMinutes,
    to: to - dayMinutes,
  }));
  const tomorrow = stretchesOn(hours, addDays(local.date, 1)).map(({ from, to }) => ({
    from: from + dayMinutes,
    to: to + dayMinutes,
  }));
  const around = joined([...yesterday, ...stretchesOn(hours, local.date), ...tomorrow]);
  const current = around.find(({ from, to }) => from <= local.minutes && local.minutes < to);
  if (current !== undefined) return { state: 'open', until: clock(current.to) };
  return { state: 'closed', opensNext: nextOpening(hours, local) };
}

/** The day of the week of a date such as `2026-11-23`. */
export function dayOfWeek(date: string): DayOfWeek {
  const index = (new Date(`${date}T12:00:00Z`).getUTCDay() + 6) % 7;
  return daysOfWeek[index] ?? 'Monday';
}

function nextOpening(hours: ClinicHours, local: { date: string; minutes: number }) {
  for (let ahead = 0; ahead <= searchedDays; ahead += 1) {
    const date = addDays(local.date, ahead);
    const next = stretchesOn(hours, date).find(({ from }) => ahead > 0 || from > local.minutes);
    if (next !== undefined) return { day: dayOfWeek(date), date, opens: clock(next.from) };
  }
  return null;
}

/** When the clinic is open on a day (`2026-11-23`), stretches that touch made one; none on a day of a closure. */
export function stretchesOn(hours: ClinicHours, date: string): Stretch[] {
  if (hours.closures.some(({ validFrom, validThrough }) => validFrom <= date && date <= validThrough))
    return [];
  const day = dayOfWeek(date);
  const stretches = stretchesOf(hours.openingHours.filter((stretch) => stretch.dayOfWeek === day));
  return joined(stretches);
}

/** Every stretch of the week as stated, closures aside. */
export function stretchesOfWeek({ openingHours }: Pick<ClinicHours, 'openingHours'>): Stretch[] {
  return stretchesOf(openingHours);
}

function stretchesOf(openingHours: readonly OpeningHours[]): Stretch[] {
  return openingHours
    .map(({ opens, closes }) => ({ from: minutesOf(opens), to: minutesOf(closes) }))
    .map(({ from, to }) => ({ from, to: to <= from ? to + dayMinutes : to }));
}

/** Stretches that touch or overlap, made one. */
function joined(stretches: readonly Stretch[]): Stretch[] {
  const result: Stretch[] = [];
  for (const stretch of stretches.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last !== undefined && stretch.from <= last.to) last.to = Math.max(last.to, stretch.to);
    else result.push({ ...stretch });
  }
  return result;
}

/**
 * The day and the minutes since midnight on the clinic's clock; null when there is no such time zone.
 */
export function localTime(timeZone: string, now: Date): { date: string; minutes: number } | null {
  try {
    const parts = clockFormat(timeZone).formatToParts(now);
    const part = (type: Intl.DateTimeFormatPartTypes) =>
      parts.find((item) => item.type === type)?.value ?? '';
    return {
      date: `${part('year')}-${part('month')}-${part('day')}`,
      minutes: minutesOf(`${part('hour')}:${part('minute')}`),
    };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const clockFormats = new Map<string, Intl.DateTimeFormat>();

/** Kept by time zone, for making one takes longer than using it a thousand times. */
function clockFormat(timeZone: string): Intl.DateTimeFormat {
  const known = clockFormats.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  clockFormats.set(timeZone, made);
  return made;
}

/** A date such as `2026-11-23`, so many days later. */
export function addDays(date: string, days: number): string {
  const day = new Date(`${date}T12:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}

function minutesOf(time: string): number {
  const [hour = '0', minute = '0'] = time.split(':');
  return Number(hour) * 60 + Number(minute);
}

function clock(minutes: number): string {
  const within = ((minutes % dayMinutes) + dayMinutes) % dayMinutes;
  return `${String(Math.floor(within / 60)).padStart(2, '0')}:${String(within % 60).padStart(2, '0')}`;
}
