import { createHash } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { messageOf, ServerError, systemCode } from '../errors.ts';
import { isPage } from '../media-types.ts';
import { slotsIn } from '../slot-marks.ts';
import { collapseFault, faultsOf } from './check.ts';
import { encodings, isWorthCompressing, twinOf, twinSuffix, type Effort } from './compress.ts';
import { syncFolder, writeDurably } from './durable.ts';
import {
  contentFile,
  filesFile,
  readContent,
  readFiles,
  type ReleaseContent,
  type ReleaseFile,
  type ReleaseFiles,
} from './manifest.ts';
import { readPage, type PageFacts } from './pages.ts';
import { mapParallel } from './parallel.ts';
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

interface DistFile {
  path: string;
  hash: string;
  size: number;
  page: PageFacts | null;
  slots: ReleaseFile['slots'];
}

interface LiveRelease {
  folder: string;
  content: ReleaseContent;
  files: ReleaseFiles['files'];
}

// Enough to keep the disk and the four threads of zlib busy without holding many files in memory.
const atOnce = 8;
const shownFaults = 20;
// Takes some ten seconds of two cores at full effort. Beyond it patients gain more from a release that is live sooner.
const mostAtFullEffort = 8 * 1024 * 1024;

/**
 * Turns a finished build into a release and makes it live. The release before stays live, whole, until the last step,
 * and for good when any step fails.
 * @throws ServerError when the build has faults that patients would meet, shrank suspiciously, or the disk fails.
 */
export async function makeRelease(options: MakeOptions): Promise<MadeRelease> {
  const { dist, releasesDir, siteUrl = null, approve = false, keep = 5, now = new Date() } = options;
  const content = await readContent(dist);
  const files = await mapParallel(await listFiles(dist), atOnce, (path) => readDistFile(dist, path));
  refuseFaults(content, files, siteUrl);

  const id = checkId(options.id ?? nameRelease(files, now));
  try {
    await mkdir(releasesDir, { recursive: true });
    await sweep(releasesDir);
    const live = await readLive(releasesDir);
    const fault =
      approve || live === null ? null : collapseFault(live.content.pages.length, content.pages.length);
    if (fault !== null) throw new ServerError(fault);
    const written = await writeRelease(id, { dist, releasesDir, content, files, live });
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

async function listFiles(dist: string): Promise<string[]> {
  const entries = await readdir(dist, { withFileTypes: true, recursive: true });
  const paths: string[] = [];
  for (const entry of entries) {
    const path = relative(dist, join(entry.parentPath, entry.name)).split(sep).join('/');
    if (entry.isSymbolicLink()) {
      throw new ServerError(
        `${join(dist, path)} is a link. A release holds files only: build the site again.`,
      );
    }
    if (entry.isFile() && isPublic(path)) paths.push(path);
  }
  return paths.sort();
}

/** Hidden files stay out, and compressed twins, which the release makes itself. */
function isPublic(path: string): boolean {
  const hidden = path.split('/').some((segment) => segment.startsWith('.') && segment !== '.well-known');
  return !hidden && path !== contentFile && !/\.(br|gz)$/.test(path);
}

async function readDistFile(dist: string, path: string): Promise<DistFile> {
  const bytes = await readFile(join(dist, path));
  const file = { path, hash: hashOf(bytes), size: bytes.byteLength };
  if (!isPage(path)) return { ...file, page: null, slots: [] };
  const html = bytes.toString('utf8');
  return { ...file, page: readPage(html), slots: slotsIn(html) };
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url').slice(0, 27);
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

interface Draft {
  dist: string;
  releasesDir: string;
  content: ReleaseContent;
  files: readonly DistFile[];
  live: LiveRelease | null;
}

async function writeRelease(id: string, draft: Draft): Promise<ReleaseFiles['files']> {
  const { releasesDir } = draft;
  const release = join(releasesDir, id);
  if ((await liveId(releasesDir)) === id) {
    throw new ServerError(`The release ${id} is live already. Give the new one another name.`);
  }
  const folder = await openDraft(releasesDir);
  try {
    const files = await fillDraft(id, folder, draft);
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

async function fillDraft(id: string, folder: string, draft: Draft): Promise<ReleaseFiles['files']> {
  const publicDir = join(folder, 'public');
  const folders = new Set(draft.files.map(({ path }) => dirname(join(publicDir, path))));
  for (const each of folders) await mkdir(each, { recursive: true });
  const effort = effortFor(draft);
  const entries = await mapParallel(draft.files, atOnce, async (file): Promise<[string, ReleaseFile]> => {
    const entry =
      (await linkUnchanged(file, publicDir, draft.live)) ??
      (await writeFile(file, publicDir, draft.dist, effort));
    return [file.path, entry];
  });
  const files = Object.fromEntries(entries);
  await writeDurably(join(folder, contentFile), JSON.stringify(draft.content));
  await writeDurably(join(folder, filesFile), JSON.stringify({ id, files } satisfies ReleaseFiles));
  await mapParallel([...folders, publicDir, folder], atOnce, syncFolder);
  return files;
}

function effortFor({ files, live }: Draft): Effort {
  const bytes = files
    .filter(({ path, hash, size }) => live?.files[path]?.hash !== hash && isWorthCompressing(path, size))
    .reduce((sum, { size }) => sum + size, 0);
  return bytes <= mostAtFullEffort ? 'full' : 'quick';
}

/** Lets an unchanged file and its twins share their place on the disk with the live release; null: it must be written. */
async function linkUnchanged(
  file: DistFile,
  publicDir: string,
  live: LiveRelease | null,
): Promise<ReleaseFile | null> {
  const before = live?.files[file.path];
  if (live === null || before?.hash !== file.hash) return null;
  const twins = encodings
    .filter((encoding) => before[encoding] !== null)
    .map((encoding) => twinSuffix[encoding]);
  const linked: string[] = [];
  try {
    for (const suffix of ['', ...twins]) {
      const target = join(publicDir, file.path + suffix);
      await link(join(live.folder, 'public', file.path + suffix), target);
      linked.push(target);
    }
    return before;
  } catch {
    // Another disk, too many links, a file gone from the live release: writing anew always helps.
    for (const target of linked) await rm(target, { force: true });
    return null;
  }
}

async function writeFile(
  file: DistFile,
  publicDir: string,
  dist: string,
  effort: Effort,
): Promise<ReleaseFile> {
  const bytes = await readFile(join(dist, file.path));
  if (hashOf(bytes) !== file.hash) {
    throw new ServerError(
      `${join(dist, file.path)} changed while the release was made. Build the site again.`,
    );
  }
  const target = join(publicDir, file.path);
  await writeDurably(target, bytes);
  const entry: ReleaseFile = {
    hash: file.hash,
    size: bytes.byteLength,
    br: null,
    gzip: null,
    slots: file.slots,
  };
  for (const encoding of encodings) {
    const twin = await twinOf(file.path, bytes, encoding, effort);
    if (twin === null) continue;
    await writeDurably(target + twinSuffix[encoding], twin);
    entry[encoding] = twin.byteLength;
  }
  return entry;
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
