import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
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

type Facts = Pick<DistFile, 'page' | 'slots'>;

/** Facts of the pages of the build before, by their hash: most pages stay the same from build to build. */
let facts: ReadonlyMap<string, Facts> = new Map();

/**
 * Reads every file of a build that may be served.
 * @param late a folder that is read after all else, when it is whole
 * @throws ServerError when there is a link among them.
 */
export async function readDist(
  dist: string,
  late: { folder: string; done: Promise<unknown> } | null = null,
): Promise<DistFile[]> {
  const used = new Map<string, Facts>();
  const read = (paths: readonly string[]) =>
    mapParallel(paths, atOnce, (path) => readDistFile(dist, path, used));
  const isLate = (path: string) => late !== null && path.startsWith(`${late.folder}/`);
  const files = await read((await listFiles(dist)).filter((path) => !isLate(path)));
  if (late !== null) {
    await late.done;
    files.push(...(await read((await listFiles(dist)).filter(isLate))));
    files.sort((a, b) => (a.path < b.path ? -1 : 1));
  }
  facts = used;
  return files;
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

async function readDistFile(dist: string, path: string, used: Map<string, Facts>): Promise<DistFile> {
  const bytes = await readFile(join(dist, path));
  const file = { path, hash: hashOf(bytes), size: bytes.byteLength };
  if (!isPage(path)) return { ...file, page: null, slots: [] };
  const known = facts.get(file.hash) ?? factsOf(bytes.toString('utf8'));
  used.set(file.hash, known);
  return { ...file, ...known };
}

function factsOf(html: string): Facts {
  return { page: readPage(html), slots: slotsIn(html) };
}

/** What tells one content of a file from every other. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url').slice(0, 27);
}
