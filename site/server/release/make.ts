import { createHash } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, ServerError, systemCode } from '../errors.ts';
import { collapseFault, faultsOf } from './check.ts';
import { readDist, type DistFile } from './dist.ts';
import { fillDraft, type Draft, type LiveFiles } from './draft.ts';
import { syncFolder } from './durable.ts';
import { readContent, readFiles, type ReleaseContent, type ReleaseFiles } from './manifest.ts';
import type { PageFacts } from './pages.ts';
import { checkId, goLive, liveId, openDraft, prune, sweep } from './store.ts';

export interface MakeOptions {
  /** Folder that the build wrote. It is only read. */
  dist: string;
  /** Folder of all releases; made when it is missing. */
  releasesDir: string;
  /** Public address of the site, so that absolute links to it are checked too. */
  siteUrl?: string | null;
  /** Name of the release; by default the time in UTC and a hash of the content. */
  id?: string;
  /** Goes live even when many pages are gone. */
  approve?: boolean;
  /** How many releases stay, the new one included. */
  keep?: number;
  now?: Date;
}

export interface MadeRelease {
  id: string;
  pages: number;
  files: number;
  /** Files that are the same as in the release before and share its place on the disk. */
  unchanged: number;
  /** Bytes of all files, without their compressed twins. */
  bytes: number;
  /** Releases that were removed because newer ones took their place. */
  removed: string[];
}

interface LiveRelease extends LiveFiles {
  content: ReleaseContent;
}

const shownFaults = 20;
/**
 * Turns a finished build into a release and makes it live. The release before stays live, whole, until the last step,
 * and for good when any step fails.
 * @throws ServerError when the build has faults that patients would meet, shrank suspiciously, or the disk fails.
 */
export async function makeRelease(options: MakeOptions): Promise<MadeRelease> {
  const { dist, releasesDir, siteUrl = null, approve = false, keep = 5, now = new Date() } = options;
  const content = await readContent(dist);
  const files = await readDist(dist);
  refuseFaults(content, files, siteUrl);

  const id = checkId(options.id ?? nameRelease(files, now));
  try {
    await mkdir(releasesDir, { recursive: true });
    await sweep(releasesDir);
    const live = await readLive(releasesDir);
    const fault =
      approve || live === null ? null : collapseFault(live.content.pages.length, content.pages.length);
    if (fault !== null) throw new ServerError(fault);
    const written = await writeRelease(releasesDir, { id, dist, content, files, live });
    const removed = await prune(releasesDir, keep);
    return {
      id,
      pages: content.pages.length,
      files: files.length,
      unchanged: files.filter((file) => live?.files[file.path]?.hash === file.hash).length,
      bytes: Object.values(written).reduce((sum, file) => sum + file.size, 0),
      removed,
    };
  } catch (error) {
    throw explain(error, releasesDir);
  }
}

function refuseFaults(content: ReleaseContent, files: readonly DistFile[], siteUrl: string | null): void {
  const pages = new Map<string, PageFacts>();
  for (const { path, page } of files) if (page !== null) pages.set(path, page);
  const faults = faultsOf({ content, files: new Set(files.map(({ path }) => path)), pages, siteUrl });
  if (faults.length === 0) return;
  const shown = faults.slice(0, shownFaults).map((fault) => `- ${fault}`);
  if (faults.length > shownFaults) shown.push(`- and ${faults.length - shownFaults} more`);
  throw new ServerError(
    `The built site has faults, so the live site stays as it is. Mend them and build again.\n${shown.join('\n')}`,
  );
}

/** Such as `20261123T140200Z-3f9c1a2b`: sorts by time, and tells whether two builds hold the same. */
function nameRelease(files: readonly DistFile[], now: Date): string {
  const stamp = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const digest = createHash('sha256').update(files.map(({ path, hash }) => `${path}\0${hash}`).join('\n'));
  return `${stamp}-${digest.digest('hex').slice(0, 8)}`;
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

async function writeRelease(releasesDir: string, draft: Draft): Promise<ReleaseFiles['files']> {
  const { id } = draft;
  const release = join(releasesDir, id);
  if ((await liveId(releasesDir)) === id) {
    throw new ServerError(`The release ${id} is live already. Give the new one another name.`);
  }
  const folder = await openDraft(releasesDir);
  try {
    const files = await fillDraft(folder, draft);
    await rm(release, { recursive: true, force: true });
    await rename(folder, release);
    // The names of the finished release must be on the disk before the link to it is.
    await syncFolder(releasesDir);
    await goLive(releasesDir, id);
    return files;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
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
