import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeLock } from '../site/src/locks.ts';
import { OperatorError, systemCode } from './errors.ts';
import { root } from './settings.ts';

/**
 * Claims a DATA_DIR for this process; two systems on one database file would damage each other's work.
 *
 * @returns gives it back
 * @throws OperatorError when another process that still runs has it
 */
export async function claimDataDir(dataDir: string): Promise<() => void> {
  const file = lockFile(dataDir);
  const owner = ownerOf(dataDir);
  if (owner !== undefined) {
    throw new OperatorError(
      `Meridian is running on ${dataDir} already (process ${owner}). Stop it first, or set DATA_DIR, CMS_PORT and SITE_PORT to run a second one beside it.`,
    );
  }
  if (!(await claim(file))) {
    throw new OperatorError(
      `Meridian is being started on ${dataDir} by another process right now. Wait for it, or stop it first.`,
    );
  }
  return () => rmSync(file, { force: true });
}

/**
 * Does work in this clone that must not be done twice at once, such as a build into one folder: waits until another
 * process is done with work of the same name.
 */
export async function exclusively<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const lock = await takeLock(join(root, '.tmp', `${name}.lock`), Infinity);
  try {
    return await work();
  } finally {
    lock?.release();
  }
}

/** The process that has this DATA_DIR, when it still runs. */
export function ownerOf(dataDir: string): number | undefined {
  return ownerOfFile(lockFile(dataDir));
}

/** Writes this process into the file, unless another one that still runs is in it. The lock makes look and write one step. */
async function claim(file: string): Promise<boolean> {
  const lock = await takeLock(`${file}.lock`, 10_000);
  try {
    if (lock === null || ownerOfFile(file) !== undefined) return false;
    writeFileSync(file, String(process.pid), { mode: 0o600 });
    return true;
  } finally {
    lock?.release();
  }
}

function ownerOfFile(file: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
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
