import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Name of the file that remembers, beside the data and beside the backups, what must not come back. */
export const erasuresFile = 'erasures.txt';

/** References of requests that were deleted for good, from every one of these folders that remembers some. */
export async function erasuresIn(folders: readonly string[]): Promise<string[]> {
  const texts = await Promise.all(
    folders.map((folder) => readFile(join(folder, erasuresFile), 'utf8').catch(() => '')),
  );
  const lines = texts.flatMap((text) => text.split('\n')).map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== ''))];
}
