import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildCms } from '../scripts/cms.ts';
import { readSettings } from '../scripts/settings.ts';

/** Compiles the CMS when it has changed: tests of single services start it from the compiled files. */
export default async function setup(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'meridian-build-'));
  try {
    await buildCms(readSettings({ ...process.env, DATA_DIR: dataDir }));
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
