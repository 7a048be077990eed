import { linkSync, mkdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ServerError } from '../errors.ts';
import { encodings, isWorthCompressing, twinOf, twinSuffix, type Effort } from './compress.ts';
import { hashOf, type DistFile } from './dist.ts';
import { syncFolders, writeDurably } from './durable.ts';
import {
  contentFile,
  filesFile,
  type ReleaseContent,
  type ReleaseFile,
  type ReleaseFiles,
} from './manifest.ts';
import { atOnce, mapParallel } from './parallel.ts';

/** The files of the live release, with which unchanged ones share their place on the disk. */
export interface LiveFiles {
  folder: string;
  files: ReleaseFiles['files'];
}

/** A release that is to be written. */
export interface Draft {
  id: string;
  dist: string;
  content: ReleaseContent;
  files: readonly DistFile[];
  live: LiveFiles | null;
}

/**
 * Bytes that a release compresses at full effort, which takes half a second of two cores for a megabyte. Beyond it
 * patients gain more from a release that is live sooner; what was done in haste is made up for by the releases after.
 */
const mostAtFullEffort = { first: 8 * 1024 * 1024, later: 512 * 1024 };

/**
 * Writes a release into an empty folder and waits until it is on the disk itself. Answers its list of files.
 * @throws ServerError when the build changes meanwhile, or a system error.
 */
export async function fillDraft(folder: string, draft: Draft): Promise<ReleaseFiles['files']> {
  const publicDir = join(folder, 'public');
  const folders = foldersOf(draft.files).map((path) => join(publicDir, path));
  // Synchronous on purpose: there are very many, and each takes a tenth of what waiting for it would add.
  for (const each of folders) mkdirSync(each, { recursive: true });
  const careful = filesForFullEffort(draft);
  const linked = new Map(
    draft.files.map((file) => [file, careful.has(file) ? null : linkUnchanged(file, publicDir, draft.live)]),
  );
  const entries = await mapParallel(draft.files, atOnce, async (file): Promise<[string, ReleaseFile]> => [
    file.path,
    linked.get(file) ?? (await writeFile(file, publicDir, draft.dist, careful.has(file) ? 'full' : 'quick')),
  ]);
  const files = Object.fromEntries(entries);
  await writeDurably(join(folder, contentFile), JSON.stringify(draft.content));
  await writeDurably(join(folder, filesFile), JSON.stringify({ id: draft.id, files } satisfies ReleaseFiles));
  await syncFolders(folder, [...folders, folder]);
  return files;
}

/** Every folder that holds a file or a folder, the outermost first; `.` is the one that holds all. */
function foldersOf(files: readonly DistFile[]): string[] {
  const folders = new Set(['.']);
  for (const { path } of files) {
    for (let folder = dirname(path); !folders.has(folder); folder = dirname(folder)) folders.add(folder);
  }
  return [...folders].sort();
}

/** Files that are compressed at full effort: as many as may be, new ones before those that were done in haste. */
function filesForFullEffort({ files, live }: Draft): Set<DistFile> {
  const worthwhile = files.filter(({ path, size }) => isWorthCompressing(path, size));
  const isNew = ({ path, hash }: DistFile) => live?.files[path]?.hash !== hash;
  const hasty = (file: DistFile) => !isNew(file) && live?.files[file.path]?.quick === true;
  let left = live === null ? mostAtFullEffort.first : mostAtFullEffort.later;
  return new Set(
    [...worthwhile.filter(isNew), ...worthwhile.filter(hasty)].filter(({ size }) => {
      if (size > left) return false;
      left -= size;
      return true;
    }),
  );
}

/** Lets an unchanged file and its twins share their place on the disk with the live release; null: it must be written. */
function linkUnchanged(file: DistFile, publicDir: string, live: LiveFiles | null): ReleaseFile | null {
  const before = live?.files[file.path];
  if (live === null || before?.hash !== file.hash) return null;
  const twins = encodings
    .filter((encoding) => before[encoding] !== null)
    .map((encoding) => twinSuffix[encoding]);
  const linked: string[] = [];
  try {
    for (const suffix of ['', ...twins]) {
      const target = join(publicDir, file.path + suffix);
      linkSync(join(live.folder, 'public', file.path + suffix), target);
      linked.push(target);
    }
    return before;
  } catch {
    // Another disk, too many links, a file gone from the live release: writing anew always helps.
    for (const target of linked) rmSync(target, { force: true });
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
    if (effort === 'quick') entry.quick = true;
  }
  return entry;
}
