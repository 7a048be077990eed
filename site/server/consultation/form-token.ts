import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Keyring } from './keyring.ts';
import { sign, verify } from './signed.ts';

/**
 * What a form carries with it, signed. `key` makes all posts of one form one request; `issuedAt` is in milliseconds;
 * `sourcePage` is the path of the page that led to the form.
 */
export interface FormToken {
  key: string;
  issuedAt: number;
  sourcePage: string;
}

const tokenSchema = z.strictObject({ key: z.uuid(), issuedAt: z.number(), sourcePage: z.string() });

const fastest = 3_000;
const longest = 24 * 60 * 60 * 1000;
// A clock that is set back a little must not make a patient's form invalid.
const tolerance = 5_000;

/** What can be said of a form that comes back. `quick`: sooner than a person can fill it in. */
export type FormAge = 'quick' | 'good' | 'expired';

/** A token of a new form. */
export function newToken(sourcePage: string, now: Date): FormToken {
  return { key: randomUUID(), issuedAt: now.getTime(), sourcePage };
}

/** A token of a new form for somebody who has had one: filling it in again takes no time. */
export function renewedToken({ sourcePage }: Pick<FormToken, 'sourcePage'>, now: Date): FormToken {
  return { ...newToken(sourcePage, now), issuedAt: now.getTime() - fastest };
}

export function signToken(keyring: Keyring, token: FormToken): string {
  return sign(keyring, 'form', token);
}

/** The token of a form, whatever its age; null when it is missing, forged, or signed with a key that is gone. */
export function readToken(keyring: Keyring, text: string): FormToken | null {
  return verify(keyring, 'form', text, tokenSchema);
}

export function ageOf({ issuedAt }: FormToken, now: Date): FormAge {
  const age = now.getTime() - issuedAt;
  if (age < -tolerance || age > longest) return 'expired';
  return age < fastest ? 'quick' : 'good';
}
