import { readdir, readFile, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, expect, test, vi } from 'vitest';
import { readFiles } from '../release/manifest.ts';
import { prepareRelease } from '../release/make.ts';
import { admit, goLive, listReleases, listWaiting, liveId, waitingFolder } from '../release/store.ts';
import { killAfter, runProgram } from '../test/programs.ts';
import { smallSite, temporaryFolder, writeDist } from '../test/site.ts';
import { openPublications, type Publications } from './publications.ts';

let releasesDir: string;
beforeEach(async () => {
  releasesDir = join(await temporaryFolder(), 'releases');
});

const madeOf = { builtFrom: 'code', contentDigest: 'content', day: null };

const open = () => openPublications(releasesDir, () => undefined);

/** A release of a revision that waits. */
async function prepared(revision: number): Promise<string> {
  const dist = await writeDist(smallSite(`word${revision}`), { revision });
  return (await prepareRelease({ dist, releasesDir })).id;
}

async function publishAll(publications: Publications, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let revision = 1; revision <= count; revision += 1) {
    const id = await prepared(revision);
    await publications.publish(id, revision, madeOf);
    ids.push(id);
  }
  return ids;
}

test('releases go live by revision; the last five stay, and the record of all', async () => {
  const publications = await open();
  const ids = await publishAll(publications, 7);
  expect(ids[6]).toMatch(/^r7-[0-9a-f]{8}$/);
  expect(await liveId(releasesDir)).toBe(ids[6]);
  expect(await listReleases(releasesDir)).toEqual(ids.slice(2).toReversed());
  const history = await publications.history();
  expect(history.map(({ id, from, kept }) => [id, from, kept])).toEqual(
    ids.map((id, index) => [id, index, index >= 2]).toReversed(),
  );
  expect((await open()).record).toEqual(publications.record);
});

test('the newest release stays the newest when the clock was set back', async () => {
  const publications = await open();
  const [first = ''] = await publishAll(publications, 1);
  const future = Date.now() / 1_000 + 86_400;
  await utimes(join(releasesDir, first), future, future);
  const second = await prepared(2);
  await publications.publish(second, 2, madeOf);
  expect(await listReleases(releasesDir)).toEqual([second, first]);
});

test('a rollback goes to the release before, step by step, and holds after a restart', async () => {
  const publications = await open();
  const ids = await publishAll(publications, 3);
  await publications.rollback(null, 'Ada');
  expect(await liveId(releasesDir)).toBe(ids[1]);
  expect(publications.record.live).toMatchObject({ id: ids[1], revision: 2 });
  await publications.rollback(null, 'Ada');
  expect(await liveId(releasesDir)).toBe(ids[0]);
  await expect(publications.rollback(null, 'Ada')).rejects.toThrow('no older release');
  await expect(publications.rollback('r9-none', 'Ada')).rejects.toThrow(
    'There is no release r9-none. Kept are',
  );
  const restarted = await open();
  expect(restarted.record.hold).toMatchObject({ id: ids[0], by: 'Ada' });
  await restarted.rollback(ids[2] ?? '', 'Ada');
  expect(await liveId(releasesDir)).toBe(ids[2]);
  await restarted.resume();
  expect((await open()).record.hold).toBeNull();
});

test('a way back that was cut short is finished at the next start', async () => {
  const publications = await open();
  const ids = await publishAll(publications, 2);
  await publications.rollback(ids[0] ?? '', 'Ada');
  await goLive(releasesDir, ids[1] ?? '');
  expect((await open()).record.live).toMatchObject({ id: ids[0], revision: 1 });
  expect(await liveId(releasesDir)).toBe(ids[0]);
});

test('a release that went live just before a crash is noted at the next start', async () => {
  await publishAll(await open(), 1);
  const second = await prepared(2);
  await admit(releasesDir, second);
  await goLive(releasesDir, second);
  const { record } = await open();
  expect(record.live).toMatchObject({ id: second, revision: 2 });
  expect(record.releases[0]).toMatchObject({ id: second, from: 1 });
});

test('nothing is noted as live when the link to it was taken away', async () => {
  await publishAll(await open(), 2);
  await unlink(join(releasesDir, 'current'));
  expect((await open()).record.live).toBeNull();
});

test('a release that is not whole is not admitted, and goes on waiting', async () => {
  const publications = await open();
  const [live] = await publishAll(publications, 1);
  const broken = await prepared(2);
  await unlink(join(waitingFolder(releasesDir, broken), 'files.json'));
  await expect(publications.publish(broken, 2, madeOf)).rejects.toThrow(/not whole|files\.json/);
  expect(await listReleases(releasesDir)).toEqual([live]);
  expect(await listWaiting(releasesDir)).toEqual([broken]);
  expect(publications.record.live?.id).toBe(live);
});

test('a release that waits for approval survives a restart and goes live at once', async () => {
  const publications = await open();
  await publishAll(publications, 1);
  const id = await prepared(2);
  await publications.ask({
    id,
    revision: 2,
    message: 'Many pages went.',
    before: 9,
    after: 1,
    madeOf,
  });
  const forgotten = await prepared(3);
  const restarted = await open();
  expect(await readdir(releasesDir)).not.toContain(`.waiting-${forgotten}`);
  await expect(restarted.approve(forgotten)).rejects.toThrow(`The one that waits is ${id}`);
  await restarted.approve(id);
  expect(await liveId(releasesDir)).toBe(id);
  expect(restarted.record.approval).toBeNull();
  await expect(restarted.approve(id)).rejects.toThrow('No release waits for approval now');
});

test('what a killed builder left waiting is cleared, but not what waits for approval', async () => {
  const publications = await open();
  await publishAll(publications, 1);
  const asked = await prepared(2);
  const approval = { message: 'Many pages went.', before: 9, after: 1, madeOf };
  await publications.ask({ id: asked, revision: 2, ...approval });
  await prepared(3);
  await publications.clear();
  expect(await listWaiting(releasesDir)).toEqual([asked]);
});

test(
  'a server killed after any step of going live or back leaves a whole release, and the next one goes on',
  { timeout: 300_000 },
  async () => {
    const module = (name: string) =>
      JSON.stringify(pathToFileURL(join(import.meta.dirname, '..', name)).href);
    const dist = await writeDist(smallSite('word2'), { revision: 2 });
    let killed = 0;
    for (let ended: number | null = null; ended === null; killed += ended === null ? 1 : 0) {
      releasesDir = join(await temporaryFolder(), 'releases');
      const [first = ''] = await publishAll(await open(), 1);
      const code = `
      import { openPublications } from ${module('publishing/publications.ts')};
      import { prepareRelease } from ${module('release/make.ts')};
      const releasesDir = ${JSON.stringify(releasesDir)};
      const publications = await openPublications(releasesDir, () => undefined);
      const { id } = await prepareRelease({ dist: ${JSON.stringify(dist)}, releasesDir });
      await publications.publish(id, 2, ${JSON.stringify(madeOf)});
      await publications.rollback('${first}', 'Ada');`;
      const program = runProgram(
        process.execPath,
        [killAfter(killed + 1), '--input-type=module', '-e', code],
        {},
      );
      ended = await program.ended;
      expect(program.output()).toBe('');
      await readFiles(join(releasesDir, (await liveId(releasesDir)) ?? ''));
      const next = await open();
      expect(await liveId(releasesDir)).toBe(next.record.live?.id);
      // Whoever went back finds it held there, however far the server had come.
      const wentBack = next.record.live?.id === first && next.record.releases.some(({ id }) => id !== first);
      expect(next.record.hold !== null).toBe(wentBack);
      await next.resume();
      const third = await prepared(3);
      await next.publish(third, 3, madeOf);
      expect(await liveId(releasesDir)).toBe(third);
      expect((await readdir(releasesDir)).filter((name) => name.startsWith('.'))).toEqual([]);
    }
    expect(killed).toBeGreaterThanOrEqual(8);
  },
);

test('a newer release takes the place of one that waits', async () => {
  const publications = await open();
  await publishAll(publications, 1);
  const approval = { message: 'Many pages went.', before: 9, after: 1, madeOf };
  const second = await prepared(2);
  await publications.ask({ id: second, revision: 2, ...approval });
  const third = await prepared(3);
  await publications.ask({ id: third, revision: 3, ...approval });
  await expect(readFile(join(waitingFolder(releasesDir, second), 'files.json'))).rejects.toThrow('ENOENT');
  await publications.cover(4);
  expect(publications.record).toMatchObject({ approval: null, live: { revision: 4 } });
  await expect(readFile(join(waitingFolder(releasesDir, third), 'files.json'))).rejects.toThrow('ENOENT');
});

test('a record that cannot be read costs the history, not the live release', async () => {
  const [id] = await publishAll(await open(), 1);
  await writeFile(join(releasesDir, 'publishing.json'), '{"live":');
  const warn = vi.fn();
  const { record } = await openPublications(releasesDir, warn);
  expect(record.live).toMatchObject({ id, revision: 1 });
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('publishing.json cannot be read'));
});
