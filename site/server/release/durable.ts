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

/** Waits until a file, or the names in a folder, are on the disk itself. */
export async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Waits until very many files and folders below one are on the disk itself. */
export async function syncAll(
  root: string,
  paths: { readonly files: readonly string[]; readonly folders: readonly string[] },
): Promise<void> {
  // Linux can wait for a whole file system, which takes as long as a few files do.
  const waited =
    process.platform === 'linux' && (await promisify(execFile)('sync', ['-f', root]).then(yes, no));
  if (!waited) await mapParallel([...paths.files, ...paths.folders], atOnce, sync);
}

const yes = () => true;
const no = () => false;
