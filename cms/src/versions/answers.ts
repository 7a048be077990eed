import type { Difference } from '../entries/differences.ts';

/** The versions of an entry, newest first, and what the person who asks may do with them. */
export interface VersionsAnswer {
  versions: { id: number; at: string; by: string | null }[];
  mayRestore: boolean;
  timeZone: string;
}

/** With what a version is compared: the one published before it, or the present draft. */
export type Against = 'before' | 'draft';

/** In what a version differs from the one before, or the present draft from the version. */
export interface DifferencesAnswer {
  /** False when there is no version before to compare with. */
  comparable: boolean;
  differences: Omit<Difference, 'field'>[];
  /** How many more there are than are listed. */
  more: number;
}

/** What a restored version could not bring back, one sentence each. */
export interface RestoredAnswer {
  gone: string[];
}
