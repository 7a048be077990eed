import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runChild } from './children.ts';
import { logFile } from './cms.ts';
import { messageOf } from './errors.ts';
import { fingerprintOf, readStamp, writeStamp } from './fingerprint.ts';
import { exclusively } from './lock.ts';
import { skip, step } from './progress.ts';
import { root, type Settings } from './settings.ts';

const siteDir = join(root, 'site');
const dist = join(siteDir, 'preview', 'dist');

/**
 * Builds the pages for previews, unless they were built from the same code. They hold no content and no settings, so
 * all data folders of a checkout share them.
 */
export async function compilePreview(settings: Settings): Promise<void> {
  const stamp = join(dist, 'built-from');
  const inputs = fingerprintOf([
    'site/src',
    'site/preview/pages',
    'site/preview/astro.config.ts',
    'site/preview/PreviewMark.astro',
    'site/settings.ts',
    'site/tailwind.config.ts',
    'shared-types/src',
    'package-lock.json',
  ]);
  if (existsSync(join(dist, 'server', 'entry.mjs')) && readStamp(stamp) === inputs) {
    skip('preview build', 'unchanged');
    return;
  }
  const log = logFile(settings, 'preview-build.log');
  await step('building the pages for previews', () =>
    exclusively('preview-build', () =>
      runChild(
        {
          name: 'Preview build',
          program: 'astro',
          args: ['build', '--root', 'preview'],
          cwd: siteDir,
          env: { ...settings.env, NODE_ENV: 'production' },
          output: { log },
        },
        `All of the output is in ${log}.`,
      ),
    ),
  );
  writeStamp(stamp, inputs);
}

/** As `compilePreview`, but a fault takes previews away and nothing else. */
export async function buildPreview(settings: Settings): Promise<void> {
  try {
    await compilePreview(settings);
  } catch (error) {
    console.error(`  Previews are not available: ${messageOf(error)}`);
  }
}
