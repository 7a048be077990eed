import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildCms, hasCmsBuild, seedNewDatabase, startCms } from '../scripts/cms.ts';
import { freePort } from '../scripts/ports.ts';
import { readSettings, type Settings } from '../scripts/settings.ts';
import { environment } from './tools.ts';

/**
 * Runs work against a CMS with the starting content, on free ports and with data of its own. The data is deleted
 * afterwards, unless it is to be kept; the caller stops what was started.
 */
export async function withCms<Result>(
  work: (settings: Settings) => Promise<Result>,
  { keep = false } = {},
): Promise<Result> {
  const dataDir = mkdtempSync(join(tmpdir(), 'meridian-bench-'));
  try {
    const settings = readSettings(
      environment({
        DATA_DIR: dataDir,
        CMS_PORT: String(await freePort()),
        SITE_PORT: String(await freePort()),
      }),
      join(dataDir, 'none.env'),
    );
    if (!hasCmsBuild()) await buildCms(settings);
    await seedNewDatabase(settings);
    const cms = await startCms(settings);
    try {
      return await work(settings);
    } finally {
      await cms.stop();
    }
  } finally {
    if (keep) console.error(`  The data is in ${dataDir}.`);
    else rmSync(dataDir, { recursive: true, force: true });
  }
}
