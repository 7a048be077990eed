import { randomBytes } from 'node:crypto';
import { referenceOf, type ConsultationRequest } from '@meridian/shared-types';
import type { RequestRow } from '../../src/requests/records.ts';

/** A name, an address and a message that must turn up nowhere but in the database. */
export const CANARY = {
  name: 'Canaryzebra Quillfeather',
  email: 'canaryzebra@patient.example',
  phone: '+13105550147',
  message: 'My canaryzebra back hurts.',
};

/** Whether a text holds anything of the canary person. */
export function holdsCanary(text: string): boolean {
  return /canaryzebra|quillfeather|3105550147/i.test(text);
}

/** A request of the canary person with a fresh reference. */
export function requestSample(more: Partial<ConsultationRequest> = {}): ConsultationRequest {
  return {
    reference: referenceOf(randomBytes(9)),
    ...CANARY,
    preferredDays: ['Monday', 'Friday'],
    preferredTimes: ['morning'],
    topic: null,
    provider: null,
    returningPatient: false,
    consent: true,
    receivedAt: '2026-11-20T17:00:00.000Z',
    sourcePage: '/articles/sciatica/',
    suspectedSpam: false,
    dueAt: '2026-11-21T01:00:00.000Z',
    ...more,
  };
}

/** A stored request. */
export function rowSample(more: Partial<RequestRow> = {}): RequestRow {
  return {
    id: 1,
    documentId: 'abc',
    reference: 'KX7-4QM-R9T',
    stage: 'new',
    name: 'Ada Long',
    phone: '+13105550147',
    email: null,
    preferredDays: 'Monday',
    preferredTimes: null,
    topic: 'Sciatica',
    provider: null,
    returningPatient: null,
    message: null,
    consent: true,
    suspectedSpam: false,
    receivedAt: '2026-11-20T17:00:00.000Z',
    dueAt: null,
    sourcePage: '/',
    notes: null,
    assignee: null,
    idempotencyKey: 'key',
    bodyHash: 'hash',
    closedAt: null,
    mailDueAt: null,
    mailedAt: null,
    mailAttempts: 0,
    mailFailure: null,
    ...more,
  };
}
