import type { Surroundings } from '@meridian/shared-types/checklist';

/** Document ids that a draft relates to, by field: a list where it may relate to several, else one or none. */
export type StoredRelations = Record<string, string[] | string | null>;

/** What the panel beside an entry is told. */
export interface ChecklistAnswer {
  around: Surroundings;
  /** Relations of the draft as it was saved last; the form of the admin holds their changes only. */
  relations: StoredRelations;
}
