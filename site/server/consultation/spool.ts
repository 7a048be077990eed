import { createHash, createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import type { Stats } from 'node:fs';
import {
  access,
  constants,
  link,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ConsultationRequest,
  consultationRequestSchema,
  referenceOf,
  type RequestsStatus,
} from '@meridian/shared-types';
import { z } from 'zod';
import { messageOf, ServerError, systemCode } from '../errors.ts';
import { sync, writeDurably } from '../release/durable.ts';
import type { Confirmation } from './confirmation-id.ts';
import { type Keyring, seal, UnknownKeyError, UnreadableError, unseal } from './keyring.ts';

/** The spool cannot take a request. The message names the fault, nothing of the request. */
export class SpoolError extends ServerError {
  override name = 'SpoolError';
}

export type RejectionReason = RequestsStatus['rejected'][number]['reason'];

/**
 * What became of a request that was handed to the spool. `repeated`: it is there already, from the same form with the
 * same answers; `conflict`: the form was sent before with other answers.
 */
export type Addition = { outcome: 'added' | 'repeated' | 'conflict' } & Confirmation;

/**
 * Requests on their way to the CMS, one encrypted file each, named by the key of its form:
 *
 * - `waiting/` taken, to be delivered
 * - `rejected/` set aside for a person, with the reason in the name; moved back to `waiting/` (without the reason), a
 *   request is tried again
 * - `receipts/` what was delivered lately: reference and a keyed digest, nothing of the patient
 */
export interface Spool {
  /** Keeps a request for good, or finds it there. @throws SpoolError when it cannot; then nothing is kept */
  add(key: string, request: ConsultationRequest): Promise<Addition>;
  /** Keys of all that wait. */
  waiting(): Promise<string[]>;
  /** @throws UnreadableError, UnknownKeyError or a system error */
  read(key: string): Promise<ConsultationRequest>;
  /** Deletes what the CMS has. */
  delivered(key: string, request: ConsultationRequest): Promise<void>;
  /** Sets aside what cannot be delivered. */
  reject(key: string, reason: RejectionReason): Promise<void>;
  /** Deletes old receipts. */
  clean(now: Date): Promise<void>;
  status(): Promise<Omit<RequestsStatus, 'failing'>>;
  /** Whether it could take a request now. */
  writable(): Promise<boolean>;
  /** Deletes everything of a reference. Answers how many files there were. */
  erase(reference: string): Promise<number>;
}

const keyPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const rejectedPattern = /^([0-9a-f-]{36})\.(unreadable|refused|conflict)$/;
const receiptsKept = 48 * 60 * 60 * 1000;
const mostWaiting = 100_000;

const receiptSchema = z.strictObject({
  keyId: z.string(),
  fingerprint: z.string(),
  reference: z.string(),
  dueAt: z.string().nullable(),
});

/** The reference of a form's key: the same on every server and after every restart. */
export function referenceOfKey(key: string): string {
  return referenceOf(createHash('sha256').update(`meridian reference ${key}`).digest());
}

/**
 * Opens the spool in a folder, which is made when it is missing. What an interrupted write left behind is removed: no
 * reference was given for it.
 *
 * @param tidy false for a second process beside the server, whose writes must be left alone
 * @throws SpoolError when the folder cannot be used
 */
export async function openSpool(
  folder: string,
  keyring: Keyring,
  { capacity = mostWaiting, tidy = true }: { capacity?: number; tidy?: boolean } = {},
): Promise<Spool> {
  const folders = {
    waiting: join(folder, 'waiting'),
    rejected: join(folder, 'rejected'),
    receipts: join(folder, 'receipts'),
  };
  try {
    for (const each of Object.values(folders)) await mkdir(each, { recursive: true, mode: 0o700 });
    for (const name of tidy ? await readdir(folders.waiting) : []) {
      if (name.startsWith('.')) await rm(join(folders.waiting, name), { force: true });
    }
    await sync(folder);
  } catch (error) {
    throw new SpoolError(
      `The spool of consultation requests in ${folder} cannot be used (${messageOf(error)}). ` +
        'Give this user write access to it, and start again.',
      { cause: error },
    );
  }
  const turns = new Map<string, Promise<unknown>>();
  let count = (await keysIn(folders.waiting)).length;

  /** Lets what concerns one key happen one after another. */
  async function inTurn<Value>(key: string, work: () => Promise<Value>): Promise<Value> {
    const before = turns.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    turns.set(key, mine);
    try {
      return await mine;
    } finally {
      if (turns.get(key) === mine) turns.delete(key);
    }
  }

  async function open(path: string, key: string): Promise<ConsultationRequest> {
    const bytes = unseal(keyring, key, await readFile(path, 'utf8'));
    const request = consultationRequestSchema.safeParse(JSON.parse(bytes.toString()));
    if (!request.success) throw new UnreadableError('It is no consultation request.');
    return request.data;
  }

  /** What is known of a key from before: delivered, waiting or set aside. */
  async function known(key: string, request: ConsultationRequest): Promise<Addition | null> {
    const receipt = receiptSchema.safeParse(parseJson(await readOrNull(join(folders.receipts, key)))).data;
    if (receipt !== undefined) {
      const matching = keyring.all.find(({ id }) => id === receipt.keyId)?.matching;
      const same = matching !== undefined && equal(fingerprint(matching, request), receipt.fingerprint);
      return { outcome: same ? 'repeated' : 'conflict', reference: receipt.reference, dueAt: receipt.dueAt };
    }
    const path = await pathOf(key);
    if (path === null) return null;
    try {
      const before = await open(path, key);
      const { matching } = keyring.current;
      const same = equal(fingerprint(matching, before), fingerprint(matching, request));
      const { reference, dueAt } = before;
      return { outcome: same ? 'repeated' : 'conflict', reference, dueAt };
    } catch (error) {
      // Damaged: what comes now takes its place. Every other fault is one of the spool.
      if (!(error instanceof UnreadableError)) throw error;
      await rm(path, { force: true });
      return null;
    }
  }

  async function pathOf(key: string): Promise<string | null> {
    const waiting = join(folders.waiting, key);
    if ((await statOrNull(waiting)) !== null) return waiting;
    const name = (await readdir(folders.rejected)).find((each) => each.startsWith(key));
    return name === undefined ? null : join(folders.rejected, name);
  }

  async function write(key: string, request: ConsultationRequest): Promise<void> {
    const draft = join(folders.waiting, `.${randomUUID()}`);
    const path = join(folders.waiting, key);
    let linked = false;
    try {
      await writeDurably(draft, seal(keyring, key, Buffer.from(JSON.stringify(request))));
      await link(draft, path);
      linked = true;
      await rm(draft);
      await sync(folders.waiting);
      count += 1;
    } catch (error) {
      // Nobody gets a reference, so nothing may be delivered.
      for (const left of linked ? [path, draft] : [draft]) await rm(left, { force: true }).catch(() => null);
      throw error;
    }
  }

  return {
    add: (key, request) =>
      inTurn(key, async () => {
        try {
          const before = await known(key, request);
          if (before !== null) return before;
          if (count >= capacity) throw new SpoolError('The spool of consultation requests is full.');
          await write(key, request);
          return { outcome: 'added', reference: request.reference, dueAt: request.dueAt };
        } catch (error) {
          if (error instanceof SpoolError) throw error;
          const code = systemCode(error) ?? (error instanceof Error ? error.name : 'unknown');
          // Without the cause: no fault of the system may carry a name into the log.
          throw new SpoolError(`A consultation request could not be written to the spool (${code}).`);
        }
      }),

    async waiting() {
      const keys = await keysIn(folders.waiting);
      count = keys.length;
      return keys;
    },

    read: (key) => open(join(folders.waiting, key), key),

    delivered: (key, request) =>
      inTurn(key, async () => {
        const { id, matching } = keyring.current;
        const receipt: z.infer<typeof receiptSchema> = {
          keyId: id,
          fingerprint: fingerprint(matching, request),
          reference: request.reference,
          dueAt: request.dueAt,
        };
        // A receipt that is lost costs a better answer to a second post, a request that stays costs nothing.
        await writeFile(join(folders.receipts, key), JSON.stringify(receipt), { mode: 0o600 }).catch(
          () => null,
        );
        await rm(join(folders.waiting, key), { force: true });
        await sync(folders.waiting);
        count = Math.max(0, count - 1);
      }),

    reject: (key, reason) =>
      inTurn(key, async () => {
        await rename(join(folders.waiting, key), join(folders.rejected, `${key}.${reason}`));
        await sync(folders.rejected);
        await sync(folders.waiting);
        count = Math.max(0, count - 1);
      }),

    async clean(now) {
      for (const key of await keysIn(folders.receipts)) {
        const path = join(folders.receipts, key);
        const receipt = await statOrNull(path);
        if (receipt === null) continue;
        const age = now.getTime() - receipt.mtimeMs;
        if (age > receiptsKept) await rm(path, { force: true });
      }
    },

    async status() {
      const keys = await keysIn(folders.waiting);
      const times: number[] = [];
      let locked = 0;
      for (const key of keys) {
        const path = join(folders.waiting, key);
        // It may be delivered while this looks.
        const [file, sealed] = [await statOrNull(path), await readOrNull(path)];
        if (file === null || sealed === null) continue;
        times.push(file.mtimeMs);
        if (needsOtherKey(keyring, key, sealed)) locked += 1;
      }
      const rejected = [];
      for (const name of await readdir(folders.rejected)) {
        const [, key = '', reason = ''] = rejectedPattern.exec(name) ?? [];
        const why = (['unreadable', 'refused', 'conflict'] as const).find((each) => each === reason);
        if (why === undefined) continue;
        const file = await statOrNull(join(folders.rejected, name));
        if (file === null) continue;
        rejected.push({ reference: referenceOfKey(key), reason: why, since: file.ctime.toISOString() });
      }
      return {
        waiting: times.length,
        oldestSince: times.length === 0 ? null : new Date(Math.min(...times)).toISOString(),
        locked,
        rejected,
      };
    },

    async writable() {
      await access(folders.waiting, constants.W_OK | constants.X_OK);
      return count < capacity;
    },

    async erase(reference) {
      let erased = 0;
      for (const each of Object.values(folders)) {
        for (const name of await readdir(each)) {
          if (referenceOfKey(name.slice(0, 36)) !== reference) continue;
          await rm(join(each, name), { force: true });
          erased += 1;
        }
        await sync(each);
      }
      return erased;
    },
  };
}

async function keysIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => keyPattern.test(name));
}

/** A keyed digest of what the patient said, without what differs from one post of a form to the next. */
function fingerprint(key: Buffer, request: ConsultationRequest): string {
  const { name, phone, email, preferredDays, preferredTimes, topic, provider, returningPatient, message } =
    request;
  const said = [
    name,
    phone,
    email,
    preferredDays,
    preferredTimes,
    topic,
    provider,
    returningPatient,
    message,
  ];
  return createHmac('sha256', key).update(JSON.stringify(said)).digest('base64url');
}

function equal(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}

function needsOtherKey(keyring: Keyring, key: string, sealed: string): boolean {
  try {
    unseal(keyring, key, sealed);
    return false;
  } catch (error) {
    return error instanceof UnknownKeyError;
  }
}

async function readOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

async function statOrNull(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function parseJson(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
