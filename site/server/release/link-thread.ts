import { linkSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { LinkJob } from './links.ts';

// The thread of links.ts.
const { from, to, files } = workerData as LinkJob;
const folders = new Set<string>();

function link(names: readonly string[]): boolean {
  const linked: string[] = [];
  try {
    for (const name of names) {
      const target = join(to, name);
      const folder = dirname(target);
      if (!folders.has(folder)) mkdirSync(folder, { recursive: true });
      folders.add(folder);
      linkSync(join(from, name), target);
      linked.push(target);
    }
    return true;
  } catch {
    // Another disk, too many links, a file gone: whoever asked writes it anew.
    for (const target of linked) rmSync(target, { force: true });
    return false;
  }
}

parentPort?.postMessage(files.map(link));
