import { runChild, stopChildren } from './children.ts';
import { answers, buildCms, localAddress, seedNewDatabase, startCms } from './cms.ts';
import { checkDatabase } from './database.ts';
import { reportFailure } from './errors.ts';
import { claimDataDir } from './lock.ts';
import { step } from './progress.ts';
import { readSettings, type Settings } from './settings.ts';
import { buildSite } from './site.ts';

// npm run build: the contract checked, the CMS compiled, the site built from what is published now and made live.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stopChildren().then(() => process.exit(signal === 'SIGINT' ? 130 : 143)));
}

try {
  const settings = readSettings();
  await step('checking the contract', () =>
    runChild(
      {
        name: 'The contract check',
        program: process.execPath,
        args: ['shared-types/generator/cli.ts', '--check'],
        env: settings.env,
        output: { log: `${settings.dataDir}/logs/contract.log` },
      },
      'Run "npm run generate" and commit what it writes.',
    ),
  );
  await buildCms(settings);
  if (await answers(`${settings.cms.url}/_health`)) await buildSite(settings);
  else await withCms(settings, () => buildSite(settings));
} catch (error) {
  reportFailure(error);
} finally {
  await stopChildren();
}

/** Runs the CMS just for as long as the work takes. */
async function withCms(settings: Settings, work: () => Promise<void>): Promise<void> {
  const release = await claimDataDir(settings.dataDir);
  try {
    await checkDatabase(settings);
    await seedNewDatabase(settings);
    const cms = await startCms({
      ...settings,
      env: { ...settings.env, CMS_URL: localAddress(settings.cms) },
    });
    await work();
    await cms.stop();
  } finally {
    await stopChildren();
    release();
  }
}
