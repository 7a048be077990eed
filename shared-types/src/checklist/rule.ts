import type { Finding } from './finding.ts';
import type { Entry, Parts } from './parts.ts';
import type { Surroundings } from './surroundings.ts';

/** What a rule looks at. */
export interface Subject {
  /** Singular name of the content type. */
  type: string;
  entry: Entry;
  parts: Parts;
  around: Surroundings;
}

/** Looks at one concern of an entry. */
export type Rule = (subject: Subject) => Finding[];
