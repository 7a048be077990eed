import type { Status } from '@meridian/shared-types';
import { dayOf } from '../../src/features/dates/dates.ts';
import { messageOf } from '../errors.ts';
import type { Builder } from './builder.ts';
import type { Outcome } from './orders.ts';
import type { Publications } from './publications.ts';

/** What the reconciler tells whoever keeps the log. */
export interface Reports {
  live(release: {
    id: string;
    revision: number;
    seconds: number;
    /** Seconds since the server heard of the change; null when it did not hear of one. */
    waited: number | null;
    timings: Record<string, number>;
  }): void;
  /** How a build came out, and its seconds. */
  built?(result: Outcome['kind'], seconds: number): void;
  failed(message: string): void;
}

export interface ReconcilerOptions {
  publications: Publications;
  builder: Builder;
  /** The CMS's latest revision. It fails when the CMS cannot be asked. */
  latestRevision: () => Promise<number>;
  /** Fingerprint of code and settings. */
  builtFrom: string;
  /** Milliseconds between two looks at the CMS. */
  interval: number;
  reports: Reports;
  /** Milliseconds before the first try after a fault; each further one waits twice as long. */
  firstDelay?: number;
  /** The clock, for times that people read. */
  now?: () => Date;
}

/** Makes what is live follow what is published. */
export interface Reconciler {
  /** Looks for the first time, and from then on at intervals. */
  start(): void;
  stop(): Promise<void>;
  /** A hint that the CMS has this revision. */
  changed(revision: number): void;
  /** Builds with new code, and whatever the content. */
  rebuild(builtFrom: string): Promise<void>;
  approve(id: string): Promise<void>;
  rollback(id: string | null, by: string): Promise<void>;
  resume(): Promise<void>;
  /** What is live and what goes on, once a release that is just going live is live. */
  status(): Promise<Status>;
}

type Prepared = Extract<Outcome, { kind: 'prepared' }>;
type Failure = NonNullable<Status['failure']>;

const longestDelay = 300_000;

/**
 * Compares the CMS's revision with the live one at every hint, at intervals and at start, and builds while they differ.
 * One build runs, and what is wanted meanwhile is one more: hints of any number and order only make it look again.
 */
export function makeReconciler(options: ReconcilerOptions): Reconciler {
  const { publications, builder, latestRevision, interval, reports, firstDelay = 1_000 } = options;
  const now = options.now ?? (() => new Date());
  let builtFrom = options.builtFrom;
  let wanted: number | null = null;
  let failure: Failure | null = null;
  /** The revision and code that cannot be built before something changes. */
  let blocked: { revision: number | null; builtFrom: string } | null = null;
  let delay = firstDelay;
  let building = false;
  /** When each revision that is not live yet was heard of, the first ones first. */
  let heard: { revision: number; at: number }[] = [];
  let forced = false;
  /** Whether the first look is still to come. */
  let curious = false;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;
  let again = false;
  let told = { state: '', since: now().toISOString() };
  /** Approving, going back, resuming and telling the status wait for each other and for a release that goes live. */
  let acts: Promise<unknown> = Promise.resolve();

  function act<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = acts.then(work);
    acts = result.catch(() => null);
    return result;
  }

  function state(): Status['state'] {
    const { live, approval, hold } = publications.record;
    if (hold !== null) return 'held';
    if (building) return 'building';
    if (failure !== null) return 'failed';
    if (forced || curious) return 'queued';
    if (approval !== null && (wanted === null || wanted <= approval.revision)) return 'waiting-for-approval';
    if (wanted !== null && wanted !== live?.revision) return 'queued';
    return live === null ? 'queued' : 'idle';
  }

  /** Runs `look` once more, now or when the one that runs is done. */
  function wake(): void {
    if (stopped) return;
    again = true;
    running ??= (async () => {
      while (goesOn()) {
        again = false;
        clearTimeout(timer);
        let next = interval;
        try {
          await look();
          if (failure?.retrying === true) next = Math.min(interval, backOff());
        } catch (error) {
          fail({ message: messageOf(error), entries: [], retrying: true });
          next = backOff();
        }
        curious = false;
        schedule(next);
      }
      running = null;
    })();
  }

  function goesOn(): boolean {
    return again && !stopped;
  }

  function schedule(milliseconds: number): void {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(wake, milliseconds);
  }

  function backOff(): number {
    const wait = delay;
    delay = Math.min(delay * 2, longestDelay);
    return wait;
  }

  function fail(next: Failure): void {
    if (failure?.message !== next.message) reports.failed(next.message);
    failure = next;
  }

  function succeed(): void {
    failure = null;
    blocked = null;
    delay = firstDelay;
  }

  async function look(): Promise<void> {
    const { live } = publications.record;
    // A hint that is ahead of what is live saves the question; all others could be anything.
    if (wanted === null || wanted <= (live?.revision ?? 0)) wanted = await latestRevision();
    hear(wanted);
    if (publications.record.hold !== null) return;
    if (isUpToDate(wanted)) {
      if (publications.record.approval === null) succeed();
      void builder.warmUp(builtFrom);
      return;
    }
    if (!forced && blocked?.builtFrom === builtFrom && blocked.revision === wanted) {
      // The hint may have been wrong, or the content mended: only the CMS knows.
      wanted = await latestRevision();
      if (blocked.revision === wanted) return;
    }
    await buildOnce(wanted);
  }

  function hear(revision: number): void {
    const { live } = publications.record;
    const newest = Math.max(live?.revision ?? Infinity, heard.at(-1)?.revision ?? 0);
    if (revision > newest) heard.push({ revision, at: performance.now() });
  }

  /** Seconds that the first of the changes up to a revision has waited; null when none has. */
  function takeWaited(revision: number): number | null {
    const first = heard.find((each) => each.revision <= revision);
    heard = heard.filter((each) => each.revision > revision);
    return first === undefined ? null : (performance.now() - first.at) / 1_000;
  }

  function isUpToDate(revision: number): boolean {
    const { live, approval } = publications.record;
    const { timeZone } = publications;
    if (forced || live === null || timeZone === null) return false;
    if (approval?.revision === revision && approval.madeOf.builtFrom === builtFrom) return true;
    const { madeOf } = live;
    const today = madeOf.day === null ? null : dayOf(now().toISOString(), timeZone);
    return live.revision === revision && madeOf.builtFrom === builtFrom && madeOf.day === today;
  }

  async function buildOnce(revision: number): Promise<void> {
    const begin = performance.now();
    const from = builtFrom;
    const live = forced ? null : (publications.record.live?.madeOf ?? null);
    building = true;
    try {
      await act(() => publications.clear());
      const { outcome, timings } = await builder.build({ builtFrom: from, live });
      if (stopped) return;
      const seconds = (performance.now() - begin) / 1_000;
      reports.built?.(outcome.kind, seconds);
      switch (outcome.kind) {
        case 'prepared':
          await act(() => admitRelease(outcome, seconds, timings));
          break;
        case 'unchanged':
          await act(() => publications.cover(outcome.revision));
          takeWaited(outcome.revision);
          wanted = outcome.revision;
          succeed();
          break;
        case 'content':
          blocked = { revision, builtFrom: from };
          forced = false;
          fail({ message: outcome.message, entries: outcome.entries, retrying: false });
          break;
        case 'fault':
          fail({ message: outcome.message, entries: [], retrying: true });
      }
    } finally {
      building = false;
    }
  }

  async function admitRelease(
    { id, revision, pages, madeOf, collapse }: Prepared,
    seconds: number,
    timings: Record<string, number>,
  ): Promise<void> {
    if (publications.record.hold !== null) {
      await publications.discard(id);
      return;
    }
    if (collapse === null) {
      const begin = performance.now();
      await publications.publish(id, revision, madeOf);
      const swap = Math.round(performance.now() - begin);
      const waited = takeWaited(revision);
      reports.live({ id, revision, seconds, waited, timings: { ...timings, swap } });
    } else {
      const { message, before } = collapse;
      await publications.ask({ id, revision, message, before, after: pages, madeOf });
    }
    forced = false;
    wanted = Math.max(wanted ?? 0, revision);
    succeed();
    await publications.tookSeconds(Math.round(seconds * 10) / 10);
    // Whoever published while the build ran is served next; a revision that the CMS took back is looked up.
    if (wanted !== revision) again = true;
  }

  return {
    start() {
      curious = true;
      wake();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await builder.stop();
      await running;
      await acts;
    },
    changed(revision) {
      wanted = Math.max(wanted ?? 0, revision);
      // Whoever publishes while a build runs waits from now on.
      hear(wanted);
      wake();
    },
    async rebuild(from) {
      if (from !== builtFrom) await builder.renew();
      builtFrom = from;
      forced = true;
      // What is told from now on is how this build comes out.
      failure = null;
      blocked = null;
      delay = firstDelay;
      wanted = null;
      wake();
    },
    approve: (id) =>
      act(async () => {
        await publications.approve(id);
        succeed();
        wake();
      }),
    rollback: (id, by) => act(() => publications.rollback(id, by)),
    resume: () =>
      act(async () => {
        await publications.resume();
        blocked = null;
        wake();
      }),
    // Never between the change of the link and its note: who sees a page is told of its release.
    status: () =>
      act(async () => {
        const { live, approval, hold, seconds } = publications.record;
        const present = state();
        if (told.state !== present) told = { state: present, since: now().toISOString() };
        return {
          live: live === null ? null : { id: live.id, revision: live.revision, liveAt: live.liveAt },
          state: present,
          since: told.since,
          wanted,
          expectedSeconds: median(seconds),
          failure,
          approval:
            approval === null
              ? null
              : {
                  id: approval.id,
                  message: approval.message,
                  before: approval.before,
                  after: approval.after,
                  revision: approval.revision,
                },
          hold,
          releases: await publications.history(),
        };
      }),
  };
}

function median(numbers: readonly number[]): number | null {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
