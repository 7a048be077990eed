import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildCms, hasCmsBuild, seedNewDatabase, startCms } from '../scripts/cms.ts';
import { freePort } from '../scripts/free-port.ts';
import { readSettings, type Settings } from '../scripts/settings.ts';
import { environment } from './tools.ts';

/**
 * Runs work with settings for free ports and data of their own. The data is deleted afterwards, unless it is to be kept.
 *
 * @param more further settings
 */
export async function withSettings<Result>(
  work: (settings: Settings) => Promise<Result>,
  { keep = false, more = {} }: { keep?: boolean; more?: Readonly<Record<string, string>> } = {},
): Promise<Result> {
  const dataDir = mkdtempSync(join(tmpdir(), 'meridian-bench-'));
  try {
    const ports = { CMS_PORT: String(await freePort()), SITE_PORT: String(await freePort()) };
    return await work(
      readSettings(environment({ DATA_DIR: dataDir, ...ports, ...more }), join(dataDir, 'none.env')),
    );
  } finally {
    if (keep) console.error(`  The data is in ${dataDir}.`);
    else rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Runs work against a CMS with the starting content, as `withSettings` does; the caller stops what was started. */
export async function withCms<Result>(
  work: (settings: Settings) => Promise<Result>,
  options: { keep?: boolean } = {},
): Promise<Result> {
  return withSettings(async (settings) => {
    if (!hasCmsBuild()) await buildCms(settings);
    await seedNewDatabase(settings);
    const cms = await startCms(settings);
    try {
      return await work(settings);
    } finally {
      await cms.stop();
    }
  }, options);
}
