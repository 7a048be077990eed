import { randomUUID } from 'node:crypto';

/** The header that carries a request id from one program to the next, and back with the answer. */
export const requestIdHeader = 'x-request-id';

/** A UUID, or the 32 hexadecimal digits of a trace. Nothing else fits: no name, no line feed, nothing long. */
const requestId = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})$/;

/** An id for a request that has none yet. */
export function newRequestId(): string {
  return randomUUID();
}

/** The id that a request brings along, when it has the form of one; otherwise a new one. */
export function readRequestId(header: unknown): string {
  return typeof header === 'string' && requestId.test(header) ? header : newRequestId();
}
