import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';

/** One secret, and the keys that are derived from it for each use. `id` may be known to anybody. */
export interface SpoolKey {
  id: string;
  sealing: Buffer;
  signing: Buffer;
  matching: Buffer;
}

/** The key that is used now, and all that may still open or verify what was made with them. */
export interface Keyring {
  current: SpoolKey;
  all: readonly SpoolKey[];
}

/** What was sealed has been damaged or is not what it is said to be. The message holds nothing of it. */
export class UnreadableError extends Error {
  override name = 'UnreadableError';
}

/** What was sealed needs a key that is not in the keyring. */
export class UnknownKeyError extends Error {
  override name = 'UnknownKeyError';
}

const cipher = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

const sealedSchema = z.strictObject({
  version: z.literal(1),
  key: z.string(),
  iv: z.base64().transform((text) => Buffer.from(text, 'base64')),
  tag: z.base64().transform((text) => Buffer.from(text, 'base64')),
  data: z.base64().transform((text) => Buffer.from(text, 'base64')),
});

/** Makes a keyring of secrets of 32 bytes in hex. */
export function makeKeyring(current: string, old: readonly string[] = []): Keyring {
  const keys = [current, ...old].map(derive);
  const [first] = keys;
  if (first === undefined) throw new Error('A keyring needs a key.');
  return { current: first, all: keys };
}

function derive(secret: string): SpoolKey {
  const bytes = Buffer.from(secret, 'hex');
  const keyFor = (use: string) => Buffer.from(hkdfSync('sha256', bytes, '', `meridian ${use}`, 32));
  return {
    id: createHash('sha256').update(keyFor('key id')).digest('hex').slice(0, 12),
    sealing: keyFor('spool'),
    signing: keyFor('signature'),
    matching: keyFor('fingerprint'),
  };
}

/**
 * Encrypts with AES-256-GCM and the current key. `name` is bound to it: what is sealed under one name does not open under
 * another.
 */
export function seal({ current }: Keyring, name: string, data: Uint8Array): string {
  const iv = randomBytes(ivBytes);
  const sealing = createCipheriv(cipher, current.sealing, iv, { authTagLength: tagBytes });
  sealing.setAAD(Buffer.from(`1 ${current.id} ${name}`));
  const sealed = Buffer.concat([sealing.update(data), sealing.final()]);
  return JSON.stringify({
    version: 1,
    key: current.id,
    iv: iv.toString('base64'),
    tag: sealing.getAuthTag().toString('base64'),
    data: sealed.toString('base64'),
  });
}

/**
 * Decrypts what {@link seal} made.
 *
 * @throws UnreadableError when it is cut, changed or sealed under another name
 * @throws UnknownKeyError when its key is not in the keyring
 */
export function unseal({ all }: Keyring, name: string, text: string): Buffer {
  const sealed = sealedSchema.safeParse(parseJson(text)).data;
  if (sealed?.iv.length !== ivBytes || sealed.tag.length !== tagBytes) {
    throw new UnreadableError('It is damaged.');
  }
  const key = all.find(({ id }) => id === sealed.key);
  if (key === undefined) throw new UnknownKeyError(`It needs the key ${sealed.key.slice(0, 12)}.`);
  try {
    const opening = createDecipheriv(cipher, key.sealing, sealed.iv, { authTagLength: tagBytes });
    opening.setAAD(Buffer.from(`1 ${key.id} ${name}`));
    opening.setAuthTag(sealed.tag);
    return Buffer.concat([opening.update(sealed.data), opening.final()]);
  } catch {
    // The cause says nothing more, and what it was given is nobody's business.
    throw new UnreadableError('It is damaged.');
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
