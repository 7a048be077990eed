import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { AstroIntegration } from 'astro';
import { close, createIndex, type PagefindIndex } from 'pagefind';
import { z } from 'zod';
import { BuildError } from '../errors.ts';

declare global {
  /** Whether who started the build makes the search index beside other work. */
  var meridianSearchLater: boolean | undefined;
}

/** Makes search indexes of one site again and again. It keeps what it knows of pages that stay the same. */
export interface SearchIndexer {
  /**
   * Makes the index of the pages that mark a part with `data-pagefind-body`, in the folder `pagefind` of a built site.
   * Answers how many they are.
   * @param written files of pages that are other ones than the last time; null: all may be
   * @throws BuildError when it cannot be made
   */
  index(site: string, written: readonly string[] | null): Promise<number>;
  /** Ends the program behind it. The next index is made of all pages. */
  end(): Promise<void>;
}

/** Makes the search index of every build. */
export function searchIndex(): AstroIntegration {
  return {
    name: 'meridian-search-index',
    hooks: {
      'astro:build:done': async ({ dir, logger }) => {
        if (globalThis.meridianSearchLater === true) return;
        const indexer = searchIndexer();
        try {
          logger.info(`${await indexer.index(fileURLToPath(dir), null)} pages read`);
        } finally {
          await indexer.end();
        }
      },
    },
  };
}

/** Makes an indexer. One at a time in a process, for the program behind it is shared. */
export function searchIndexer(): SearchIndexer {
  let known: { index: PagefindIndex; pages: readonly string[] } | null = null;

  async function end(): Promise<void> {
    known = null;
    await close();
  }

  return {
    end,
    async index(site, written) {
      const before = known;
      // Whatever breaks off leaves an index that cannot be gone on with.
      known = null;
      try {
        const candidates = await pagesInOrder(site);
        const changed = new Set(written ?? candidates);
        const texts = new Map<string, string>();
        for (const file of candidates) {
          if (!changed.has(file)) continue;
          const html = await readFile(path.join(site, file), 'utf8');
          if (marked.test(html)) texts.set(file, html);
        }
        const textOf = async (file: string) => texts.get(file) ?? readFile(path.join(site, file), 'utf8');
        const had = new Set(before?.pages);
        const pages = candidates.filter((file) => texts.has(file) || (had.has(file) && !changed.has(file)));
        if (before !== null && written !== null && begins(pages, before.pages)) {
          await addPages(before.index, [...texts.keys()], textOf);
          await writeIndex(before.index, path.join(site, folder));
          known = { index: before.index, pages };
        } else {
          await end();
          const { index, errors } = await createIndex({ forceLanguage: 'en' });
          if (index === undefined) throw failed(errors);
          await addPages(index, pages, textOf);
          await rm(path.join(site, folder), { recursive: true, force: true });
          await writeIndex(index, path.join(site, folder));
          known = { index, pages };
        }
        return pages.length;
      } catch (error) {
        await close();
        throw error;
      }
    },
  };
}

const folder = 'pagefind';
const marked = /\sdata-pagefind-body[\s=>]/;
const releaseSchema = z.object({ pages: z.array(z.object({ path: z.string() })) });
const entrySchema = z.object({
  languages: z.record(z.string(), z.object({ hash: z.string(), page_count: z.number() })),
});

/**
 * Files of all pages, the newest articles last. Pagefind numbers pages in the order in which they come, so the same pages
 * give the same index only in the same order, and an article that is added need not change the numbers of all others.
 */
async function pagesInOrder(site: string): Promise<string[]> {
  const { pages } = releaseSchema.parse(JSON.parse(await readFile(path.join(site, 'release.json'), 'utf8')));
  return pages.map(({ path: place }) => `${place.slice(1)}index.html`).toReversed();
}

function begins(pages: readonly string[], beginning: readonly string[]): boolean {
  return beginning.every((page, index) => pages[index] === page);
}

/** Pages on their way to Pagefind at once. It takes them in the order in which they are sent, and need not wait for the next. */
const addedAtOnce = 16;

async function addPages(
  index: PagefindIndex,
  files: readonly string[],
  textOf: (file: string) => Promise<string>,
): Promise<void> {
  for (let first = 0; first < files.length; first += addedAtOnce) {
    const some = files.slice(first, first + addedAtOnce);
    const contents = await Promise.all(some.map(textOf));
    const answers = await Promise.all(
      some.map((sourcePath, at) => index.addHTMLFile({ sourcePath, content: contents[at] ?? '' })),
    );
    const errors = answers.flatMap((answer) => answer.errors);
    if (errors.length > 0) throw failed(errors);
  }
}

/** Pagefind leaves files that are there already and those of an index before, so the latter are removed. */
async function writeIndex(index: PagefindIndex, outputPath: string): Promise<void> {
  const write = async () => {
    const { errors } = await index.writeFiles({ outputPath });
    if (errors.length > 0) throw failed(errors);
  };
  await write();
  if (await removeFormer(outputPath)) return;
  await rm(outputPath, { recursive: true, force: true });
  await write();
}

/** Answers false when it cannot tell which files belong to the index. */
async function removeFormer(outputPath: string): Promise<boolean> {
  const entry = entrySchema.safeParse(
    JSON.parse(await readFile(path.join(outputPath, 'pagefind-entry.json'), 'utf8')),
  );
  if (!entry.success) return false;
  const names = new Set<string>();
  let pages = 0;
  for (const { hash, page_count: count } of Object.values(entry.data.languages)) {
    const meta = gunzipSync(await readFile(path.join(outputPath, `pagefind.${hash}.pf_meta`))).toString(
      'latin1',
    );
    names.add(hash);
    pages += count;
    // CBOR: a text of less than 24 bytes stands behind one byte that says how long it is.
    for (const { 0: start, index: at } of meta.matchAll(/[\x64-\x77](?=[a-z]{2}_[0-9a-f])/g)) {
      names.add(meta.slice(at + 1, at + 1 + start.charCodeAt(0) - 0x60));
    }
  }
  const former: string[] = [];
  let fragments = 0;
  for (const file of await readdir(outputPath, { recursive: true })) {
    const name = /(?:^|[/\\.])([a-z]{2}_[0-9a-f]+)\.pf_(\w+)$/.exec(file);
    if (name?.[1] === undefined) continue;
    if (!names.has(name[1])) former.push(file);
    else if (name[2] === 'fragment') fragments += 1;
  }
  if (fragments !== pages) return false;
  for (const file of former) await rm(path.join(outputPath, file));
  return true;
}

function failed(errors: readonly string[]): BuildError {
  return new BuildError(
    `The search index cannot be made: ${errors.join('; ')}. Build again; if it stays so, reinstall the packages.`,
  );
}
