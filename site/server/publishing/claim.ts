import { join } from 'node:path';
import { type Lock, takeLock } from '../../src/locks.ts';
import { ServerError } from '../errors.ts';

/**
 * Claims a DATA_DIR for one site server. The claim ends with the process, however it ends.
 * @throws ServerError when another one has it
 */
export async function claimSite(dataDir: string): Promise<Lock> {
  const lock = await tryClaimSite(dataDir);
  if (lock !== null) return lock;
  throw new ServerError(
    `Another site server runs on ${dataDir}. Two would take each other's releases away. Stop the other one first, or set DATA_DIR to a folder of its own.`,
  );
}

/** As `claimSite`, but null when another one has it. */
export function tryClaimSite(dataDir: string): Promise<Lock | null> {
  return takeLock(join(dataDir, 'site.lock'));
}
