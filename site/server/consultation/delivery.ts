import { setTimeout as sleep } from 'node:timers/promises';
import { type ConsultationRequest, intakeAnswerSchema, type RequestsStatus } from '@meridian/shared-types';
import { newRequestId, requestIdHeader } from '@meridian/shared-types/operations';
import { systemCode } from '../errors.ts';
import { UnknownKeyError, UnreadableError } from './keyring.ts';
import { type RejectionReason, referenceOfKey, type Spool } from './spool.ts';

export interface DeliveryOptions {
  spool: Spool;
  /** Where the CMS is, without a slash at the end. */
  cmsUrl: string;
  intakeToken: string;
  /** Told of what a person should know; nothing personal. */
  onRejected: (reference: string, reason: RejectionReason) => void;
  /** Told of what the CMS has now, and of the id under which it was handed over. */
  onDelivered?: (facts: { reference: string; requestId: string }) => void;
  onFailing: (reason: string) => void;
  /** First and longest pause after a failure, in milliseconds. */
  pauses?: { first: number; longest: number };
}

/** Hands spooled requests to the CMS, for as long as it takes. */
export interface Delivery {
  /**
   * Tells that a request was spooled.
   * @param requestId of what the patient sent: the CMS is told the same, unless the server starts anew in between
   */
  wake(key: string, requestId: string): void;
  /** Since when the CMS takes nothing, and why. */
  failing(): RequestsStatus['failing'];
  /** Ends after the requests that are under way. */
  stop(): Promise<void>;
}

type Outcome =
  | { kind: 'delivered' }
  | { kind: 'rejected'; reason: RejectionReason }
  | { kind: 'later'; reason: string }
  /** A former key is missing. Says nothing about the CMS. */
  | { kind: 'locked' };

const atOnce = 4;
const patience = 15_000;
const lookAgain = 30_000;
const defaultPauses = { first: 500, longest: 5 * 60_000 };
// One request at which the CMS fails must not keep back the others; many in a row mean that it is the CMS.
const failuresInARow = 8;

/**
 * Starts to deliver. Each request is posted with its key until the CMS has it, with pauses that grow; what the CMS
 * refuses for good is set aside. Pauses follow a clock that nobody sets.
 */
export function startDelivery(options: DeliveryOptions): Delivery {
  const { spool, onRejected, onDelivered, onFailing, pauses = defaultPauses } = options;
  const ending = new AbortController();
  const attempts = new Map<string, { failures: number; next: number }>();
  const requestIds = new Map<string, string>();
  let failing: RequestsStatus['failing'] = null;
  let wakes = 0;
  let wakeUp: () => void = () => undefined;
  let inARow = 0;

  async function settle(key: string): Promise<void> {
    const requestId = requestIds.get(key) ?? newRequestId();
    const outcome = await attempt(options, key, requestId);
    if (outcome.kind === 'later') {
      inARow += 1;
      const failures = (attempts.get(key)?.failures ?? 0) + 1;
      attempts.set(key, { failures, next: performance.now() + pauseAfter(failures) });
      if (failing === null) {
        failing = { since: new Date().toISOString(), reason: outcome.reason };
        onFailing(outcome.reason);
      } else failing = { ...failing, reason: outcome.reason };
      return;
    }
    if (outcome.kind === 'locked') {
      attempts.set(key, { failures: 0, next: performance.now() + lookAgain });
      return;
    }
    attempts.delete(key);
    requestIds.delete(key);
    if (outcome.kind === 'rejected') {
      await spool.reject(key, outcome.reason);
      onRejected(referenceOfKey(key), outcome.reason);
      return;
    }
    onDelivered?.({ reference: referenceOfKey(key), requestId });
    inARow = 0;
    failing = null;
  }

  function pauseAfter(failures: number): number {
    const pause = Math.min(pauses.first * 2 ** Math.min(failures - 1, 30), pauses.longest);
    return pause * (0.75 + Math.random() / 4);
  }

  /** Answers how long to wait for the next pass, in milliseconds. */
  async function pass(): Promise<number> {
    const keys = await spool.waiting();
    const waiting = new Set(keys);
    for (const known of [attempts, requestIds]) {
      for (const key of known.keys()) if (!waiting.has(key)) known.delete(key);
    }
    const due = keys.filter((key) => (attempts.get(key)?.next ?? 0) <= performance.now());
    inARow = 0;
    let next = 0;
    const worker = async () => {
      while (next < due.length && inARow < failuresInARow && !ending.signal.aborted) {
        const key = due[next];
        next += 1;
        if (key !== undefined) await settle(key);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    if (inARow >= failuresInARow) {
      // The rest waits as long as those that failed.
      const soonest = Math.min(...[...attempts.values()].map((each) => each.next));
      return Math.max(pauses.first, soonest - performance.now());
    }
    const times = [...attempts.values()].map((each) => each.next - performance.now());
    return Math.max(10, Math.min(lookAgain, ...times));
  }

  async function run(): Promise<void> {
    while (!ending.signal.aborted) {
      const before = wakes;
      const pause = await pass().catch((error: unknown) => {
        onFailing(systemCode(error) ?? 'the spool cannot be read');
        return pauses.first;
      });
      if (wakes !== before && failing === null) continue;
      const awake = new AbortController();
      wakeUp = () => {
        if (failing === null) awake.abort();
      };
      await sleep(pause, null, { signal: AbortSignal.any([ending.signal, awake.signal]) }).catch(() => null);
    }
  }

  const running = run();
  return {
    wake(key, requestId) {
      requestIds.set(key, requestId);
      wakes += 1;
      wakeUp();
    },
    failing: () => failing,
    async stop() {
      ending.abort();
      await running;
    },
  };
}

async function attempt(
  { spool, cmsUrl, intakeToken }: DeliveryOptions,
  key: string,
  requestId: string,
): Promise<Outcome> {
  let request: ConsultationRequest;
  try {
    request = await spool.read(key);
  } catch (error) {
    if (error instanceof UnreadableError) return { kind: 'rejected', reason: 'unreadable' };
    if (error instanceof UnknownKeyError) return { kind: 'locked' };
    return { kind: 'later', reason: systemCode(error) ?? 'the spool cannot be read' };
  }
  const outcome = await post(cmsUrl, intakeToken, key, request, requestId);
  if (outcome.kind === 'delivered') await spool.delivered(key, request);
  return outcome;
}

async function post(
  cmsUrl: string,
  intakeToken: string,
  key: string,
  request: ConsultationRequest,
  requestId: string,
): Promise<Outcome> {
  let status: number;
  let answer: unknown;
  try {
    const response = await fetch(`${cmsUrl}/api/consultation-requests/intake`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${intakeToken}`,
        'content-type': 'application/json',
        'idempotency-key': key,
        [requestIdHeader]: requestId,
      },
      body: JSON.stringify({ data: request }),
      redirect: 'error',
      signal: AbortSignal.timeout(patience),
    });
    status = response.status;
    answer = await response.json().catch(() => null);
  } catch (error) {
    return { kind: 'later', reason: reasonOf(error) };
  }
  if (status === 200 || status === 201) {
    const reference = intakeAnswerSchema.safeParse(answer).data?.reference;
    if (reference === undefined) return { kind: 'later', reason: `HTTP ${status} without a reference` };
    return reference === request.reference ? { kind: 'delivered' } : { kind: 'rejected', reason: 'conflict' };
  }
  if (status === 409) return { kind: 'rejected', reason: 'conflict' };
  if (status === 400 || status === 413 || status === 422) return { kind: 'rejected', reason: 'refused' };
  return { kind: 'later', reason: `HTTP ${status}` };
}

/** Code of a network fault, never its message. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return systemCode(cause) ?? systemCode(error) ?? (error instanceof Error ? error.name : 'unknown');
}
