import { copyFileSync, existsSync, mkdirSync, renameSync, statSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';

/** Bytes from which on a log is put aside, and how many older parts stay. */
const LARGEST = 10e6;
const KEPT = 4;
const LOOK_EVERY = 10_000;

/** Puts aside what an earlier run wrote (`site.log.1` is the newest of it), so that the log can be begun anew. */
export function beginLog(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  if (!existsSync(file) || statSync(file).size === 0) return;
  makeRoom(file);
  renameSync(file, part(file, 1));
}

/**
 * Keeps a log that a program appends to within bounds, for as long as it runs. What is written in the instant between
 * copying and cutting is lost.
 *
 * @returns what ends it
 */
export function boundLog(file: string, largest = LARGEST, every = LOOK_EVERY): () => void {
  const timer = setInterval(() => {
    try {
      if (statSync(file).size < largest) return;
      makeRoom(file);
      copyFileSync(file, part(file, 1));
      truncateSync(file);
    } catch {
      // A full disk, or somebody took the file away: the program goes on, and the next look may succeed.
    }
  }, every);
  timer.unref();
  return () => clearInterval(timer);
}

function makeRoom(file: string): void {
  for (let number = KEPT - 1; number >= 1; number -= 1) {
    if (existsSync(part(file, number))) renameSync(part(file, number), part(file, number + 1));
  }
}

function part(file: string, number: number): string {
  return `${file}.${number}`;
}
