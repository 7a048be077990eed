import { consultationRequestSchema } from '../consultation-request.ts';

/** Hides what is personal in what is about to be logged. */
export type Redactor = (facts: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/** What may be logged of a request. Every other field of it is personal, and so is every new one. */
const harmless = new Set([
  'reference',
  'stage',
  'consent',
  'suspectedSpam',
  'receivedAt',
  'dueAt',
  'closedAt',
  'mailDueAt',
  'mailedAt',
  'mailAttempts',
  'mailFailure',
]);
const secret = ['authorization', 'cookie', 'set-cookie', 'password', 'token', 'secret', 'id-token'];
const addresses = new Set(['url', 'path', 'href', 'location', 'referer', 'referrer']);
const hidden = '[hidden]';
const deepest = 8;

/**
 * Makes a redactor for the fields of a consultation request, as the contract names them, and those that are given
 * beside. A field is hidden at any depth and in any case of letters; addresses lose their query. Errors stay as they
 * are, for whoever writes them down.
 */
export function makeRedactor(more: readonly string[] = []): Redactor {
  const fields = [...Object.keys(consultationRequestSchema.shape), ...more];
  const personal = new Set(
    [...fields.filter((name) => !harmless.has(name)), ...secret].map((name) => name.toLowerCase()),
  );

  function clean(name: string, value: unknown, depth: number): unknown {
    const field = name.toLowerCase();
    if (personal.has(field)) return value === null || value === undefined ? value : hidden;
    if (typeof value === 'string') return addresses.has(field) ? (value.split(/[?#]/)[0] ?? '') : value;
    if (typeof value !== 'object' || value === null || value instanceof Error || value instanceof Date) {
      return value;
    }
    if (depth === deepest) return hidden;
    if (Array.isArray(value)) return value.map((each) => clean('', each, depth + 1));
    return cleanAll(value as Readonly<Record<string, unknown>>, depth + 1);
  }

  function cleanAll(facts: Readonly<Record<string, unknown>>, depth: number): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(facts).map(([name, value]) => [name, clean(name, value, depth)]),
    );
  }

  return (facts) => cleanAll(facts, 0);
}
