import { isTimeZone } from '@meridian/shared-types';
import { Temporal } from 'temporal-polyfill';

/** Which of two equal wall times is meant on the day that clocks go back. */
export type Which = 'first' | 'second';

/** The instant that a wall time names, or why it names none that can be planned. */
export type Planned = { ok: true; at: string; doubled: boolean } | { ok: false; message: string };

const LOCAL_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/;
const LONGEST_YEARS = 2;

/**
 * The instant of a wall time in the clinic's zone.
 *
 * @param local `2026-11-30T09:00`
 * @param zone IANA name
 * @param now ISO instant
 * @param which of two equal wall times when clocks go back
 */
export function planTime(local: string, zone: string, now: string, which: Which = 'first'): Planned {
  if (!isTimeZone(zone))
    return refused(`The clinic's time zone "${zone}" is unknown. Correct it under Clinic.`);
  const wall = parse(local);
  if (wall === null) return refused('Give a date and a time that exist, such as 2026-11-30 and 09:00.');
  const first = wall.toZonedDateTime(zone, { disambiguation: 'earlier' });
  if (!first.toPlainDateTime().equals(wall)) return refused(gapMessage(wall, first, zone));
  const second = wall.toZonedDateTime(zone, { disambiguation: 'later' });
  const chosen = which === 'second' ? second : first;
  const today = Temporal.Instant.from(now).toZonedDateTimeISO(zone);
  if (Temporal.ZonedDateTime.compare(chosen, today) <= 0) {
    return refused(`${text(wall)} has passed in the clinic (${zone}). Choose a later time.`);
  }
  if (Temporal.ZonedDateTime.compare(chosen, today.add({ years: LONGEST_YEARS })) > 0) {
    return refused(
      `${text(wall)} is more than ${String(LONGEST_YEARS)} years ahead. Choose an earlier time.`,
    );
  }
  return {
    ok: true,
    at: chosen.toInstant().toString({ fractionalSecondDigits: 3 }),
    doubled: !first.toInstant().equals(second.toInstant()),
  };
}

function parse(local: string): Temporal.PlainDateTime | null {
  if (!LOCAL_TIME.test(local)) return null;
  try {
    return Temporal.PlainDateTime.from(local, { overflow: 'reject' });
  } catch {
    return null;
  }
}

function gapMessage(wall: Temporal.PlainDateTime, before: Temporal.ZonedDateTime, zone: string): string {
  const after = before.getTimeZoneTransition('next');
  const lead = `${text(wall)} does not exist in ${zone}: clocks go forward over it.`;
  if (after === null) return `${lead} Choose another time.`;
  const last = after.subtract({ minutes: 1 });
  return `${lead} Choose ${text(last.toPlainDateTime())} or earlier, or ${text(after.toPlainDateTime())} or later.`;
}

const text = (wall: Temporal.PlainDateTime): string =>
  wall.toString({ smallestUnit: 'minute' }).replace('T', ' ');
const refused = (message: string): Planned => ({ ok: false, message });
