import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PastRelease } from '@meridian/shared-types';
import { messageOf, ServerError } from '../errors.ts';
import { readContent, type ReleaseContent } from '../release/manifest.ts';
import {
  admit,
  dropWaiting,
  goLive,
  listReleases,
  listWaiting,
  liveId,
  prune,
  sweep,
} from '../release/store.ts';
import type { MadeOf } from './orders.ts';
import { type PublishingRecord, readRecord, writeRecord } from './record.ts';

const keptReleases = 5;
const rememberedReleases = 50;
const rememberedBuilds = 11;

/** Releases and what is remembered of them, on the disk. Only the holder of the lock of DATA_DIR may have one. */
export interface Publications {
  readonly record: Readonly<PublishingRecord>;
  /** Time zone of the clinic of the live release; null: there is none, or it cannot be read. */
  readonly timeZone: string | null;
  /** Makes a release that waits live. */
  publish(id: string, revision: number, madeOf: MadeOf): Promise<void>;
  /** Notes that the live release shows a newer revision as well. */
  cover(revision: number): Promise<void>;
  /** Keeps a release that waits until a person approves it. */
  ask(approval: NonNullable<PublishingRecord['approval']>): Promise<void>;
  /** @throws ServerError when no such release waits */
  approve(id: string): Promise<void>;
  /**
   * Goes back to a kept release and holds there.
   * @param id null: the one before the live one
   * @throws ServerError when there is no such release
   */
  rollback(id: string | null, by: string): Promise<void>;
  /** Ends the hold. */
  resume(): Promise<void>;
  tookSeconds(seconds: number): Promise<void>;
  /** Removes a release that waits and is not wanted any more. */
  discard(id: string): Promise<void>;
  /** Removes releases that wait for nobody's approval: whoever built them was killed. Not while one is built. */
  clear(): Promise<void>;
  /** Past releases, the newest first. */
  history(): Promise<PastRelease[]>;
}

/**
 * Opens a folder of releases, and mends what a process left that was killed: the link to the live release is the truth,
 * but for a hold, which is noted before the link is changed.
 *
 * @param warn is told of a record that could not be read or written
 */
export async function openPublications(
  releasesDir: string,
  warn: (message: string) => void,
): Promise<Publications> {
  await mkdir(releasesDir, { recursive: true });
  await sweep(releasesDir);
  const { record: stored, broken } = await readRecord(releasesDir);
  if (broken) {
    warn(
      `${releasesDir}/publishing.json cannot be read. The live release stays; its history and any hold are forgotten.`,
    );
  }
  let record: PublishingRecord = stored;
  let content: ReleaseContent | null = null;
  let opening = true;

  async function keep(change: Partial<PublishingRecord>): Promise<void> {
    const next = { ...record, ...change };
    try {
      await writeRecord(releasesDir, next);
    } catch (error) {
      // The link says which release is live, so patients are served even when the disk is full.
      if (!opening) throw error;
      warn(`${releasesDir}/publishing.json cannot be written (${messageOf(error)}). The live release stays.`);
    }
    record = next;
  }

  async function readLive(): Promise<ReleaseContent | null> {
    const id = await liveId(releasesDir);
    content = id === null ? null : await readContent(join(releasesDir, id)).catch(() => null);
    return content;
  }

  /** Notes which release is live now. */
  async function noteLive(
    id: string,
    revision: number,
    from: MadeOf,
    change: Partial<PublishingRecord> = {},
  ): Promise<void> {
    const liveAt = new Date().toISOString();
    const past = { id, revision, liveAt, from: record.live?.revision ?? 0 };
    await readLive();
    await keep({
      ...change,
      live: { id, revision, liveAt, madeOf: from },
      releases: [past, ...record.releases].slice(0, rememberedReleases),
    });
  }

  async function publish(id: string, revision: number, from: MadeOf): Promise<void> {
    const { approval, live } = record;
    if (live?.id === id) {
      await readLive();
      await keep({ live: { ...live, revision, madeOf: from }, approval: null });
    } else {
      await admit(releasesDir, id);
      await goLive(releasesDir, id);
      await noteLive(id, revision, from, { approval: null });
      const { gone } = await prune(releasesDir, keptReleases);
      gone.catch((error: unknown) => {
        warn(`Releases that are not needed any more cannot be removed (${messageOf(error)}).`);
      });
    }
    if (approval !== null && approval.id !== id) await dropWaiting(releasesDir, approval.id);
  }

  async function clear(): Promise<void> {
    for (const id of await listWaiting(releasesDir)) {
      if (id !== record.approval?.id) await dropWaiting(releasesDir, id);
    }
  }

  await readLive();
  if (record.hold !== null && (await liveId(releasesDir)) !== record.hold.id) {
    try {
      await goLive(releasesDir, record.hold.id);
      await readLive();
    } catch {
      await keep({ hold: null });
    }
  }
  const link = await liveId(releasesDir);
  if (link === null) {
    if (record.live !== null) await keep({ live: null });
  } else if (link !== record.live?.id) {
    const found = await readLive();
    await noteLive(link, found?.revision ?? 0, madeOf(found));
  }
  const waiting = await listWaiting(releasesDir);
  if (record.approval !== null && !waiting.includes(record.approval.id)) await keep({ approval: null });
  await clear();
  opening = false;

  return {
    get record() {
      return record;
    },
    get timeZone() {
      return content?.clinic.timeZone ?? null;
    },
    publish,
    async cover(revision) {
      const { live, approval } = record;
      if (live === null || (live.revision === revision && approval === null)) return;
      await keep({ live: { ...live, revision }, approval: null });
      if (approval !== null) await dropWaiting(releasesDir, approval.id);
    },
    async ask(approval) {
      const before = record.approval;
      await keep({ approval });
      if (before !== null && before.id !== approval.id) await dropWaiting(releasesDir, before.id);
    },
    async approve(id) {
      const { approval } = record;
      if (approval?.id !== id) {
        const now =
          approval === null ? 'No release waits for approval now' : `The one that waits is ${approval.id}`;
        throw new ServerError(`The release ${id} does not wait for approval. ${now}; look again.`);
      }
      await publish(id, approval.revision, approval.madeOf);
    },
    async rollback(wanted, by) {
      const kept = await listReleases(releasesDir);
      const live = await liveId(releasesDir);
      const id = wanted ?? kept[kept.indexOf(live ?? '') + 1] ?? null;
      if (id === null || !kept.includes(id)) {
        throw new ServerError(
          wanted === null
            ? 'There is no older release to go back to.'
            : `There is no release ${wanted}. Kept are: ${kept.join(', ') || 'none'}.`,
        );
      }
      const target = await readContent(join(releasesDir, id));
      // Noted first: whoever starts after a crash in between finishes the way back.
      await keep({ hold: { id, by, since: new Date().toISOString() } });
      if (id === live) return;
      await goLive(releasesDir, id);
      await noteLive(id, target.revision, madeOf(target));
    },
    async resume() {
      await keep({ hold: null });
    },
    async tookSeconds(seconds) {
      await keep({ seconds: [seconds, ...record.seconds].slice(0, rememberedBuilds) });
    },
    async discard(id) {
      if (id !== record.approval?.id) await dropWaiting(releasesDir, id);
    },
    clear,
    async history() {
      const kept = new Set(await listReleases(releasesDir));
      return record.releases.map((release) => ({ ...release, kept: kept.has(release.id) }));
    },
  };
}

function madeOf(content: ReleaseContent | null): MadeOf {
  const { builtFrom = '', contentDigest = '', day = null } = content ?? {};
  return { builtFrom, contentDigest, day };
}
