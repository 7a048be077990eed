import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError, systemCode } from './errors.ts';

/**
 * Claims a DATA_DIR for this process; two systems on one database file would damage each other's work.
 *
 * @returns gives it back
 * @throws OperatorError when another process that still runs has it
 */
export function claimDataDir(dataDir: string): () => void {
  const file = lockFile(dataDir);
  const owner = ownerOf(dataDir);
  if (owner !== undefined) {
    throw new OperatorError(
      `Meridian is running on ${dataDir} already (process ${owner}). Stop it first, or set DATA_DIR, CMS_PORT and SITE_PORT to run a second one beside it.`,
    );
  }
  rmSync(file, { force: true });
  try {
    const handle = openSync(file, 'wx', 0o600);
    writeSync(handle, String(process.pid));
    closeSync(handle);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    throw new OperatorError(`Meridian is being started on ${dataDir} by another process right now. Wait for it, or stop it first.`);
  }
  return () => rmSync(file, { force: true });
}

/** The process that has this DATA_DIR, when it still runs. */
export function ownerOf(dataDir: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(lockFile(dataDir), 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  const pid = Number(text);
  return Number.isInteger(pid) && pid > 0 && pid !== process.pid && isRunning(pid) ? pid : undefined;
}

function lockFile(dataDir: string): string {
  return join(dataDir, 'running.pid');
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}
