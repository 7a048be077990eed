import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { takeLock } from '../site/src/locks.ts';
import { checkContentAccess } from './content.ts';
import { OperatorError } from './errors.ts';
import type { Settings } from './settings.ts';

/** Whether a site server runs on this DATA_DIR, in whatever container or service. */
export async function siteRuns(dataDir: string): Promise<boolean> {
  const file = join(dataDir, 'site.lock');
  if (!existsSync(file)) return false;
  const lock = await takeLock(file);
  lock?.release();
  return lock === null;
}

/**
 * Makes sure that neither CMS nor site of this installation run: not those of `npm start`, which DATA_DIR tells, but those that a
 * service manager or containers started. A CMS that takes this installation's token belongs to it.
 *
 * @throws OperatorError when one of them does
 */
export async function requireStopped(settings: Settings): Promise<void> {
  const cmsRuns = await checkContentAccess(settings).then(
    () => true,
    () => false,
  );
  if (!cmsRuns && !(await siteRuns(settings.dataDir))) return;
  const what = cmsRuns ? `its CMS answers at ${settings.cms.url}` : `a site server has ${settings.dataDir}`;
  throw new OperatorError(`Meridian is running: ${what}. Stop CMS and site first.`);
}
