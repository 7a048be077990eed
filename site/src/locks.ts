import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';

/** Something that one process has for itself. */
export interface Lock {
  release(): void;
}

const pause = 50;
/** A database that nobody refers to is closed by the garbage collector, and its lock with it. */
const held = new Set<DatabaseSync>();

/**
 * Takes a lock that the operating system gives back by itself when this process ends, however it ends: SQLite locks a
 * file, which Node alone cannot. Nobody has to guess from a process number whether its holder still lives.
 *
 * @param file is made, and stays
 * @param patience milliseconds to wait for another holder
 * @returns null when another process has it
 */
export async function takeLock(file: string, patience = 0): Promise<Lock | null> {
  await mkdir(path.dirname(file), { recursive: true });
  const end = performance.now() + patience;
  for (;;) {
    const lock = tryLock(file);
    if (lock !== null || performance.now() >= end) return lock;
    await wait(pause);
  }
}

function tryLock(file: string): Lock | null {
  const database = new DatabaseSync(file);
  try {
    // Nothing is written, so that a full disk is no hindrance.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    held.add(database);
    return {
      release: () => {
        if (held.delete(database)) database.close();
      },
    };
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && (error.errcode === 5 || error.errcode === 6))
      return null;
    throw error;
  }
}
