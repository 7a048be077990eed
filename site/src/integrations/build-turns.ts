import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { BuildError } from '../errors.ts';
import { type Lock, takeLock } from '../locks.ts';

const longestWait = 600_000;

declare global {
  /** The turn of this process. A process may build several times, and each build loads this module anew. */
  var meridianBuildTurn: Lock | undefined;
}

/**
 * Lets one build of this folder run at a time; others wait. Astro keeps its intermediate files in `.astro` whatever the
 * output folder is, so two builds at once would take each other's files and leave out styles.
 */
export function buildTurns(): AstroIntegration {
  return {
    name: 'meridian-build-turns',
    hooks: {
      'astro:config:setup': async ({ command, config }) => {
        if (command !== 'build' || globalThis.meridianBuildTurn !== undefined) return;
        const file = path.join(fileURLToPath(config.root), '.astro', 'build.lock');
        const lock = await takeLock(file, longestWait);
        if (lock === null) {
          throw new BuildError(
            `Another build of the site has held ${file} for 10 minutes. Stop it, then build again.`,
          );
        }
        globalThis.meridianBuildTurn = lock;
      },
      'astro:build:done': () => endTurn(),
    },
  };
}

/** Lets others build, after a build in this process that failed. */
export function endTurn(): void {
  globalThis.meridianBuildTurn?.release();
  globalThis.meridianBuildTurn = undefined;
}
