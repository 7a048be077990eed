import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { statusSchema } from '@meridian/shared-types';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { prepareRelease } from '../release/make.ts';
import { listWaiting } from '../release/store.ts';
import { smallSite, temporaryFolder, writeDist } from '../test/site.ts';
import type { Builder, Built } from './builder.ts';
import { openPublications, type Publications } from './publications.ts';
import { makeReconciler, type ReconcilerOptions } from './reconciler.ts';

/** A CMS that has a revision, and a builder that makes releases of it. */
interface World {
  revision: number;
  cmsDown: boolean;
  builds: number;
  warmUps: number;
  renewals: number;
  /** What builds come out as, instead of a release. */
  outcome: Built['outcome'] | null;
  /** Builds wait for it. */
  gate: Promise<void>;
  collapse: boolean;
  day: string | null;
  code: string;
}

let world: World;
let releasesDir: string;
beforeEach(async () => {
  releasesDir = join(await temporaryFolder(), 'releases');
  world = {
    revision: 1,
    cmsDown: false,
    builds: 0,
    warmUps: 0,
    renewals: 0,
    outcome: null,
    gate: Promise.resolve(),
    collapse: false,
    day: null,
    code: 'code 1',
  };
});

const builder: Builder = {
  pid: null,
  async build({ builtFrom }) {
    world.builds += 1;
    const { revision, collapse, day } = world;
    await world.gate;
    if (world.outcome !== null) return { outcome: world.outcome, timings: {} };
    const dist = await writeDist(smallSite(`word${revision}`), { revision, builtFrom, day });
    const release = await prepareRelease({ dist, releasesDir });
    const asked = collapse ? { message: 'Many pages went.', before: 20 } : null;
    return {
      outcome: {
        kind: 'prepared',
        id: release.id,
        revision,
        pages: release.pages,
        madeOf: { builtFrom, contentDigest: '', day },
        collapse: asked,
      },
      timings: {},
    };
  },
  warmUp: () => {
    world.warmUps += 1;
    return Promise.resolve();
  },
  renew: () => {
    world.renewals += 1;
    return Promise.resolve();
  },
  stop: () => Promise.resolve(),
};

async function begin(options: Partial<ReconcilerOptions> = {}) {
  const publications: Publications = await openPublications(releasesDir, () => undefined);
  const failures: string[] = [];
  const reconciler = makeReconciler({
    publications,
    builder,
    latestRevision: () =>
      world.cmsDown ? Promise.reject(new Error('The CMS is down.')) : Promise.resolve(world.revision),
    builtFrom: world.code,
    interval: 60_000,
    firstDelay: 10,
    reports: { live: () => undefined, failed: (message) => failures.push(message) },
    ...options,
  });
  onTestFinished(() => reconciler.stop());
  reconciler.start();
  const status = async () => statusSchema.parse(await reconciler.status());
  const until = (state: string) =>
    expect.poll(async () => (await status()).state, { timeout: 20_000 }).toBe(state);
  return { reconciler, publications, failures, status, until };
}

/** A gate for builds, and what opens it. */
function gate(): () => void {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  world.gate = promise;
  return () => resolve(undefined);
}

test('the first release is built at start, and nothing after a restart with nothing changed', async () => {
  const first = await begin();
  expect((await first.status()).state).not.toBe('idle');
  await first.until('idle');
  expect((await first.status()).live).toMatchObject({ revision: 1 });
  expect((await first.status()).expectedSeconds).toBeGreaterThanOrEqual(0);
  await first.reconciler.stop();
  const second = await begin();
  await second.until('idle');
  expect(world).toMatchObject({ builds: 1, warmUps: 1 });
});

test('a thousand hints in any order make at most two builds', async () => {
  const { reconciler, until, status } = await begin();
  await until('idle');
  world.builds = 0;
  const open = gate();
  world.revision = 1_000;
  for (let revision = 1_000; revision > 0; revision -= 1) {
    reconciler.changed(revision);
    reconciler.changed(revision);
  }
  await until('building');
  open();
  await until('idle');
  expect(world.builds).toBeLessThanOrEqual(2);
  expect((await status()).live?.revision).toBe(1_000);
});

test('what is published while a build runs is built after it, even if its hint is lost', async () => {
  const open = gate();
  const { reconciler, until, status } = await begin({ interval: 20 });
  await until('building');
  world.revision = 2;
  open();
  await expect.poll(async () => (await status()).live?.revision).toBe(2);
  reconciler.changed(1);
  await until('idle');
  expect(world.builds).toBe(2);
});

test('it is told how builds came out, and how long the first of the changes in a release had waited', async () => {
  const told: (string | number | null)[] = [];
  const { reconciler, until } = await begin({
    reports: {
      live: ({ waited }) => told.push(waited),
      built: (result) => told.push(result),
      failed: () => undefined,
    },
  });
  await until('idle');
  const open = gate();
  world.revision = 3;
  reconciler.changed(2);
  await wait(60);
  reconciler.changed(3);
  open();
  await until('idle');
  expect(told).toEqual(['prepared', null, 'prepared', expect.any(Number)]);
  expect(told[3]).toBeGreaterThanOrEqual(0.05);
});

test('faults are tried again by themselves', async () => {
  world.cmsDown = true;
  const { until, status, failures } = await begin();
  await until('failed');
  expect((await status()).failure).toEqual({ message: 'The CMS is down.', entries: [], retrying: true });
  world.cmsDown = false;
  world.outcome = { kind: 'fault', message: 'The build was killed.' };
  await expect.poll(() => world.builds).toBeGreaterThan(2);
  expect(failures).toEqual(['The CMS is down.', 'The build was killed.']);
  world.outcome = null;
  await until('idle');
  expect((await status()).failure).toBeNull();
});

test('what a builder left that was killed is gone after the next build', async () => {
  const { reconciler, until } = await begin();
  await until('idle');
  await prepareRelease({ dist: await writeDist(smallSite('left'), { revision: 1 }), releasesDir });
  world.revision = 2;
  reconciler.changed(2);
  await until('building');
  await until('idle');
  expect(await listWaiting(releasesDir)).toEqual([]);
});

test('content that does not fit is not built again before it changes', async () => {
  const { reconciler, until, status } = await begin({ interval: 15 });
  await until('idle');
  world.revision = 2;
  const entries = [{ type: 'article', documentId: 'a', title: 'A', message: 'is empty' }];
  world.outcome = { kind: 'content', message: 'The published content has 1 problem', entries };
  reconciler.changed(2);
  await until('failed');
  expect((await status()).failure).toMatchObject({ entries, retrying: false });
  expect((await status()).live?.revision).toBe(1);
  await wait(100);
  expect(world.builds).toBe(2);
  world.revision = 3;
  world.outcome = null;
  await until('idle');
  expect((await status()).live?.revision).toBe(3);
});

test('whoever asks while a release goes live is told of it', async () => {
  const publications = await openPublications(releasesDir, () => undefined);
  const swap = Promise.withResolvers<undefined>();
  const going = Promise.withResolvers<undefined>();
  const slow = Object.create(publications) as Publications;
  slow.publish = async (...release) => {
    going.resolve(undefined);
    await swap.promise;
    await publications.publish(...release);
  };
  const { status } = await begin({ publications: slow });
  await going.promise;
  const asked = status();
  expect(await Promise.race([asked, wait(50, 'no answer yet')])).toBe('no answer yet');
  swap.resolve(undefined);
  expect((await asked).live?.revision).toBe(1);
});

test('nothing goes live while rolled back; what was published meanwhile goes live on resume', async () => {
  const { reconciler, until, status } = await begin();
  await until('idle');
  world.revision = 2;
  reconciler.changed(2);
  await expect.poll(async () => (await status()).live?.revision).toBe(2);
  const open = gate();
  world.revision = 3;
  reconciler.changed(3);
  await until('building');
  await reconciler.rollback(null, 'Ada');
  open();
  await wait(50);
  world.revision = 4;
  reconciler.changed(4);
  await wait(50);
  expect(await status()).toMatchObject({
    state: 'held',
    live: { revision: 1 },
    wanted: 4,
    hold: { by: 'Ada' },
  });
  await reconciler.resume();
  await until('idle');
  expect((await status()).live?.revision).toBe(4);
});

test('a site that would lose many pages waits for a person', async () => {
  const { reconciler, until, status } = await begin({ interval: 15 });
  await until('idle');
  world.revision = 2;
  world.collapse = true;
  reconciler.changed(2);
  await until('waiting-for-approval');
  await wait(60);
  expect(world.builds).toBe(2);
  const { approval, live } = await status();
  expect(live?.revision).toBe(1);
  expect(approval).toMatchObject({ before: 20, after: 4, revision: 2 });
  await reconciler.approve(approval?.id ?? '');
  await until('idle');
  expect((await status()).live).toMatchObject({ id: approval?.id, revision: 2 });
});

test('a database that was restored to an older revision is built', async () => {
  world.revision = 9;
  const { until, status } = await begin({ interval: 15 });
  await until('idle');
  world.revision = 5;
  await expect.poll(async () => (await status()).live?.revision).toBe(5);
});

test('a revision that changes nothing that is shown is noted without a release', async () => {
  const { reconciler, until, status } = await begin();
  await until('idle');
  const before = (await status()).live;
  world.revision = 2;
  world.outcome = { kind: 'unchanged', revision: 2 };
  reconciler.changed(2);
  await expect.poll(async () => (await status()).live).toEqual({ ...before, revision: 2 });
  expect((await status()).releases).toHaveLength(1);
});

test('a command tells of its own build, not of the one that failed before', async () => {
  world.outcome = { kind: 'content', message: 'The article "neck-pain" lacks a title.', entries: [] };
  const { reconciler, status, until } = await begin();
  await until('failed');
  world.outcome = null;
  const open = gate();
  await reconciler.rebuild(world.code);
  expect(await status()).toMatchObject({ failure: null });
  expect(['queued', 'building']).toContain((await status()).state);
  open();
  await until('idle');
});

test('other code, another day and a command each make a new build', async () => {
  world.day = '2026-11-23';
  let now = new Date('2026-11-23T20:00:00Z');
  const first = await begin({ now: () => now, interval: 15 });
  await first.until('idle');
  now = new Date('2026-11-24T20:00:00Z');
  world.day = '2026-11-24';
  await expect.poll(() => world.builds).toBe(2);
  await first.until('idle');
  await first.reconciler.rebuild(world.code);
  await expect.poll(() => world.builds).toBe(3);
  expect(world.renewals).toBe(0);
  await first.until('idle');
  await first.reconciler.rebuild('code 2');
  await expect.poll(() => world.builds).toBe(4);
  expect(world.renewals).toBe(1);
  await first.reconciler.stop();
  world.code = 'code 3';
  await (await begin({ now: () => now })).until('idle');
  expect(world.builds).toBe(5);
});
