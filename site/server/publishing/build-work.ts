import { createHash } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'astro';
import { z } from 'zod';
import type { BuildSettings } from '../../settings.ts';
import type { Contents } from '../../src/content/pull/contents.ts';
import { handOver } from '../../src/content/pull/handover.ts';
import { type Pulled, pull } from '../../src/content/pull/pull.ts';
import { dayOf } from '../../src/features/dates/dates.ts';
import { exists } from '../../src/features/pictures/process.ts';
import { endTurn } from '../../src/integrations/build-turns.ts';
import { makeSearchIndex } from '../../src/integrations/search-index.ts';
import { clinicSchema } from '@meridian/shared-types';
import { type Measure, prepareRelease } from '../release/make.ts';
import type { Order, Outcome } from './orders.ts';

const site = path.resolve(import.meta.dirname, '../..');

/**
 * Content faults, told by their shape: those found while pages are made come from modules that the build loaded anew,
 * so they are of another class than the one of this process.
 */
const contentFault = z.object({
  name: z.literal('ContentError'),
  message: z.string(),
  problems: z.array(
    z.object({
      type: z.string(),
      documentId: z.string().nullable(),
      title: z.string().nullable(),
      text: z.string(),
    }),
  ),
});

/**
 * Makes what fulfils orders: pulls what changed, builds the pages, checks them and prepares the release. It remembers
 * what it pulled last.
 */
export function buildWork(
  settings: BuildSettings,
): (order: Order, timings: Record<string, number>) => Promise<Outcome> {
  let known: Contents | null = null;

  return async (order, timings) => {
    const measure: Measure = async (step, work) => {
      const begin = performance.now();
      try {
        return await work();
      } finally {
        timings[step] = Math.round(performance.now() - begin);
      }
    };
    try {
      const pulled = await measure('pull', () => pull(settings, undefined, known));
      known = pulled.contents;
      if (!order.warmUp && isLive(order, pulled)) return { kind: 'unchanged', revision: pulled.revision };
      for (const warning of pulled.warnings) console.warn(warning);
      const dist = distFolder(settings.dataDir);
      await measure('build', () => buildPages(pulled, settings, dist));
      // The search index is another program's work, so pages are read meanwhile.
      const search = measure('search', () => makeSearchIndex(dist));
      search.catch(() => null);
      if (order.warmUp) {
        await search;
        return { kind: 'unchanged', revision: pulled.revision };
      }
      const { id, revision, pages, day, collapse } = await prepareRelease({
        dist,
        releasesDir: path.join(settings.dataDir, 'releases'),
        siteUrl: settings.siteUrl,
        about: { builtFrom: order.builtFrom, contentDigest: pulled.digest },
        late: { folder: 'pagefind', done: search },
        measure,
      });
      const madeOf = { builtFrom: order.builtFrom, contentDigest: pulled.digest, day };
      return { kind: 'prepared', id, revision, pages, madeOf, collapse };
    } catch (error) {
      const fault = contentFault.safeParse(error);
      if (!fault.success) throw error;
      return {
        kind: 'content',
        message: fault.data.message,
        entries: fault.data.problems.flatMap(({ type, documentId, title, text }) =>
          documentId === null ? [] : [{ type, documentId, title, message: text }],
        ),
      };
    }
  };
}

/**
 * Where a build lies until it is a release; of its own for each DATA_DIR. Astro moves files there from folders that it
 * keeps below the site, which fails from one disk to another, and DATA_DIR is often a disk of its own.
 */
function distFolder(dataDir: string): string {
  return path.join(site, '.astro', `dist-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`);
}

/** Whether a build would make the live release again. */
function isLive({ live, builtFrom }: Order, { digest, entries }: Pulled): boolean {
  if (live === null) return false;
  const clinic = clinicSchema.safeParse(entries.clinic[0]?.raw);
  const today = clinic.success ? dayOf(new Date().toISOString(), clinic.data.timeZone) : null;
  return live.contentDigest === digest && live.builtFrom === builtFrom && live.day === today;
}

async function buildPages(pulled: Pulled, settings: BuildSettings, dist: string): Promise<void> {
  const cache = path.join(settings.dataDir, 'cache', 'astro');
  const unfinished = path.join(settings.dataDir, 'cache', 'astro-unfinished');
  // Pages in the cache may be newer than its list of them, or cut off: a build that was broken off leaves none to trust.
  if (await exists(unfinished)) await rm(cache, { recursive: true, force: true });
  await writeFile(unfinished, '');
  handOver(pulled);
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
