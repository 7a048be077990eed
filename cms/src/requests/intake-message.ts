import { createHash } from 'node:crypto';
import { consultationRequestSchema, type ConsultationRequest } from '@meridian/shared-types';

/** A request that is fit to be stored. */
export interface IntakeMessage {
  /** The idempotency key: one for each request, the same for each repetition of it. */
  key: string;
  /** SHA-256 of what the patient said, independent of the order of its keys. */
  hash: string;
  data: ConsultationRequest;
}

/** Why a message is not: never with anything that it said. */
export interface IntakeRefusal {
  ok: false;
  status: 400 | 422;
  error: { status: 400 | 422; name: string; message: string };
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Reads the `Idempotency-Key` header and the body `{ data }` of a delivery. */
export function readIntake(key: string, body: unknown): ({ ok: true } & IntakeMessage) | IntakeRefusal {
  if (!UUID.test(key)) {
    return refusal(400, 'The header Idempotency-Key must hold a UUID. Send one for each request.');
  }
  if (!isWrapped(body)) return refusal(422, 'The body must be { "data": { … } } and nothing else.');
  const parsed = consultationRequestSchema.safeParse(body.data);
  if (!parsed.success) {
    // Paths and codes alone: messages may repeat values, and unknown keys are the sender's own words.
    const faults = parsed.error.issues.map(
      ({ path, code }) => `${path.map(String).join('.') || 'data'} (${code})`,
    );
    return refusal(
      422,
      `The request does not satisfy the schema: ${faults.join(', ')}. It will never be accepted as it is.`,
    );
  }
  return { ok: true, key: key.toLowerCase(), hash: hashOf(parsed.data), data: parsed.data };
}

/** The stored fields that the words of the request make, topic and provider aside. */
export function inWords(data: Omit<ConsultationRequest, 'topic' | 'provider'>) {
  return {
    reference: data.reference,
    name: data.name,
    phone: data.phone,
    email: data.email,
    returningPatient: data.returningPatient,
    message: data.message,
    consent: data.consent,
    sourcePage: data.sourcePage,
    suspectedSpam: data.suspectedSpam,
    preferredDays: listed(data.preferredDays),
    preferredTimes: listed(data.preferredTimes),
    receivedAt: new Date(data.receivedAt),
    dueAt: data.dueAt === null ? null : new Date(data.dueAt),
  };
}

function listed(words: readonly string[]): string | null {
  const capitals = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return capitals.length === 0 ? null : capitals.join(', ');
}

/** What differs when one form is sent twice, by way of two site servers: when it came, and what follows from that. */
const OF_THE_POST: readonly string[] = ['receivedAt', 'dueAt', 'suspectedSpam'];

function hashOf(data: ConsultationRequest): string {
  const said = Object.entries(data).filter(([key]) => !OF_THE_POST.includes(key));
  const sorted = said.sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
}

function isWrapped(body: unknown): body is { data: unknown } {
  return typeof body === 'object' && body !== null && Object.keys(body).join() === 'data';
}

function refusal(status: 400 | 422, message: string): IntakeRefusal {
  return { ok: false, status, error: { status, name: 'ValidationError', message } };
}
