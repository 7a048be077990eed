import { writeFile } from 'node:fs/promises';
import type { AstroIntegration } from 'astro';
import type { Plugin } from 'vite';
import { hashSource } from '../hash-source.ts';

/** File of a build that lists the scripts in its pages, as a policy of content names them. It is not public. */
export const scriptsFile = 'scripts.json';

/**
 * Writes down which scripts the code of the pages has, for the policy that pages are served with. They are in the pages
 * themselves, for not every browser knows hashes of files. It is never read from pages: what content brought into one must not
 * be allowed by having come.
 */
export function ownScripts(): AstroIntegration {
  const scripts = new Set<string>();
  return {
    name: 'meridian-own-scripts',
    hooks: {
      'astro:config:setup': ({ updateConfig }) => {
        updateConfig({ vite: { plugins: [noteScripts(scripts)] } });
      },
      'astro:build:done': async ({ dir }) => {
        await writeFile(new URL(scriptsFile, dir), JSON.stringify([...scripts].toSorted()));
      },
    },
  };
}

/** Notes every script for browsers before Astro takes it out of the files and puts it into pages. */
function noteScripts(scripts: Set<string>): Plugin {
  return {
    name: 'meridian-note-scripts',
    applyToEnvironment: ({ name }) => name === 'client',
    generateBundle: {
      order: 'pre',
      handler(_options, bundle) {
        scripts.clear();
        for (const output of Object.values(bundle)) {
          if (output.type === 'chunk') scripts.add(hashSource(output.code.trim()));
        }
      },
    },
  };
}

/** For `vite.build.assetsInlineLimit`: scripts stand in pages, everything else stays files. */
export function inlinesScriptsOnly(file: string): boolean {
  return file.endsWith('.js');
}
