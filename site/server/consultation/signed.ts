import { createHmac, timingSafeEqual } from 'node:crypto';
import type { z } from 'zod';
import type { Keyring } from './keyring.ts';

const longest = 1200;

/** What a value was signed for; a value that is signed for one use is good for no other. */
export type Purpose = 'form' | 'confirmation';

/** Signs a JSON value. The text may stand in an address; anybody can read it, nobody can change it. */
export function sign({ current }: Keyring, purpose: Purpose, value: unknown): string {
  const payload = Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${payload}.${signatureOf(current.signing, purpose, payload).toString('base64url')}`;
}

/** The value that {@link sign} signed with any key of the keyring; null for anything else. */
export function verify<Schema extends z.ZodType>(
  { all }: Keyring,
  purpose: Purpose,
  text: string,
  schema: Schema,
): z.infer<Schema> | null {
  const match = /^([\w-]+)\.([\w-]+)$/.exec(text.slice(0, longest));
  if (match === null || text.length > longest) return null;
  const [, payload = '', signature = ''] = match;
  const given = Buffer.from(signature, 'base64url');
  const genuine = all.some(({ signing }) => {
    const expected = signatureOf(signing, purpose, payload);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  if (!genuine) return null;
  return schema.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString())).data ?? null;
}

function signatureOf(key: Buffer, purpose: Purpose, payload: string): Buffer {
  return createHmac('sha256', key).update(`${purpose}.${payload}`).digest();
}
