import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopChildren } from './children.ts';
import { buildCms } from './cms.ts';
import { reportFailure } from './errors.ts';
import { compilePreview } from './preview.ts';
import { readSettings } from './settings.ts';

// npm run compile: the CMS with its admin panel, and the pages for previews. Needs no database and leaves no settings
// behind, so that containers can be made of the result.
const dataDir = mkdtempSync(join(tmpdir(), 'meridian-compile-'));
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void stopChildren().then(() => {
      rmSync(dataDir, { recursive: true, force: true });
      process.exit(signal === 'SIGINT' ? 130 : 143);
    });
  });
}
try {
  const settings = readSettings({ ...process.env, DATA_DIR: dataDir });
  await buildCms(settings);
  await compilePreview(settings);
} catch (error) {
  reportFailure(error);
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
