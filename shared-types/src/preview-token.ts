import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/**
 * What a preview link or session is for: one document, seen from one admin. `exp` is in seconds since 1970.
 */
export interface PreviewClaims {
  uid: string;
  documentId: string;
  adminOrigin: string;
  exp: number;
}

/** A link is handed out by the CMS; a session is what the site server makes of it. One never passes for the other. */
export type PreviewPurpose = 'link' | 'session';

/** Seconds that links and sessions last at most. */
export const previewLifetimes: Readonly<Record<PreviewPurpose, number>> = { link: 600, session: 3600 };

export type PreviewVerdict =
  { state: 'valid'; claims: PreviewClaims } | { state: 'expired' } | { state: 'invalid' };

const longest = 1500;
const claimsSchema = z.strictObject({
  uid: z.string().regex(/^api::[a-z-]{1,60}\.[a-z-]{1,60}$/),
  documentId: z.string().regex(/^[a-z0-9]{1,64}$/),
  adminOrigin: z
    .string()
    .max(300)
    .refine((value) => /^https?:$/.test(protocolOf(value)) && new URL(value).origin === value),
  exp: z.int().positive(),
});

/** Signs claims: base64url(JSON) + '.' + base64url(HMAC-SHA256). @throws ZodError when the claims are malformed */
export function signPreview(purpose: PreviewPurpose, claims: PreviewClaims, secret: string): string {
  const payload = Buffer.from(JSON.stringify(claimsSchema.parse(claims))).toString('base64url');
  return `${payload}.${signature(purpose, payload, secret)}`;
}

/**
 * Reads a token. Signatures are compared in constant time, before anything of the token is believed. A token that is to
 * last longer than its purpose allows is invalid whoever signed it. `now` is in milliseconds.
 */
export function verifyPreview(
  purpose: PreviewPurpose,
  token: string,
  secret: string,
  now: number,
): PreviewVerdict {
  const [, payload, given] =
    token.length > longest ? [] : (/^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/.exec(token) ?? []);
  if (payload === undefined || given === undefined || secret === '') return { state: 'invalid' };
  const expected = Buffer.from(signature(purpose, payload, secret));
  const actual = Buffer.from(given);
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return { state: 'invalid' };
  const claims = claimsSchema.safeParse(jsonOf(payload));
  if (!claims.success) return { state: 'invalid' };
  const left = claims.data.exp - now / 1000;
  if (left > previewLifetimes[purpose] + 60) return { state: 'invalid' };
  return left <= 0 ? { state: 'expired' } : { state: 'valid', claims: claims.data };
}

function signature(purpose: PreviewPurpose, payload: string, secret: string): string {
  // A payload has no dot, so what is signed for one purpose is never what is signed for the other.
  const signed = purpose === 'link' ? payload : `session.${payload}`;
  return createHmac('sha256', secret).update(signed).digest('base64url');
}

function jsonOf(payload: string): unknown {
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

function protocolOf(value: string): string {
  return URL.canParse(value) ? new URL(value).protocol : '';
}
