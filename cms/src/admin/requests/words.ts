import type { OnTheWay } from '../../requests/on-the-way.ts';
import type { Stage } from '../../requests/records.ts';

/** Status, in the order of the day's work, with the words on its button. */
export const STAGES: { stage: Stage; label: string; action: string }[] = [
  { stage: 'new', label: 'New', action: 'Back to new' },
  { stage: 'contacted', label: 'Contacted', action: 'Mark as contacted' },
  { stage: 'booked', label: 'Booked', action: 'Mark as booked' },
  { stage: 'closed', label: 'Closed', action: 'Close' },
  { stage: 'spam', label: 'Spam', action: 'Mark as spam' },
];

const FIELDS: Record<string, string> = {
  stage: 'Status',
  name: 'Name',
  phone: 'Phone',
  email: 'E-mail',
  notes: 'Notes',
  assignee: 'Assigned to',
};

/** Why a request was set aside on its way here. */
export const SET_ASIDE: Record<OnTheWay['setAside'][number]['reason'], string> = {
  unreadable: 'its file is damaged',
  refused: 'it was refused as invalid',
  conflict: 'the same form was sent before with other answers',
};

/** The word for a status. */
export function stageLabel(stage: string): string {
  return STAGES.find((each) => each.stage === stage)?.label ?? stage;
}

/** One change in words: what became of which field. */
export function changeInWords({
  field,
  from,
  to,
}: {
  field: string;
  from: string | null;
  to: string | null;
}): string {
  const label = FIELDS[field] ?? field;
  if (field === 'notes')
    return to === null ? 'Notes removed' : from === null ? 'Notes added' : 'Notes changed';
  const say = (value: string | null): string =>
    value === null ? 'nobody' : field === 'stage' ? stageLabel(value) : value;
  if (field === 'assignee') return `${label}: ${say(to)}`;
  return `${label}: ${from === null ? 'empty' : say(from)} → ${to === null ? 'empty' : say(to)}`;
}

/** A moment on the clock of whoever looks. */
export function moment(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

/** Whether an answer was promised by now and nobody has got in touch yet. */
export function isOverdue({ stage, dueAt }: { stage: string; dueAt: string | null }, now: Date): boolean {
  return stage === 'new' && dueAt !== null && new Date(dueAt) < now;
}
