import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, ServerError, systemCode } from '../errors.ts';
import { collapseFault, type Examined, examine } from './check.ts';
import { readDist, type DistFile } from './dist.ts';
import { type LiveFiles, writeDraft } from './draft.ts';
import { readContent, readFiles, readScripts, type ReleaseContent } from './manifest.ts';
import type { PageFacts } from './pages.ts';
import { admit, checkId, goLive, liveId, openDraft, prune, setAside, sweep } from './store.ts';

export interface PrepareOptions {
  /** Folder that the build wrote. It is only read. */
  dist: string;
  /** Folder of all releases; made when it is missing. */
  releasesDir: string;
  /** Public address of the site, so that absolute links to it are checked too. */
  siteUrl?: string | null;
  /** Name of the release; by default its revision and a hash of all files, such as `r42-3f9c1a2b`. */
  id?: string;
  /** What the release says of itself beside what the build does. */
  about?: Partial<ReleaseContent>;
  /** A folder of the build that comes later than the rest, and when it is whole. */
  late?: { folder: string; done: Promise<unknown> };
  /** Told of each step, which it has to run. */
  measure?: Measure;
}

/** Runs a step of longer work and takes note of it. */
export type Measure = <Result>(step: string, work: () => Promise<Result>) => Promise<Result>;

const unmeasured: Measure = (_step, work) => work();

export interface MakeOptions extends PrepareOptions {
  /** Goes live even when many pages are gone. */
  approve?: boolean;
  /** How many releases stay, the new one included. */
  keep?: number;
}

export interface MadeRelease extends PreparedRelease {
  /** Releases that were removed because newer ones took their place. */
  removed: string[];
}

interface LiveRelease extends LiveFiles {
  content: ReleaseContent;
}

const shownFaults = 20;
/** A finished release that waits to go live. */
export interface PreparedRelease {
  id: string;
  revision: number;
  /** The clinic's day on which it was built. */
  day: string | null;
  pages: number;
  files: number;
  /** Files that are the same as in the release before and share its place on the disk. */
  unchanged: number;
  /** Bytes of all files, without their compressed twins. */
  bytes: number;
  /** Why a person has to say that it may go live, with the pages before; null: it may. */
  collapse: { message: string; before: number } | null;
}

/**
 * Turns a finished build into a release that waits to go live. Nothing that is live changes. When the same release is
 * live already, nothing of it is kept.
 * @throws ServerError when the build has faults that patients would meet, or the disk fails.
 */
export async function prepareRelease(options: PrepareOptions): Promise<PreparedRelease> {
  const { releasesDir } = options;
  const { release, draft } = await draftRelease(options);
  try {
    if (draft !== null) await setAside(releasesDir, draft, release.id);
    return release;
  } catch (error) {
    if (draft !== null) await removeFolder(draft);
    throw explain(error, releasesDir);
  }
}

/**
 * Turns a finished build into a release and makes it live. The release before stays live, whole, until the last step,
 * and for good when any step fails. Until then the release is a draft of this process, which the next maker sweeps up
 * when this one is killed.
 * @throws ServerError when the build has faults that patients would meet, shrank suspiciously, or the disk fails.
 */
export async function makeRelease(options: MakeOptions): Promise<MadeRelease> {
  const { releasesDir, approve = false, keep = 5 } = options;
  const { release, draft } = await draftRelease(options);
  if (draft === null) return { ...release, removed: [] };
  try {
    if (release.collapse !== null && !approve) throw new ServerError(release.collapse.message);
    await admit(releasesDir, release.id, draft);
    await goLive(releasesDir, release.id);
    const { ids, gone } = await prune(releasesDir, keep);
    await gone;
    return { ...release, removed: ids };
  } catch (error) {
    throw explain(error, releasesDir);
  } finally {
    await removeFolder(draft);
  }
}

/** A release that is put together. `draft`: the folder that holds it; null: the same release is live already. */
interface DraftedRelease {
  release: PreparedRelease;
  draft: string | null;
}

async function draftRelease(options: PrepareOptions): Promise<DraftedRelease> {
  const { dist, releasesDir, siteUrl = null, about = {}, late = null, measure = unmeasured } = options;
  // It may fail before anybody waits for it; whoever does is told.
  late?.done.catch(() => undefined);
  const explained = <Result>(work: Promise<Result>) =>
    work.catch((error: unknown) => {
      throw explain(error, releasesDir);
    });
  const content = { ...(await readContent(dist)), scripts: await readScripts(dist), ...about };
  const live = await explained(openReleases(releasesDir));
  const draft = await explained(openDraft(releasesDir));
  const writer = writeDraft(draft, dist, live);
  const begun = new Set<DistFile>();
  let writing: Promise<void> = Promise.resolve();
  try {
    const files = await measure('read', () =>
      readDist(dist, late, (early) => {
        // Written while the rest is made; should there be faults, the draft goes.
        for (const file of early) begun.add(file);
        writing = writer.add(early);
        writing.catch(() => undefined);
      }),
    );
    await measure('check', () =>
      Promise.resolve().then(() => {
        refuseFaults(content, files, siteUrl);
      }),
    );
    const id = checkId(options.id ?? nameRelease(content.revision, files));
    const before = live?.content.pages.length ?? 0;
    const message = live === null ? null : collapseFault(before, content.pages.length);
    const release = {
      id,
      revision: content.revision,
      day: content.day,
      pages: content.pages.length,
      files: files.length,
      unchanged: files.filter((file) => live?.files[file.path]?.hash === file.hash).length,
      bytes: files.reduce((sum, { size }) => sum + size, 0),
      collapse: message === null ? null : { message, before },
    };
    const isNew = (await liveId(releasesDir)) !== id || options.id !== undefined;
    if (!isNew) {
      await writing;
      await removeFolder(draft);
      return { release, draft: null };
    }
    await explained(
      measure('write', async () => {
        await writing;
        await writer.add(files.filter((file) => !begun.has(file)));
        await writer.finish(id, content);
      }),
    );
    return { release, draft };
  } catch (error) {
    await Promise.allSettled([writing]);
    await removeFolder(draft);
    throw error;
  }
}

/** Makes the folder of releases when it is missing, clears it of what was left behind, and answers the live release. */
async function openReleases(releasesDir: string): Promise<LiveRelease | null> {
  await mkdir(releasesDir, { recursive: true });
  await sweep(releasesDir);
  return readLive(releasesDir);
}

/** The last site in which no faults were found. */
let sound: Examined | null = null;

function refuseFaults(content: ReleaseContent, files: readonly DistFile[], siteUrl: string | null): void {
  const pages = new Map<string, PageFacts>();
  for (const { path, page } of files) if (page !== null) pages.set(path, page);
  const examined = examine({ content, files: new Set(files.map(({ path }) => path)), pages, siteUrl }, sound);
  const { faults } = examined;
  if (faults.length === 0) {
    sound = examined;
    return;
  }
  const shown = faults.slice(0, shownFaults).map((fault) => `- ${fault}`);
  if (faults.length > shownFaults) shown.push(`- and ${faults.length - shownFaults} more`);
  throw new ServerError(
    `The built site has faults, so the live site stays as it is. Mend them and build again.\n${shown.join('\n')}`,
  );
}

/** Such as `r42-3f9c1a2b`: tells whether two builds hold the same. */
function nameRelease(revision: number, files: readonly DistFile[]): string {
  const digest = createHash('sha256').update(files.map(({ path, hash }) => `${path}\0${hash}`).join('\n'));
  return `r${revision}-${digest.digest('hex').slice(0, 8)}`;
}

/** The live release as far as it can be built upon. One that cannot be read is replaced rather than mourned. */
async function readLive(releasesDir: string): Promise<LiveRelease | null> {
  const id = await liveId(releasesDir);
  if (id === null) return null;
  const folder = join(releasesDir, id);
  try {
    return { folder, content: await readContent(folder), files: (await readFiles(folder)).files };
  } catch (error) {
    if (error instanceof ServerError) return null;
    throw error;
  }
}

function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}

const remedies: Record<string, string> = {
  ENOSPC: 'The disk is full: free some space',
  EDQUOT: 'The disk quota is used up: free some space',
  EACCES: 'The folder may not be written: give this user the right to',
  EPERM: 'The folder may not be written: give this user the right to',
  EROFS: 'The disk is read-only: mount it writable',
  ENOTDIR: 'Something that is not a folder is in its place: move it away',
  EINVAL: 'Something else is in place of the link current: move it away',
  EEXIST: 'Something that is not a folder is in its place: move it away',
};

function explain(error: unknown, releasesDir: string): Error {
  if (error instanceof ServerError) return error;
  const code = systemCode(error);
  const remedy = (code === null ? undefined : remedies[code]) ?? 'See the cause';
  return new ServerError(
    `The release could not be written to ${releasesDir}: ${messageOf(error)}. ${remedy}, then build again. ` +
      'The live site stays as it is.',
    { cause: error },
  );
}
