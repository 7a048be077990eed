import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { restoreBackup } from './backup/restore.ts';
import { buildCms, migrateDatabase, rememberSeed } from './cms.ts';
import { OperatorError, reportFailure } from './errors.ts';
import { claimDataDir } from './lock.ts';
import { step } from './progress.ts';
import { requireStopped } from './running.ts';
import { readSettings } from './settings.ts';

// npm run restore -- FILE [--force]: puts a backup in the place of what is there, when all of it is whole.
try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { force: { type: 'boolean', default: false } },
  });
  const [name] = positionals;
  if (name === undefined || positionals.length > 1) {
    throw new OperatorError(
      'Usage: npm run restore -- FILE [--force]. FILE is a backup, such as those in DATA_DIR/backups.',
    );
  }
  const settings = readSettings();
  const { passphrase, dir } = settings.backups;
  if (passphrase === undefined) {
    throw new OperatorError('Set BACKUP_PASSPHRASE to the passphrase with which the backup was made.');
  }
  await requireStopped(settings);
  const release = await claimDataDir(settings.dataDir);
  try {
    await buildCms(settings);
    const { manifest, replaced, pictures } = await step('checking the backup and putting it in place', () =>
      restoreBackup({
        settings,
        // npm runs this in the root of the repository and remembers where the person was.
        file: resolve(process.env.INIT_CWD ?? process.cwd(), name),
        passphrase,
        force: values.force,
        remembering: [dir],
        makeTables: () => migrateDatabase(settings),
      }),
    );
    // Read anew: the secrets are those of the backup now.
    const restored = readSettings();
    rememberSeed(restored);
    await step('erasing again what was erased later', () => migrateDatabase(restored));
    console.log(`\nRestored as of ${manifest.madeAt}. Start Meridian: npm start`);
    if (replaced.folder !== null)
      console.log(`What was there before is in ${replaced.folder}; delete it when you are sure.`);
    if (pictures.replaced > 0)
      console.log(
        `${pictures.replaced} other pictures are in ${pictures.folder} of the bucket; delete them when you are sure.`,
      );
    if (replaced.schema !== null)
      console.log(`The tables of before are in the schema ${replaced.schema}; drop it when you are sure.`);
  } finally {
    release();
  }
} catch (error) {
  reportFailure(error);
}
