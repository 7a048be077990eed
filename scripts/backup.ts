import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createBackup } from './backup/create.ts';
import { surplus } from './backup/copies.ts';
import { keepBackingUp } from './backup/timer.ts';
import { checkDatabase } from './database.ts';
import { messageOf, OperatorError, reportFailure } from './errors.ts';
import { step } from './progress.ts';
import { readSettings } from './settings.ts';

// npm run backup [-- --daily]: one encrypted file with everything that cannot be made anew, beside a running Meridian.
// With --daily it stays and makes one every day.
try {
  const { values } = parseArgs({ options: { daily: { type: 'boolean', default: false } } });
  const settings = readSettings();
  const { dir, passphrase } = settings.backups;
  if (passphrase === undefined) {
    throw new OperatorError(
      'Backups are encrypted, for they hold what patients wrote and every secret. Set BACKUP_PASSPHRASE in .env or in the ' +
        'environment, and keep it where a lost machine does not take it along: without it no backup can be opened.',
    );
  }
  const make = async (): Promise<void> => {
    await checkDatabase(settings);
    const { file, manifest } = await createBackup(settings, passphrase, dir);
    const old = surplus(await readdir(dir), settings.backups);
    for (const name of old) await rm(join(dir, name), { force: true });
    const bytes = manifest.files.reduce((sum, { size }) => sum + size, 0);
    console.log(
      `${new Date().toISOString()} ${file}: ${manifest.files.length} files, ${(bytes / 1e6).toFixed(1)} MB before packing` +
        (old.length === 0 ? '.' : `; ${old.length} old ${old.length === 1 ? 'backup' : 'backups'} deleted.`),
    );
  };
  if (values.daily) {
    const ending = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort());
    await keepBackingUp(
      dir,
      make,
      (error) => console.error(`${new Date().toISOString()} ${messageOf(error)}`),
      ending.signal,
    );
  } else {
    await step('making a backup', make);
  }
} catch (error) {
  reportFailure(error);
}
