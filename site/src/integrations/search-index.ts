import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { close, createIndex } from 'pagefind';
import { BuildError } from '../errors.ts';

declare global {
  /** Whether who started the build makes the search index beside other work. */
  var meridianSearchLater: boolean | undefined;
}

/** Makes the search index of the pages that mark a part with `data-pagefind-body`, in `/pagefind/`. */
export function searchIndex(): AstroIntegration {
  return {
    name: 'meridian-search-index',
    hooks: {
      'astro:build:done': async ({ dir, logger }) => {
        if (globalThis.meridianSearchLater === true) return;
        const pages = await makeSearchIndex(fileURLToPath(dir));
        logger.info(`${pages} pages read`);
      },
    },
  };
}

/**
 * Makes the search index of a built site, in its folder `pagefind`. Answers how many pages were read.
 * @throws BuildError when it cannot be made
 */
export async function makeSearchIndex(site: string): Promise<number> {
  try {
    const { index, errors } = await createIndex({ forceLanguage: 'en' });
    if (index === undefined) throw failed(errors);
    const added = await index.addDirectory({ path: site });
    if (added.errors.length > 0) throw failed(added.errors);
    const written = await index.writeFiles({ outputPath: path.join(site, 'pagefind') });
    if (written.errors.length > 0) throw failed(written.errors);
    return added.page_count;
  } finally {
    await close();
  }
}

function failed(errors: readonly string[]): BuildError {
  return new BuildError(
    `The search index cannot be made: ${errors.join('; ')}. Build again; if it stays so, reinstall the packages.`,
  );
}
