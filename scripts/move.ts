import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { buildCms, migrateDatabase } from './cms.ts';
import { checkSqlite, sqliteFile } from './database.ts';
import { OperatorError, reportFailure } from './errors.ts';
import { claimDataDir } from './lock.ts';
import { withPostgres } from './postgres/connection.ts';
import { type Copied, copySqlite } from './postgres/copy-sqlite.ts';
import { dropTables, tableNames } from './postgres/tables.ts';
import { step } from './progress.ts';
import { requireStopped } from './running.ts';
import { readSettings } from './settings.ts';

/** Is in a database that a move has begun to fill, and goes when the move is done. */
const marker = 'meridian_unfinished_move';

// npm run move -- --to postgres://…: copies a whole SQLite instance into an empty Postgres database. Pictures and
// requests on their way stay in DATA_DIR, where they are needed as before.
try {
  const { values } = parseArgs({ options: { to: { type: 'string' } } });
  if (values.to === undefined)
    throw new OperatorError('Usage: npm run move -- --to postgres://USER:PASSWORD@HOST:5432/DATABASE');
  const elsewhere = { ...process.env, DATABASE_URL_FILE: '' };
  // A password need not stand in the command: DATABASE_PASSWORD gives it, as for DATABASE_URL.
  const { databaseUrl: target } = readSettings({ ...elsewhere, DATABASE_URL: values.to });
  const settings = readSettings({
    ...elsewhere,
    DATABASE_URL: '',
    DATABASE_PASSWORD: '',
    DATABASE_PASSWORD_FILE: '',
  });
  const file = sqliteFile(settings.dataDir);
  if (!existsSync(file))
    throw new OperatorError(`There is no database ${file} to move. See that DATA_DIR is right.`);
  checkSqlite(file);
  await requireStopped(settings);
  const release = await claimDataDir(settings.dataDir);
  try {
    const moved = await move();
    console.log(
      `\n${moved.rows} rows of ${moved.tables} tables were moved, and compared one by one. Set DATABASE_URL to the new database, ` +
        `and start Meridian.\nThe SQLite database ${file} is as it was; put it away when you are sure.`,
    );
  } finally {
    release();
  }

  async function move(): Promise<Copied> {
    return withPostgres(target ?? '', '--to', async (client) => {
      const present = await tableNames(client);
      if (present.length > 0 && !present.includes(marker)) {
        throw new OperatorError(
          'The database named by --to is not empty. Name an empty one. (After a move that went through, nothing is left to do but to set DATABASE_URL.)',
        );
      }
      await dropTables(client);
      await client.query(`CREATE TABLE ${marker} ()`);
      const moving = {
        ...settings,
        databaseUrl: target,
        env: { ...settings.env, DATABASE_URL: target ?? '' },
      };
      // The one build serves both databases.
      await buildCms(settings);
      await step('making the tables', () => migrateDatabase(moving));
      const copied = await step('copying and comparing every row', () => copySqlite(file, client));
      await client.query(`DROP TABLE ${marker}`);
      return copied;
    });
  }
} catch (error) {
  reportFailure(error);
}
