import { EDITABLE_FIELDS, personName, type RequestRow } from './records.ts';

/** One field before and after a change, as text that staff can read; null for empty. */
export interface Change {
  field: (typeof EDITABLE_FIELDS)[number];
  from: string | null;
  to: string | null;
}

/** What staff changed between two states of a request. */
export function changesBetween(before: RequestRow, after: RequestRow): Change[] {
  return EDITABLE_FIELDS.flatMap((field) => {
    const [from, to] = [textOf(before, field), textOf(after, field)];
    return from === to ? [] : [{ field, from, to }];
  });
}

function textOf(row: RequestRow, field: Change['field']): string | null {
  if (field === 'assignee')
    return row.assignee === null || row.assignee === undefined ? null : personName(row.assignee);
  return row[field] === '' ? null : row[field];
}
