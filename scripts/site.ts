import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Child, runChild, startChild } from './children.ts';
import { localAddress, logFile, waitFor } from './cms.ts';
import { contentFingerprint } from './content.ts';
import { fingerprintOf, readStamp, writeStamp } from './fingerprint.ts';
import { exclusively } from './lock.ts';
import { skip, step } from './progress.ts';
import { root, type Settings } from './settings.ts';

const siteDir = join(root, 'site');

/**
 * Builds the site from the running CMS and makes it live, unless the live release was made from the same code,
 * settings and content.
 */
export async function buildSite(settings: Settings, { always = false } = {}): Promise<void> {
  const stamp = join(settings.dataDir, 'cache', 'site-built-from');
  const inputs = await siteInputs(settings);
  const live = existsSync(join(settings.dataDir, 'releases', 'current', 'public'));
  if (!always && live && readStamp(stamp) === inputs) {
    skip('site build', 'unchanged');
    return;
  }
  const dist = join(settings.dataDir, 'cache', 'site-dist');
  const env = {
    ...settings.env,
    NODE_ENV: 'production',
    CMS_URL: settings.env.CMS_URL ?? localAddress(settings.cms),
  };
  await step('building the site', () =>
    exclusively('site-build', () =>
      runChild(
        {
          name: 'Site build',
          program: 'astro',
          args: ['build', '--outDir', dist],
          cwd: siteDir,
          env,
          output: { log: logFile(settings, 'site-build.log') },
        },
        `Patients still see the release before, if there is one. All of the output is in ${logFile(settings, 'site-build.log')}.`,
      ),
    ),
  );
  await step('checking the site and making it live', () =>
    runChild(
      {
        name: 'Release',
        program: process.execPath,
        args: [join(siteDir, 'server', 'release', 'cli.ts'), dist],
        env,
        output: { log: logFile(settings, 'release.log') },
      },
      `Patients still see the release before, if there is one. All of the output is in ${logFile(settings, 'release.log')}.`,
    ),
  );
  writeStamp(stamp, inputs);
}

/** Starts the site server and waits until it answers. */
export async function startSite(settings: Settings): Promise<Child> {
  return step('starting the site', async () => {
    const log = logFile(settings, 'site.log');
    const child = startChild({
      name: 'The site server',
      program: process.execPath,
      args: [join(siteDir, 'server', 'main.ts')],
      env: { ...settings.env, NODE_ENV: 'production' },
      output: { log },
    });
    await waitFor(child, `${localAddress(settings.site)}/healthz`, log);
    return child;
  });
}

async function siteInputs(settings: Settings): Promise<string> {
  return fingerprintOf(
    [
      'site/src',
      'site/public',
      'site/server/release',
      'site/settings.ts',
      'site/package.json',
      'shared-types/src',
      'package-lock.json',
    ].concat([
      'site/astro.config.ts',
      'site/astro.config.mjs',
      'site/tailwind.config.ts',
      'site/tsconfig.json',
    ]),
    settings.site.url,
    await contentFingerprint(settings),
  );
}
