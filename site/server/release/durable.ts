import { execFile } from 'node:child_process';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { atOnce, mapParallel } from './parallel.ts';

/** Writes a new file and waits until it is on the disk itself. */
export async function writeDurably(path: string, data: Uint8Array | string): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await handle.writeFile(data);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Waits until the names in a folder are on the disk itself. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** As `syncFolder`, for very many folders below one. */
export async function syncFolders(root: string, folders: readonly string[]): Promise<void> {
  // Linux can wait for a whole file system, which takes as long as a few folders do.
  const waited =
    process.platform === 'linux' && (await promisify(execFile)('sync', ['-f', root]).then(yes, no));
  if (!waited) await mapParallel(folders, atOnce, syncFolder);
}

const yes = () => true;
const no = () => false;
