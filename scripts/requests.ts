import { join } from 'node:path';
import { runChild } from './children.ts';
import { buildCms } from './cms.ts';
import { checkDatabase } from './database.ts';
import { reportFailure } from './errors.ts';
import { ownerOf } from './lock.ts';
import { readSettings, root, type Settings } from './settings.ts';
import { siteEnvironment } from './site.ts';

// npm run requests -- export [--out FILE] | erase REFERENCE | status: works beside a running Meridian, whose build is used then.
try {
  const settings = readSettings();
  const args = process.argv.slice(2);
  const [command] = args;
  if (command !== 'status') await inCms(settings, args);
  // Last: what is gone from the CMS leaves a mark there, so that a request which is delivered meanwhile does not come back.
  if (command === 'erase' || command === 'status') await inSpool(settings, args);
} catch (error) {
  reportFailure(error);
}

async function inCms(settings: Settings, args: readonly string[]): Promise<void> {
  await checkDatabase(settings);
  if (ownerOf(settings.dataDir) === undefined) await buildCms(settings);
  await runChild(
    {
      name: 'The command',
      program: 'npm',
      args: ['run', 'requests', '--silent', '-w', 'cms', '--', ...args],
      env: { NODE_ENV: 'production', ...settings.env },
      output: 'inherit',
    },
    'Nothing was changed. Mend what it names and run it again.',
  );
}

/** In the spool of this machine; another site server's is another machine's. */
function inSpool(settings: Settings, args: readonly string[]): Promise<void> {
  return runChild(
    {
      name: 'The command for the spool',
      program: process.execPath,
      args: [join(root, 'site', 'server', 'consultation', 'cli.ts'), ...args],
      env: siteEnvironment(settings),
      output: 'inherit',
    },
    'The spool was not touched. Mend what it names and run it again.',
  );
}
