import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scriptsFile } from '../../src/integrations/own-scripts.ts';
import { ServerError } from '../errors.ts';
import { isPage } from '../media-types.ts';
import { slotsIn } from '../slot-marks.ts';
import { contentFile, type ReleaseFile } from './manifest.ts';
import { readPage, type PageFacts } from './pages.ts';
import { atOnce, mapParallel } from './parallel.ts';

/** A file of a finished build. `path` is below the build's folder; `page` is null for what is no page. */
export interface DistFile {
  path: string;
  hash: string;
  size: number;
  page: PageFacts | null;
  slots: ReleaseFile['slots'];
}

/** What was read before, with what tells by a look at the file that it is the same: most stay so from build to build. */
let known: ReadonlyMap<string, { look: string; file: DistFile }> = new Map();

/**
 * Reads every file of a build that may be served, and is different from when it was last read.
 * @param late a folder that is read after all else, when it is whole
 * @param onEarly is given the files outside it as soon as they are read
 * @throws ServerError when there is a link among them.
 */
export async function readDist(
  dist: string,
  late: { folder: string; done: Promise<unknown> } | null = null,
  onEarly: (files: readonly DistFile[]) => void = () => undefined,
): Promise<DistFile[]> {
  const read = new Map<string, { look: string; file: DistFile }>();
  const readAll = (paths: readonly string[]) =>
    mapParallel(paths, atOnce, async (path) => {
      const place = join(dist, path);
      const look = lookOf(place);
      const before = known.get(place);
      const file = before?.look === look ? before.file : await readDistFile(place, path);
      read.set(place, { look, file });
      return file;
    });
  const files = await readAll(listFiles(dist, '', late === null ? [] : [late.folder]));
  if (late !== null) {
    onEarly([...files]);
    await late.done;
    files.push(...(await readAll(listFiles(dist, late.folder))));
    files.sort((a, b) => (a.path < b.path ? -1 : 1));
  }
  known = read;
  return files;
}

/** Paths below `dist` of the files of a folder and of all folders in it, sorted. */
function listFiles(dist: string, folder: string, leftOut: readonly string[] = []): string[] {
  const paths: string[] = [];
  const list = (place: string) => {
    // Synchronous on purpose: there is a folder for each page, and each takes a tenth of what waiting for it would add.
    for (const entry of readdirSync(join(dist, place), { withFileTypes: true })) {
      const path = place === '' ? entry.name : `${place}/${entry.name}`;
      if (entry.isSymbolicLink()) {
        throw new ServerError(
          `${join(dist, path)} is a link. A release holds files only: build the site again.`,
        );
      }
      if (entry.isDirectory() && !leftOut.includes(path)) list(path);
      if (entry.isFile() && isPublic(path)) paths.push(path);
    }
  };
  list(folder);
  return paths.sort();
}

function lookOf(place: string): string {
  const { ino, size, mtimeMs, ctimeMs } = statSync(place);
  return [ino, size, mtimeMs, ctimeMs].join(' ');
}

/** Hidden files stay out, and compressed twins, which the release makes itself. */
function isPublic(path: string): boolean {
  const hidden = path.split('/').some((segment) => segment.startsWith('.') && segment !== '.well-known');
  return !hidden && path !== contentFile && path !== scriptsFile && !/\.(br|gz)$/.test(path);
}

async function readDistFile(place: string, path: string): Promise<DistFile> {
  const bytes = await readFile(place);
  const file = { path, hash: hashOf(bytes), size: bytes.byteLength };
  if (!isPage(path)) return { ...file, page: null, slots: [] };
  const html = bytes.toString('utf8');
  return { ...file, page: readPage(html), slots: slotsIn(html) };
}

/** What tells one content of a file from every other. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url').slice(0, 27);
}
