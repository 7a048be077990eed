import { runChild } from './children.ts';
import { buildCms } from './cms.ts';
import { checkDatabase } from './database.ts';
import { reportFailure } from './errors.ts';
import { ownerOf } from './lock.ts';
import { readSettings } from './settings.ts';

// npm run requests -- export [--out FILE] | erase REFERENCE: works beside a running Meridian, whose build is used then.
try {
  const settings = readSettings();
  await checkDatabase(settings);
  if (ownerOf(settings.dataDir) === undefined) await buildCms(settings);
  await runChild(
    {
      name: 'The command',
      program: 'npm',
      args: ['run', 'requests', '--silent', '-w', 'cms', '--', ...process.argv.slice(2)],
      env: { NODE_ENV: 'production', ...settings.env },
      output: 'inherit',
    },
    'Nothing was changed. Mend what it names and run it again.',
  );
} catch (error) {
  reportFailure(error);
}
