import { labels } from '../generated/labels.ts';

/** How much a finding weighs: what `blocks` keeps an entry from patients, what `advises` is for staff to judge. */
export type Level = 'blocks' | 'advises';

/** What a rule found in an entry. */
export interface Finding {
  level: Level;
  /** Which rule found it, such as `slug-taken`. */
  rule: string;
  /** The field as Strapi names it, such as `sections.2.body`. */
  path: string;
  /** What is wrong. */
  message: string;
  /** What to do. */
  mend: string;
}

/** A field's path as people read it, by the labels of the admin: `sections.2.body` is `Section 3, text`. */
export function placeOf(path: string): string {
  const places: string[] = [];
  for (const step of path.split('.')) {
    const last = places.length - 1;
    if (/^\d+$/.test(step) && last >= 0) {
      places[last] = `${singular(places[last] ?? '')} ${Number(step) + 1}`;
    } else if (step !== '') places.push(words(step));
  }
  const text = places.join(', ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What is wrong and how to mend it, as it stands at the field itself. */
export function faultText({ message, mend }: Finding): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)} ${mend}`;
}

/** A finding in one line: where, what, and how to mend it. */
export function findingText({ path, message, mend }: Finding): string {
  return [`${placeOf(path)}:`, message, mend].filter(Boolean).join(' ');
}

function words(name: string): string {
  const label = labels.get(name) ?? name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  // Abbreviations such as "ZIP code" stay.
  return /^[A-Z][A-Z]/.test(label) ? label : label.charAt(0).toLowerCase() + label.slice(1);
}

function singular(plural: string): string {
  return plural.endsWith('ies') ? `${plural.slice(0, -3)}y` : plural.replace(/s$/, '');
}
