/**
 * A moment as people in the clinic say it: the time today, else with its day, and with its year when it is not this one.
 *
 * @param iso ISO 8601
 * @param timeZone IANA name of the clinic's time zone
 * @param locale of the reader; the browser's own when left out
 */
export function momentText(iso: string, timeZone: string, now: Date, locale?: string): string {
  return textOf(iso, timeZone, now, locale, 'short');
}

/** Moments of one list as people say them. Those that would read alike are told to the second. */
export function momentTexts(isos: string[], timeZone: string, now: Date, locale?: string): string[] {
  const texts = isos.map((iso) => momentText(iso, timeZone, now, locale));
  return isos.map((iso, index) => {
    const text = texts[index] ?? '';
    const isAlone = texts.indexOf(text) === texts.lastIndexOf(text);
    return isAlone ? text : textOf(iso, timeZone, now, locale, 'medium');
  });
}

function textOf(
  iso: string,
  timeZone: string,
  now: Date,
  locale: string | undefined,
  timeStyle: 'short' | 'medium',
): string {
  const moment = new Date(iso);
  const day = (date: Date): string =>
    new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(date);
  const time = new Intl.DateTimeFormat(locale, { timeZone, timeStyle }).format(moment);
  if (day(moment) === day(now)) return time;
  const year = (date: Date): string =>
    new Intl.DateTimeFormat('en', { timeZone, year: 'numeric' }).format(date);
  const isThisYear = year(moment) === year(now);
  const date = new Intl.DateTimeFormat(locale, {
    timeZone,
    ...(isThisYear ? {} : { year: 'numeric' }),
    month: 'short',
    day: 'numeric',
  }).format(moment);
  return `${date}, ${time}`;
}

/** How long something usually takes, in words. */
export function durationText(seconds: number): string {
  if (seconds < 1.5) return 'about a second';
  if (seconds < 90) return `about ${String(Math.round(seconds))} seconds`;
  return `about ${String(Math.round(seconds / 60))} minutes`;
}
