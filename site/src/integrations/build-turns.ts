import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { BuildError } from '../errors.ts';

const pause = 250;
const longestWait = 600_000;

/**
 * Lets one build of this folder run at a time; others wait. Astro keeps its intermediate files in `.astro` whatever the
 * output folder is, so two builds at once would take each other's files and leave out styles.
 */
export function buildTurns(): AstroIntegration {
  let lock: string | null = null;
  return {
    name: 'meridian-build-turns',
    hooks: {
      'astro:config:setup': async ({ command, config }) => {
        if (command !== 'build') return;
        const folder = fileURLToPath(new URL('.astro/', config.root));
        await mkdir(folder, { recursive: true });
        lock = path.join(folder, 'build.lock');
        await take(lock);
      },
      'astro:build:done': async () => {
        if (lock !== null) await rm(lock, { force: true });
      },
    },
  };
}

/** Waits until no other process that still runs holds the lock. A failed build frees it by ending. */
async function take(lock: string): Promise<void> {
  const end = Date.now() + longestWait;
  while (Date.now() < end) {
    try {
      await writeFile(lock, String(process.pid), { flag: 'wx' });
      return;
    } catch {
      const holder = Number(await readFile(lock, 'utf8').catch(() => ''));
      if (holder === process.pid) return;
      if (holder > 0 && !isRunning(holder)) await rm(lock, { force: true });
      else await wait(pause);
    }
  }
  throw new BuildError(
    `Another build of the site has held ${lock} for 10 minutes. Stop it, then build again.`,
  );
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
