import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Clinic, startClinic } from './clinic.ts';
import { converges } from './converges.ts';
import { changingArticle, survivesKills } from './kills.ts';

const patience = { timeout: 60_000, interval: 50 };

let clinic: Clinic;
beforeAll(async () => {
  clinic = await startClinic();
});
afterAll(() => clinic.stop());

test('after any sequence of changes the live site is what a clean build makes of the database', async () => {
  const tally = await converges(clinic, { sequences: 3, operations: 25, seed: 20_261_128 });
  const accepted = [...tally.keys()].filter((end) => end.endsWith('accepted'));
  expect(accepted.length, [...tally.keys()].join(', ')).toBeGreaterThan(6);
});

test.each(['before', 'during', 'after'] as const)(
  'a CMS killed %s a pull loses nothing, and the site shows it without anybody',
  async (when) => {
    const article = await changingArticle(clinic, `cms-killed-${when}`);
    await clinic.settle();
    const before = await clinic.latestRevision();
    let killed: Promise<void> | null = null;
    let pulled = false;
    const acknowledged = Promise.withResolvers<undefined>();
    clinic.pulls.watch = async (moment, path) => {
      await acknowledged.promise;
      if (killed !== null) return;
      const isPull = path.startsWith('/api/articles');
      if (when === 'before') killed = clinic.killCms();
      if (when === 'during' && moment === 'answered' && isPull) killed = clinic.killCms();
      // The last question of a pull is whether anything was published meanwhile.
      if (when === 'after' && moment === 'answered' && pulled) killed = clinic.killCms();
      pulled ||= isPull && moment === 'answered';
      await killed;
      if (killed !== null && when === 'during') throw new Error('The answer got lost with the CMS.');
    };
    const words = await article.change();
    acknowledged.resolve(undefined);
    await expect.poll(() => killed, patience).not.toBeNull();
    if (when === 'after') {
      await expect.poll(() => article.page(), patience).toContain(words);
    } else {
      const state = async () => (await clinic.tell({ type: 'release.status', data: {} })).failure?.retrying;
      await expect.poll(state, patience).toBe(true);
      expect(await article.page()).toContain('It has not changed yet.');
    }
    clinic.pulls.watch = () => undefined;
    await clinic.startCms();
    await expect.poll(() => article.page(), patience).toContain(words);
    expect((await clinic.settle()).state).toBe('idle');
    expect(await clinic.latestRevision()).toBe(before + 1);
  },
);

test('a site server killed at any moment of a publish leaves a whole release, and catches up', async () => {
  expect(await survivesKills(clinic, 8)).toBeGreaterThan(0);
});
