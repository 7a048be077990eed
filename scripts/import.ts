import { runChild } from './children.ts';
import { buildCms } from './cms.ts';
import { checkDatabase } from './database.ts';
import { reportFailure } from './errors.ts';
import { exclusively, ownerOf } from './lock.ts';
import { readSettings } from './settings.ts';

// npm run import -- FILE_OR_FOLDER [--dry-run] [--publish]: works beside a running Meridian, whose build is used then.
try {
  const settings = readSettings();
  await checkDatabase(settings);
  if (ownerOf(settings.dataDir) === undefined) await buildCms(settings);
  // Two imports would make each other's entries twice.
  await exclusively('import', () =>
    runChild(
      {
        name: 'The import',
        program: 'npm',
        args: ['run', 'import', '--silent', '-w', 'cms', '--', ...process.argv.slice(2)],
        env: {
          NODE_ENV: 'production',
          ...settings.env,
          CALLED_FROM: process.env.INIT_CWD ?? process.cwd(),
        },
        output: 'inherit',
      },
      'What came before that stays. Mend what it names and run it again: it goes on where it stopped.',
    ),
  );
} catch (error) {
  reportFailure(error);
}
