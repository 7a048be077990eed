import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'astro';
import { z } from 'zod';
import type { BuildSettings } from '../../settings.ts';
import { handOver } from '../../src/content/pull/handover.ts';
import type { Pulled } from '../../src/content/pull/pull.ts';
import { exists } from '../../src/features/pictures/process.ts';
import { endTurn } from '../../src/integrations/build-turns.ts';
import { type KeptPrinter, takePrinter } from '../../src/integrations/kept-printer.ts';
import { placeMedia } from '../../src/integrations/media.ts';
import { ServerError } from '../errors.ts';
import { contentFault } from './content-fault.ts';

/** Pages that were written and removed, by the paths of their files. Null: all may be other ones. */
export type Printed = { written: string[]; removed: string[] } | null;

/** Puts the built site into a folder. */
export type Printer = (pulled: Pulled) => Promise<Printed>;

type Page = KeptPrinter['paths'][number];

/** A printer that stays loaded, and what of its pages lies in the folder: digests by the paths of their files. */
interface Loaded {
  prerenderer: KeptPrinter['prerenderer'];
  digests: Map<string, string | undefined>;
}

const site = path.resolve(import.meta.dirname, '../..');
/** Astro remembers which pages a route has. There is no official way to have it ask again, so this may be missing. */
const rememberingSchema = z.object({ app: z.object({ routeCache: z.object({ clearAll: z.function() }) }) });
const remembering = z.custom<{ app: { routeCache: { clearAll: () => void } } }>(
  (value) => rememberingSchema.safeParse(value).success,
);

/**
 * Makes a printer for this process, whose code must not change. It builds the whole site once; from then on it prints
 * what is to be other than it is. A clean build of the same content gives the same files, byte for byte.
 */
export function makePrinter(settings: BuildSettings, dist: string): Printer {
  let loaded: Loaded | null = null;

  return async (pulled) => {
    handOver(pulled);
    const before = loaded;
    // Whatever breaks off leaves a folder that cannot be told from its look, so the next time all is built.
    loaded = null;
    if (before === null) {
      await buildAll(settings, dist);
      loaded = loadedPrinter();
      return null;
    }
    try {
      const printed = await printChanges(before, settings, dist);
      loaded = before;
      return printed;
    } catch (error) {
      // Faults of content are found before the first page is written.
      if (contentFault.safeParse(error).success) loaded = before;
      throw error;
    }
  };
}

/**
 * Where a build lies until it is a release; of its own for each DATA_DIR. Astro moves files there from folders that it
 * keeps below the site, which fails from one disk to another, and DATA_DIR is often a disk of its own.
 */
export function distFolder(dataDir: string): string {
  return path.join(site, '.astro', `dist-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`);
}

function loadedPrinter(): Loaded | null {
  const kept = takePrinter();
  if (kept === null || !remembering.safeParse(kept.prerenderer).success) return null;
  const pages = [...pagesByFile(kept.paths)];
  return {
    prerenderer: kept.prerenderer,
    digests: new Map(pages.map(([file, { cacheKey }]) => [file, cacheKey])),
  };
}

async function printChanges(
  { prerenderer, digests }: Loaded,
  settings: BuildSettings,
  dist: string,
): Promise<NonNullable<Printed>> {
  remembering.parse(prerenderer).app.routeCache.clearAll();
  const pages = pagesByFile(await prerenderer.getStaticPaths());
  const written: string[] = [];
  const removed = [...digests.keys()].filter((file) => !pages.has(file));
  for (const file of removed) {
    await removeFile(dist, file);
    digests.delete(file);
  }
  for (const [file, page] of pages) {
    if (page.cacheKey !== undefined && digests.get(file) === page.cacheKey) continue;
    if (await writeChanged(path.join(dist, file), await print(prerenderer, page, settings)))
      written.push(file);
    digests.set(file, page.cacheKey);
  }
  await placeMedia(settings.dataDir, dist);
  return { written, removed };
}

async function print(
  prerenderer: KeptPrinter['prerenderer'],
  { pathname, route }: Page,
  { siteUrl }: BuildSettings,
): Promise<Buffer> {
  const address = route.type === 'page' && !pathname.endsWith('/') ? `${pathname}/` : pathname;
  const result = await prerenderer.render(new Request(new URL(address, siteUrl)), { routeData: route });
  const response = result instanceof Response ? result : result.response;
  if (!response.ok && pathname !== notFound) {
    throw new ServerError(`The page ${pathname} could not be made: it came with status ${response.status}.`);
  }
  return Buffer.from(await response.arrayBuffer());
}

const notFound = '/404';

/** Where Astro puts pages. Of two with one address it makes the first, as here. */
function pagesByFile(pages: readonly Page[]): Map<string, Page> {
  const byFile = new Map<string, Page>();
  for (const page of pages) {
    const { pathname, route } = page;
    const place = pathname.replace(/^\/|\/$/g, '');
    const file =
      route.type !== 'page'
        ? place
        : pathname === notFound
          ? '404.html'
          : path.posix.join(place, 'index.html');
    if (!byFile.has(file)) byFile.set(file, page);
  }
  return byFile;
}

/** Answers whether the file was another one before. */
async function writeChanged(file: string, bytes: Buffer): Promise<boolean> {
  const before = await readFile(file).catch(() => null);
  if (before?.equals(bytes) === true) return false;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, bytes);
  return true;
}

async function removeFile(dist: string, file: string): Promise<void> {
  await rm(path.join(dist, file), { force: true });
  for (let folder = path.dirname(file); folder !== '.'; folder = path.dirname(folder)) {
    const emptied = await rmdir(path.join(dist, folder)).then(
      () => true,
      () => false,
    );
    if (!emptied) return;
  }
}

async function buildAll(settings: BuildSettings, dist: string): Promise<void> {
  const cache = path.join(settings.dataDir, 'cache', 'astro');
  const unfinished = path.join(settings.dataDir, 'cache', 'astro-unfinished');
  // Pages in the cache may be newer than its list of them, or cut off: a build that was broken off leaves none to trust.
  if (await exists(unfinished)) await rm(cache, { recursive: true, force: true });
  await writeFile(unfinished, '');
  globalThis.meridianSearchLater = true;
  // Astro would empty the folder before it begins; to remove it can wait.
  const aside = `${dist}-before`;
  await rm(aside, { recursive: true, force: true });
  if (await exists(dist)) await rename(dist, aside);
  try {
    await build({ root: site, outDir: dist, logLevel: 'warn' });
  } catch (error) {
    // Faults of content are found before the first page is written.
    if (contentFault.safeParse(error).success) await rm(unfinished, { force: true });
    throw error;
  } finally {
    endTurn();
  }
  await rm(unfinished, { force: true });
  void rm(aside, { recursive: true, force: true }).catch(() => null);
}
