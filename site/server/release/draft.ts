import { mkdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ServerError } from '../errors.ts';
import { encodings, isWorthCompressing, twinOf, twinSuffix, type Effort } from './compress.ts';
import { hashOf, type DistFile } from './dist.ts';
import { syncAll } from './durable.ts';
import { linkFiles } from './links.ts';
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

/** Writes a release into an empty folder, in parts, for some files are finished before others. */
export interface DraftWriter {
  /** Writes files. @throws ServerError when the build changes meanwhile, or a system error. */
  add(files: readonly DistFile[]): Promise<void>;
  /** Writes what the release says of itself, and waits until all of it is on the disk itself. */
  finish(id: string, content: ReleaseContent): Promise<void>;
}

/**
 * Bytes that a release compresses at full effort, which takes half a second of two cores for a megabyte. Beyond it
 * patients gain more from a release that is live sooner; what was done in haste is made up for by the releases after.
 */
const mostAtFullEffort = { first: 8 * 1024 * 1024, later: 512 * 1024 };

/**
 * Begins to write a release.
 * @param folder an empty one
 * @param dist where the files come from
 * @param live the release with which unchanged files share their place on the disk; null: there is none
 */
export function writeDraft(folder: string, dist: string, live: LiveFiles | null): DraftWriter {
  const publicDir = join(folder, 'public');
  const folders = new Set<string>();
  const written: string[] = [];
  const entries: [string, ReleaseFile][] = [];
  let left = live === null ? mostAtFullEffort.first : mostAtFullEffort.later;

  const isNew = ({ path, hash }: DistFile) => live?.files[path]?.hash !== hash;

  /** As many files for full effort as may be, new ones before those that were done in haste. */
  function takeForFullEffort(files: readonly DistFile[]): Set<DistFile> {
    const worthwhile = files.filter(({ path, size }) => isWorthCompressing(path, size));
    const hasty = (file: DistFile) => !isNew(file) && live?.files[file.path]?.quick === true;
    return new Set(
      [...worthwhile.filter(isNew), ...worthwhile.filter(hasty)].filter(({ size }) => {
        if (size > left) return false;
        left -= size;
        return true;
      }),
    );
  }

  /** Lets unchanged files and their twins share their place on the disk with the live release. Answers those that cannot. */
  async function linkUnchanged(files: readonly DistFile[]): Promise<DistFile[]> {
    if (live === null) return [...files];
    const namesOf = ({ path }: DistFile) => {
      const before = live.files[path];
      const twins = encodings.filter((encoding) => (before?.[encoding] ?? null) !== null);
      return [path, ...twins.map((encoding) => path + twinSuffix[encoding])];
    };
    const job = { from: join(live.folder, 'public'), to: publicDir, files: files.map(namesOf) };
    const done = await linkFiles(job);
    return files.filter((file, index) => {
      const before = live.files[file.path];
      if (done[index] !== true || before === undefined) return true;
      entries.push([file.path, before]);
      return false;
    });
  }

  async function writeNew(file: DistFile, effort: Effort): Promise<ReleaseFile> {
    const bytes = await readFile(join(dist, file.path));
    if (hashOf(bytes) !== file.hash) {
      throw new ServerError(
        `${join(dist, file.path)} changed while the release was made. Build the site again.`,
      );
    }
    const { hash, slots } = file;
    const entry: ReleaseFile = { hash, size: bytes.byteLength, br: null, gzip: null, slots };
    mkdirSync(dirname(join(publicDir, file.path)), { recursive: true });
    await write(join(publicDir, file.path), bytes);
    for (const encoding of encodings) {
      const twin = await twinOf(file.path, bytes, encoding, effort);
      if (twin === null) continue;
      await write(join(publicDir, file.path + twinSuffix[encoding]), twin);
      entry[encoding] = twin.byteLength;
      if (effort === 'quick') entry.quick = true;
    }
    return entry;
  }

  async function write(path: string, data: Uint8Array | string): Promise<void> {
    await writeFile(path, data, { flag: 'wx' });
    written.push(path);
  }

  return {
    async add(files) {
      for (const path of foldersOf(files)) folders.add(join(publicDir, path));
      const careful = takeForFullEffort(files);
      const [fresh, unchanged] = [[] as DistFile[], [] as DistFile[]];
      for (const file of files) (careful.has(file) || isNew(file) ? fresh : unchanged).push(file);
      const writeAll = (some: readonly DistFile[]) =>
        mapParallel(some, atOnce, async (file) => {
          entries.push([file.path, await writeNew(file, careful.has(file) ? 'full' : 'quick')]);
        });
      const linking = linkUnchanged(unchanged);
      const writing = writeAll(fresh);
      // With a fault too, nothing may be written any more when this is over.
      await Promise.allSettled([linking, writing]);
      await writing;
      await writeAll(await linking);
    },
    async finish(id, content) {
      const files = Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
      await write(join(folder, contentFile), JSON.stringify(content));
      await write(join(folder, filesFile), JSON.stringify({ id, files } satisfies ReleaseFiles));
      await syncAll(folder, { files: written, folders: [...folders, folder] });
    },
  };
}

/** Every folder that holds a file or a folder, the outermost first; `.` is the one that holds all. */
function foldersOf(files: readonly DistFile[]): string[] {
  const folders = new Set(['.']);
  for (const { path } of files) {
    for (let folder = dirname(path); !folders.has(folder); folder = dirname(folder)) folders.add(folder);
  }
  return [...folders].sort();
}
