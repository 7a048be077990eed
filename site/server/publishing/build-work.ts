import path from 'node:path';
import type { BuildSettings } from '../../settings.ts';
import type { Contents } from '../../src/content/pull/contents.ts';
import { keepContents, type Pulled, pull } from '../../src/content/pull/pull.ts';
import { dayOf } from '../../src/features/dates/dates.ts';
import { searchIndexer } from '../../src/integrations/search-index.ts';
import { clinicSchema } from '@meridian/shared-types';
import { messageOf } from '../errors.ts';
import { readDist } from '../release/dist.ts';
import { type Measure, prepareRelease } from '../release/make.ts';
import { contentFault } from './content-fault.ts';
import type { Order, Outcome } from './orders.ts';
import { distFolder, makePrinter } from './printer.ts';

/**
 * Makes what fulfils orders: pulls what changed, builds the pages, checks them and prepares the release. It remembers
 * what it pulled last.
 */
export function buildWork(
  settings: BuildSettings,
): (order: Order, timings: Record<string, number>) => Promise<Outcome> {
  const dist = distFolder(settings.dataDir);
  const print = makePrinter(settings, dist);
  const indexer = searchIndexer();
  let known: Contents | null = null;
  let kept = -1;
  let keeping: Promise<unknown> = Promise.resolve();

  /** Keeps what was pulled once the answer is on its way. The next order waits for it. */
  function keepSoon(contents: Contents): void {
    if (contents.revision === kept) return;
    kept = contents.revision;
    keeping = new Promise((resolve) => setImmediate(resolve))
      .then(() => keepContents(settings, contents))
      // Without it the next process pulls a little more.
      .catch((error: unknown) => console.warn(messageOf(error)));
  }

  return async (order, timings) => {
    await keeping;
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
      if (known === null) kept = pulled.revision;
      known = pulled.contents;
      if (!order.warmUp && isLive(order, pulled)) return { kind: 'unchanged', revision: pulled.revision };
      for (const warning of pulled.warnings) console.warn(warning);
      const printed = await measure('build', () => print(pulled));
      // The search index is another program's work, so pages are read meanwhile.
      const search = measure('search', () => indexer.index(dist, printed?.written ?? null));
      if (order.warmUp) {
        await search;
        await readDist(dist);
        return { kind: 'unchanged', revision: pulled.revision };
      }
      const { id, revision, pages, day, collapse } = await prepareRelease({
        dist,
        releasesDir: path.join(settings.dataDir, 'releases'),
        siteUrl: settings.siteUrl,
        about: { builtFrom: order.builtFrom, contentDigest: pulled.digest },
        late: { folder: 'pagefind', done: search },
        measure,
        // The next order must not find the search index half written.
      }).finally(() => Promise.allSettled([search]));
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
    } finally {
      if (known !== null) keepSoon(known);
    }
  };
}

/** Whether a build would make the live release again. */
function isLive({ live, builtFrom }: Order, { digest, entries }: Pulled): boolean {
  if (live === null) return false;
  const clinic = clinicSchema.safeParse(entries.clinic[0]?.raw);
  const today = clinic.success ? dayOf(new Date().toISOString(), clinic.data.timeZone) : null;
  return live.contentDigest === digest && live.builtFrom === builtFrom && live.day === today;
}
