import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAhead, isDue, newestOf } from './copies.ts';

const minute = 60_000;
/** Milliseconds between looks. A fault such as an unmounted disk may pass; until then it is said once an hour. */
const usualPauses = { look: 10 * minute, afterFault: 60 * minute };

/** When the newest backup of a folder was made; null when there is none, or no such folder. */
export async function newestBackup(folder: string): Promise<Date | null> {
  return newestOf(await readdir(folder).catch(() => []), new Date());
}

/** Names of the backups of a folder that were made while the clock was wrong: they count for nothing. */
export async function backupsAhead(folder: string): Promise<string[]> {
  const now = new Date();
  return (await readdir(folder).catch(() => [])).filter((name) => isAhead(name, now));
}

/** Makes a backup whenever one is due, until the signal. What goes wrong is told, and tried again. */
export async function keepBackingUp(
  folder: string,
  make: () => Promise<void>,
  tell: (error: unknown) => void,
  signal: AbortSignal,
  pauses = usualPauses,
): Promise<void> {
  while (!signal.aborted) {
    let wait = pauses.look;
    if (isDue(await newestBackup(folder), new Date())) {
      try {
        await make();
      } catch (error) {
        tell(error);
        wait = pauses.afterFault;
      }
    }
    await sleep(wait, undefined, { signal }).catch(() => undefined);
  }
}
