import type { ChecklistEntry } from '@meridian/shared-types/checklist';
import type { StoredRelations } from '../../checklist/route-answers.ts';

/** A relation in the form of the admin: what is added and taken away since the entry was saved. */
interface Changes {
  connect?: unknown[];
  disconnect?: unknown[];
}

/**
 * What stands in the form of the admin, as the checklist takes it.
 *
 * @param relations of the draft as it was saved; those fields of the form that hold changes to them are worked in
 */
export function formEntry(
  values: Readonly<Record<string, unknown>>,
  relations: StoredRelations,
  documentId: string,
): ChecklistEntry {
  const related = Object.entries(relations).map(([field, stored]) => [
    field,
    changed(stored, (values[field] ?? {}) as Changes),
  ]);
  return { ...values, ...(Object.fromEntries(related) as Record<string, unknown>), documentId };
}

function changed(stored: string[] | string | null, { connect = [], disconnect = [] }: Changes) {
  const gone = new Set(disconnect.map(idOf));
  const added = connect.map(idOf).filter((id) => id !== null);
  const kept = (Array.isArray(stored) ? stored : stored === null ? [] : [stored]).filter(
    (id) => !gone.has(id) && !added.includes(id),
  );
  const all = [...kept, ...added];
  return Array.isArray(stored) ? all : (all.at(-1) ?? null);
}

function idOf(item: unknown): string | null {
  const { documentId, apiData } = item as { documentId?: string; apiData?: { documentId?: string } };
  return apiData?.documentId ?? documentId ?? null;
}
