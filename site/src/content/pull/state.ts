import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

/** What the pull before found, kept to notice content that is suddenly gone. The place for the revision of later pulls. */
const stateSchema = z.object({ articles: z.int().nonnegative() });

export type PullState = z.infer<typeof stateSchema>;

/** The state of the pull before; null when there was none or it cannot be read. */
export async function readState(cacheDir: string): Promise<PullState | null> {
  try {
    const result = stateSchema.safeParse(JSON.parse(await readFile(stateFile(cacheDir), 'utf8')));
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}

/** Keeps the state of a pull that went through. */
export async function writeState(cacheDir: string, state: PullState): Promise<void> {
  await mkdir(cacheDir, { recursive: true });
  const file = stateFile(cacheDir);
  await writeFile(`${file}.new`, JSON.stringify(state));
  await rename(`${file}.new`, file);
}

function stateFile(cacheDir: string): string {
  return path.join(cacheDir, 'pull.json');
}
