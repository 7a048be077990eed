import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { close, createIndex } from 'pagefind';
import { BuildError } from '../errors.ts';

/** Makes the search index of the pages that mark a part with `data-pagefind-body`, in `/pagefind/`. */
export function searchIndex(): AstroIntegration {
  return {
    name: 'meridian-search-index',
    hooks: {
      'astro:build:done': async ({ dir, logger }) => {
        const site = fileURLToPath(dir);
        try {
          const { index, errors } = await createIndex({ forceLanguage: 'en' });
          if (index === undefined) throw failed(errors);
          const added = await index.addDirectory({ path: site });
          if (added.errors.length > 0) throw failed(added.errors);
          const written = await index.writeFiles({ outputPath: fileURLToPath(new URL('./pagefind/', dir)) });
          if (written.errors.length > 0) throw failed(written.errors);
          logger.info(`${added.page_count} pages read`);
        } finally {
          await close();
        }
      },
    },
  };
}

function failed(errors: readonly string[]): BuildError {
  return new BuildError(
    `The search index cannot be made: ${errors.join('; ')}. Build again; if it stays so, reinstall the packages.`,
  );
}
