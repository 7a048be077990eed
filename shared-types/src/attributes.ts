import { z } from 'zod';

/**
 * An optional text: `T | null`. Strapi stores an emptied field as `''` as readily as `null`, and its regexes let
 * `''` pass when the field is optional; both mean "nothing written", so both become `null`.
 */
export function emptyAsNull<Text extends z.ZodType<string>>(text: Text) {
  return z.preprocess((value) => (value === '' ? null : value), text.nullable());
}

/**
 * A UID as Strapi checks it (letters, digits and `-_.~`), and something that can be one segment of a path: never
 * empty, never dots alone such as `..`.
 */
export const uid = z
  .string()
  .regex(/^(?!\.+$)[A-Za-z0-9\-_.~]+$/, 'must be letters, digits and - _ . ~, and not dots alone');

/** A day that exists, `YYYY-MM-DD`. */
export const date = z.iso.date();

/**
 * A time of day, `HH:mm:ss.SSS`. Postgres returns `09:00:00` for what SQLite returns as `09:00:00.000`: both are
 * taken, and the long form is given.
 */
export const time = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,3})?$/, 'must be a time of day, HH:mm:ss.SSS')
  .transform((value) => {
    const [clock = '', fraction = ''] = value.split('.');
    return `${clock}.${fraction.padEnd(3, '0')}`;
  });

/** A relation, which REST returns as an object, as the document id of its target. */
export const relation = z
  .object({ documentId: z.string().min(1) })
  .transform((target): string => target.documentId);

/** Names the component of a dynamic zone that the contract does not know; for the error option of its union. */
export function unknownComponent(issue: {
  readonly code?: string;
  readonly input?: unknown;
}): string | undefined {
  if (issue.code !== 'invalid_union') return undefined;
  const item = z.object({ __component: z.string() }).safeParse(issue.input);
  return item.success ? `has the unknown component "${item.data.__component}"` : 'names no component';
}
