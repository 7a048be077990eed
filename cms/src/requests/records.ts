import type { UID } from '@strapi/strapi';

/** Uids of the content types that consultation requests are kept in. */
export const REQUEST: UID.ContentType = 'api::consultation-request.consultation-request';
export const CHANGE: UID.ContentType = 'api::consultation-request.request-change';
export const AUDIT: UID.ContentType = 'api::consultation-request.request-audit';
export const TOMBSTONE: UID.ContentType = 'api::consultation-request.request-tombstone';

/** Where a request stands, in the order of the day's work. */
export type Stage = 'new' | 'contacted' | 'booked' | 'closed' | 'spam';

/** A person of the admin panel, as far as requests name one. */
export interface Person {
  id: number;
  firstname: string | null;
  lastname: string | null;
}

/** One consultation request as its table holds it. Times come as ISO text. */
export interface RequestRow {
  id: number;
  documentId: string;
  reference: string;
  stage: Stage;
  name: string;
  phone: string | null;
  email: string | null;
  preferredDays: string | null;
  preferredTimes: string | null;
  topic: string | null;
  provider: string | null;
  returningPatient: boolean | null;
  message: string | null;
  consent: boolean;
  suspectedSpam: boolean;
  receivedAt: string;
  dueAt: string | null;
  sourcePage: string | null;
  notes: string | null;
  assignee?: Person | null;
  idempotencyKey: string;
  bodyHash: string;
  closedAt: string | null;
  mailDueAt: string | null;
  mailedAt: string | null;
  mailAttempts: number | null;
  mailFailure: string | null;
}

/** What the front desk sees of a request; the rest is bookkeeping. */
export const READABLE_FIELDS = [
  'reference',
  'stage',
  'name',
  'phone',
  'email',
  'preferredDays',
  'preferredTimes',
  'topic',
  'provider',
  'returningPatient',
  'message',
  'consent',
  'suspectedSpam',
  'receivedAt',
  'dueAt',
  'sourcePage',
  'notes',
  'assignee',
] as const satisfies readonly (keyof RequestRow)[];

/** What staff may change, each change with its line in the history. What the patient asked for is not among them. */
export const EDITABLE_FIELDS = ['stage', 'name', 'phone', 'email', 'notes', 'assignee'] as const;

/** The name by which the history calls a person. */
export function personName({ id, firstname, lastname }: Person): string {
  const name = [firstname, lastname].filter((part) => part !== null && part !== '').join(' ');
  return name === '' ? `User ${String(id)}` : name;
}
