import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readdir, readlink, rename, rm, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { ServerError, systemCode } from '../errors.ts';
import { readFiles } from './manifest.ts';
import { sync } from './durable.ts';

/** Name of the link to the live release. */
export const currentLink = 'current';

const draftPrefix = '.making-';
const linkPrefix = '.current-';
const waitingPrefix = '.waiting-';
const removedPrefix = '.removed-';
/** Tells this process from an earlier one with its number: in a container a server gets the same one each time. */
const ownMark = `${process.pid}-${randomUUID()}`;

/** Refuses names that are not one plain folder below the releases. */
export function checkId(id: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(id) && id !== currentLink) return id;
  throw new ServerError(
    `"${id}" cannot name a release. Use letters, digits, dots and dashes, not "${currentLink}".`,
  );
}

/** Id of the live release; null when there is none yet. */
export async function liveId(releasesDir: string): Promise<string | null> {
  try {
    return await readlink(join(releasesDir, currentLink));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Ids of all complete releases, the newest first. */
export async function listReleases(releasesDir: string): Promise<string[]> {
  const entries = await readdir(releasesDir, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  const dated = await Promise.all(
    folders.map(async ({ name }) => ({ name, madeAt: (await lstat(join(releasesDir, name))).mtimeMs })),
  );
  return dated.sort((a, b) => b.madeAt - a.madeAt || (a.name < b.name ? 1 : -1)).map(({ name }) => name);
}

/** Where a finished release waits until it goes live, invisible to the server. */
export function waitingFolder(releasesDir: string, id: string): string {
  return join(releasesDir, `${waitingPrefix}${checkId(id)}`);
}

/** Ids of all finished releases that wait. */
export async function listWaiting(releasesDir: string): Promise<string[]> {
  const names = await readdir(releasesDir);
  return names
    .filter((name) => name.startsWith(waitingPrefix))
    .map((name) => name.slice(waitingPrefix.length));
}

/** Lets a finished draft wait as a release, in the place of one that waits under the same name. */
export async function setAside(releasesDir: string, draft: string, id: string): Promise<void> {
  await dropWaiting(releasesDir, id);
  await rename(draft, waitingFolder(releasesDir, id));
  await sync(releasesDir);
}

/** Removes a release that waits. */
export async function dropWaiting(releasesDir: string, id: string): Promise<void> {
  await rm(waitingFolder(releasesDir, id), { recursive: true, force: true });
}

/**
 * Makes a finished release one that may go live. It becomes the newest, whatever the clock says.
 *
 * @param finished folder of the release: by default the one where it waits
 * @throws ServerError when there is no such release or it is not whole, or when its name is that of the live one.
 */
export async function admit(
  releasesDir: string,
  id: string,
  finished = waitingFolder(releasesDir, id),
): Promise<void> {
  if ((await liveId(releasesDir)) === id) {
    throw new ServerError(`The release ${id} is live already. Give the new one another name.`);
  }
  await readFiles(finished);
  const release = join(releasesDir, id);
  await rm(release, { recursive: true, force: true });
  const [newest] = await listReleases(releasesDir);
  const after = newest === undefined ? 0 : (await lstat(join(releasesDir, newest))).mtimeMs + 1;
  await rename(finished, release);
  const madeAt = Math.max(Date.now(), after) / 1000;
  await utimes(release, madeAt, madeAt);
  // The names of the finished release must be on the disk before the link to it is.
  await sync(releasesDir);
}

/** Makes an empty folder in which a release is put together, invisible to the server. */
export async function openDraft(releasesDir: string): Promise<string> {
  const draft = join(releasesDir, `${draftPrefix}${ownMark}-${randomUUID()}`);
  await mkdir(draft, { recursive: true });
  return draft;
}

/**
 * Makes a release live, in one step: a reader sees the one before or this one, whole.
 * @throws ServerError when there is no such release or it is not whole.
 */
export async function goLive(releasesDir: string, id: string): Promise<void> {
  await readFiles(join(releasesDir, checkId(id)));
  const link = join(releasesDir, `${linkPrefix}${ownMark}-${randomUUID()}`);
  try {
    await symlink(id, link);
    await rename(link, join(releasesDir, currentLink));
  } catch (error) {
    await rm(link, { force: true });
    throw error;
  }
  await sync(releasesDir);
}

/** Releases that are none any more. Their files go afterwards, which takes long where there are many pages. */
export interface Pruned {
  ids: string[];
  /** When their files are gone. */
  gone: Promise<void>;
}

/** Removes all but the newest `keep` releases, never the live one, each in one step: nobody goes back to half of one. */
export async function prune(releasesDir: string, keep: number): Promise<Pruned> {
  const live = await liveId(releasesDir);
  const releases = await listReleases(releasesDir);
  const ids = releases.slice(keep).filter((id) => id !== live);
  const removed: string[] = [];
  for (const id of ids) {
    const aside = join(releasesDir, `${removedPrefix}${ownMark}-${randomUUID()}`);
    await rename(join(releasesDir, id), aside);
    removed.push(aside);
  }
  return { ids, gone: removeFolders(removed) };
}

async function removeFolders(folders: readonly string[]): Promise<void> {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
}

/** Removes what processes left behind that were killed. */
export async function sweep(releasesDir: string): Promise<void> {
  for (const name of await readdir(releasesDir)) {
    const [, mark = '', pid] = /^\.(?:making|current|removed)-((\d+)-.*)$/.exec(name) ?? [];
    if (pid === undefined || mark.startsWith(ownMark)) continue;
    if (Number(pid) !== process.pid && isRunning(Number(pid))) continue;
    await rm(join(releasesDir, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}
