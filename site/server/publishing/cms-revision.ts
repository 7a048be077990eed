import type { BuildSettings } from '../../settings.ts';
import { latestRevision } from '../../src/content/pull/changes.ts';
import { cmsClient } from '../../src/content/pull/client.ts';

/** Asks the CMS once for its latest revision. */
export function askRevision({ cmsUrl, buildToken }: BuildSettings, since: number): Promise<number> {
  const limits = { attempts: 1, firstDelay: 0, requestTimeout: 10_000, deadline: 20_000 };
  return latestRevision(cmsClient(cmsUrl, buildToken, limits), since);
}
