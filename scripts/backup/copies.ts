/** How many copies stay: the last of each of so many days, and of each of so many weeks. */
export interface Keeping {
  readonly daily: number;
  readonly weekly: number;
}

/** Hour of the machine's clock from which a day's copy is due: few people work then. */
const hourDue = 3;
const day = 24 * 60 * 60 * 1000;

const named = /^meridian-(\d{4}-\d{2}-\d{2})T(\d{2})(\d{2})(\d{2})(\d{3})Z\.tar\.gz\.age$/;

/** Name of a backup made at a moment, such as `meridian-2026-01-31T030000000Z.tar.gz.age`. */
export function copyName(at: Date): string {
  return `meridian-${at.toISOString().replaceAll(':', '').replace('.', '')}.tar.gz.age`;
}

/** When the backup of this name was made; null for other names. */
export function madeAt(name: string): Date | null {
  const [, date, hours, minutes, seconds, milliseconds] = named.exec(name) ?? [];
  if (date === undefined) return null;
  const at = new Date(`${date}T${hours ?? ''}:${minutes ?? ''}:${seconds ?? ''}.${milliseconds ?? ''}Z`);
  return Number.isNaN(at.getTime()) ? null : at;
}

/**
 * When the newest of these backups was made; null when there is none. One from the future says nothing: until its day
 * comes no other would ever be due.
 */
export function newestOf(names: readonly string[], now: Date): Date | null {
  return names
    .filter((name) => !isAhead(name, now))
    .map(madeAt)
    .reduce((newest, at) => (at !== null && (newest === null || at > newest) ? at : newest), null);
}

/** Whether a backup was made while the clock was wrong: by its name, more than a day from now. */
export function isAhead(name: string, now: Date): boolean {
  const at = madeAt(name);
  return at !== null && at.getTime() - now.getTime() > day;
}

/**
 * Which of these files are backups that are not kept any longer. Kept are the newest of each of the last `daily` days
 * with a backup and the newest of each of the last `weekly` weeks (Monday to Sunday) with one, by the clock in UTC.
 */
export function surplus(names: readonly string[], { daily, weekly }: Keeping): string[] {
  const backups = names
    .flatMap((name) => {
      const at = madeAt(name);
      return at === null ? [] : [{ name, at }];
    })
    .toSorted((a, b) => b.at.getTime() - a.at.getTime());
  const kept = new Set<string>();
  for (const [keyOf, count] of [
    [dayOf, daily],
    [weekOf, weekly],
  ] as const) {
    const newest = new Map<number, string>();
    for (const { name, at } of backups) if (!newest.has(keyOf(at))) newest.set(keyOf(at), name);
    for (const name of [...newest.values()].slice(0, count)) kept.add(name);
  }
  return backups.filter(({ name }) => !kept.has(name)).map(({ name }) => name);
}

/**
 * Whether the day's copy is to be made now: from three o'clock on the clock of the machine, or at once when more than a
 * day has passed, as after a night without power.
 */
export function isDue(newest: Date | null, now: Date): boolean {
  if (newest === null || now.getTime() - newest.getTime() >= day) return true;
  const due = new Date(now);
  due.setHours(hourDue, 0, 0, 0);
  return now >= due && newest < due;
}

function dayOf(at: Date): number {
  return Math.floor(at.getTime() / day);
}

/** The first of January 1970 was a Thursday. */
function weekOf(at: Date): number {
  return Math.floor((dayOf(at) + 3) / 7);
}
