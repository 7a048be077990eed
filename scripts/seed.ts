import { runChild } from './children.ts';
import { buildCms, rememberSeed } from './cms.ts';
import { checkDatabase } from './database.ts';
import { reportFailure } from './errors.ts';
import { claimDataDir } from './lock.ts';
import { readSettings } from './settings.ts';

// npm run seed [-- --fixture]: creates the entries that do not exist yet; Meridian must not be running on the same data.
try {
  const settings = readSettings();
  const release = await claimDataDir(settings.dataDir);
  try {
    await checkDatabase(settings);
    await buildCms(settings);
    await runChild(
      {
        name: 'Seeding',
        program: 'npm',
        args: ['run', 'seed', '--silent', '-w', 'cms', '--', ...process.argv.slice(2)],
        env: { NODE_ENV: 'production', ...settings.env },
        output: 'inherit',
      },
      'Nothing that existed before was changed. Mend what it names and run it again.',
    );
    rememberSeed(settings);
  } finally {
    release();
  }
} catch (error) {
  reportFailure(error);
}
