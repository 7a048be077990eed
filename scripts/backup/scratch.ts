import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { takeLock } from '../../site/src/locks.ts';

/** Folders of DATA_DIR in which backups and restores work. What is in them is not encrypted. */
export const scratchFolder = /^\.(?:backup|restoring)-/;
const unfinishedArchive = /^\.meridian-.*\.age$/;
const day = 24 * 60 * 60 * 1000;

/**
 * Lets work have a folder of DATA_DIR that only its owner can read, and that is gone afterwards. A process that is killed
 * leaves it behind, with a lock that nobody holds any more, for `sweepScratch`.
 */
export async function withScratch<Result>(
  dataDir: string,
  kind: 'backup' | 'restoring',
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = join(dataDir, `.${kind}-${randomUUID()}`);
  await mkdir(folder, { mode: 0o700 });
  const lock = await takeLock(lockOf(folder));
  try {
    const files = join(folder, 'files');
    await mkdir(files, { mode: 0o700 });
    return await work(files);
  } finally {
    lock?.release();
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Deletes what backups and restores left behind that were killed: an unencrypted copy of the clinic must not stay, least of
 * all with requests that are erased since. What another process works in, in whatever container, stays.
 */
export async function sweepScratch(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir).catch(() => [])) {
    if (!scratchFolder.test(name)) continue;
    const folder = join(dataDir, name);
    const lock = await takeLock(lockOf(folder));
    if (lock === null) continue;
    await rm(folder, { recursive: true, force: true });
    lock.release();
  }
}

/** Deletes encrypted archives in a folder of backups that were begun more than a day ago and never finished. */
export async function sweepUnfinished(backupDir: string): Promise<void> {
  for (const name of await readdir(backupDir).catch(() => [])) {
    if (!unfinishedArchive.test(name)) continue;
    const file = join(backupDir, name);
    const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > day) await rm(file, { force: true });
  }
}

function lockOf(folder: string): string {
  return join(folder, 'lock');
}
