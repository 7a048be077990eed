import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, startChild } from '../scripts/children.ts';
import { answers } from '../scripts/cms.ts';
import { OperatorError } from '../scripts/errors.ts';

/** A program that is started again whenever it ends, as a service manager does it. */
export interface Supervised {
  readonly name: string;
  /** Process that runs now; null between two. */
  pid(): number | null;
  /** Milliseconds for which it has answered since its last start; 0 while it does not. */
  upFor(): number;
  /** Whether it answered all the time from `begin` (by `performance.now()`) until now. */
  wasUpSince(begin: number): boolean;
  /** Kills it and all that it started, as a power cut would, and settles when it answers again. */
  kill(): Promise<void>;
  /** Milliseconds from each kill until it answered again. */
  readonly downtimes: readonly number[];
  /** How often it ended although nobody had killed it. */
  readonly ownEnds: () => number;
  stop(): Promise<void>;
}

const UP_WITHIN = 120_000;

/** Starts a program, keeps it running, and settles once it answers at an address. */
export async function supervise(
  command: Parameters<typeof startChild>[0],
  address: string,
): Promise<Supervised> {
  let child: Child | null = null;
  let upSince: number | null = null;
  let killing = false;
  let stopping = false;
  let ownEnds = 0;
  const downtimes: number[] = [];

  async function begin(): Promise<void> {
    const started = startChild(command);
    child = started;
    void started.ended.then(() => {
      child = null;
      upSince = null;
      if (stopping || killing) return;
      ownEnds += 1;
      setTimeout(() => void begin().catch(() => undefined), 500);
    });
    const deadline = performance.now() + UP_WITHIN;
    while (performance.now() < deadline) {
      if (await answers(address)) {
        upSince = performance.now();
        return;
      }
      await sleep(20);
    }
    throw new OperatorError(`${command.name} did not answer within ${UP_WITHIN / 1_000} s.`);
  }

  await begin();
  return {
    name: command.name,
    pid: () => child?.process.pid ?? null,
    upFor: () => (upSince === null ? 0 : performance.now() - upSince),
    wasUpSince: (moment) => upSince !== null && upSince <= moment,
    async kill() {
      const victim = child;
      if (victim?.process.pid === undefined) return;
      killing = true;
      upSince = null;
      const from = performance.now();
      process.kill(-victim.process.pid, 'SIGKILL');
      await victim.ended;
      killing = false;
      await begin();
      downtimes.push(performance.now() - from);
    },
    downtimes,
    ownEnds: () => ownEnds,
    async stop() {
      stopping = true;
      await child?.stop();
    },
  };
}
