import { OperatorError } from './errors.ts';
import type { Settings } from './settings.ts';

/**
 * Asks the CMS what the site asks it first: its revision log, with the site's token.
 *
 * @throws OperatorError when the CMS does not answer as it should
 */
export async function checkContentAccess(settings: Settings): Promise<void> {
  const response = await fetch(`${settings.cms.url}/api/changes?since=0`, {
    headers: { authorization: `Bearer ${settings.secrets.CMS_BUILD_TOKEN}` },
    signal: AbortSignal.timeout(30_000),
  });
  await response.body?.cancel();
  if (response.ok) return;
  throw new OperatorError(
    `The CMS answered ${response.status} when it was asked what changed. ` +
      (response.status === 401 || response.status === 403
        ? 'CMS_BUILD_TOKEN is not the one it knows: restart the CMS with the same secrets.'
        : `Look into ${settings.dataDir}/logs/cms.log.`),
  );
}
