import { statfs } from 'node:fs/promises';
import { z } from 'zod';
import { lookDeadline, within } from './deadline.ts';

/** One thing that a program needs in order to serve. Its words hold no path, no address and no secret. */
export interface ReadyCheck {
  name: string;
  /** What is said when it holds, and when it does not. */
  holds: string;
  fails: string;
  /** Whether it holds; a fault means that it does not. */
  look: () => Promise<boolean>;
}

/** The answer of `/readyz`. */
export const readyAnswerSchema = z.object({
  status: z.enum(['ready', 'not ready']),
  checks: z.array(z.object({ name: z.string(), status: z.enum(['ok', 'failed']), message: z.string() })),
});

export type ReadyAnswer = z.infer<typeof readyAnswerSchema>;

/**
 * Looks at everything at once. What has not answered by the deadline (in milliseconds) has failed, so that whoever asks
 * never hangs. However many ask at one time, each thing is looked at once.
 */
export function readiness(
  checks: readonly ReadyCheck[],
  deadline = lookDeadline,
): () => Promise<ReadyAnswer> {
  let looking: Promise<ReadyAnswer> | null = null;

  async function look(): Promise<ReadyAnswer> {
    const results = await Promise.all(checks.map((check) => lookAt(check, deadline)));
    const ready = results.every(({ status }) => status === 'ok');
    return { status: ready ? 'ready' : 'not ready', checks: results };
  }

  return async () => {
    looking ??= look().finally(() => {
      looking = null;
    });
    return looking;
  };
}

async function lookAt(
  { name, holds, fails, look }: ReadyCheck,
  deadline: number,
): Promise<ReadyAnswer['checks'][number]> {
  const result = await within(deadline, look()).catch(() => false);
  if (result === true) return { name, status: 'ok', message: holds };
  const message = result === 'late' ? `${fails} There was no answer within ${deadline / 1_000} s.` : fails;
  return { name, status: 'failed', message };
}

/** Bytes that this user may still write to the disk of a folder. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Below it a disk counts as full: what is being written needs some room to be finished. */
const leastFree = 500e6;

/** Whether the disk of a folder has room. */
export function diskCheck(folder: string, least = leastFree): ReadyCheck {
  return {
    name: 'disk',
    holds: 'There is room on the disk.',
    fails: `Less than ${Math.round(least / 1e6)} MB are free on the disk.`,
    look: async () => (await freeBytes(folder)) >= least,
  };
}
