import { existsSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { messageOf, OperatorError, systemCode } from './errors.ts';
import type { Settings } from './settings.ts';

export function sqliteFile(dataDir: string): string {
  return join(dataDir, 'cms.sqlite');
}

/**
 * Makes sure that the CMS will be able to use its database.
 *
 * @throws OperatorError when the SQLite file is damaged or the Postgres server does not answer
 */
export async function checkDatabase(settings: Pick<Settings, 'dataDir' | 'databaseUrl'>): Promise<void> {
  if (settings.databaseUrl === undefined) checkSqlite(sqliteFile(settings.dataDir));
  else await checkPostgres(settings.databaseUrl);
}

/** @throws OperatorError when the file exists and is no whole SQLite database */
export function checkSqlite(file: string): void {
  if (!existsSync(file)) return;
  const problem = sqliteProblem(file);
  if (problem === undefined) return;
  throw new OperatorError(
    `The database ${file} is damaged (${problem}). Stop everything that uses it and restore the folder from your backup. ` +
      'Without a backup, move the file away: the next start makes a new one with the starting content.',
  );
}

function sqliteProblem(file: string): string | undefined {
  // SQLite takes an empty file for a new database; one that had content must not pass for it.
  if (statSync(file).size === 0) return existsSync(`${file}-wal`) ? 'the file is empty' : undefined;
  try {
    using database = openReadOnly(file);
    const result = Object.values(database.connection.prepare('PRAGMA quick_check(1)').get() ?? {})[0];
    return result === 'ok' ? undefined : String(result).replaceAll('\n', '; ');
  } catch (error) {
    return messageOf(error);
  }
}

function openReadOnly(file: string) {
  // Locked for a moment is not damaged.
  const connection = new DatabaseSync(file, { readOnly: true, timeout: 20_000 });
  return { connection, [Symbol.dispose]: () => connection.close() };
}

/** Whether the database holds tables of the CMS already; unknown for Postgres. */
export function isNewSqlite(dataDir: string): boolean {
  const file = sqliteFile(dataDir);
  return !existsSync(file) || statSync(file).size === 0;
}

/** Only whether the server can be reached: the CMS itself says what is wrong with the name or the password. */
async function checkPostgres(url: string): Promise<void> {
  const { hostname, port, pathname } = new URL(url);
  const host = hostname === '' ? 'localhost' : hostname.replace(/^\[|\]$/g, '');
  const number = port === '' ? 5432 : Number(port);
  const error = await new Promise<Error | undefined>((resolve) => {
    const socket = connect({ host, port: number, timeout: 5000 }, () => {
      socket.destroy();
      resolve(undefined);
    });
    socket.once('timeout', () => {
      socket.destroy();
      resolve(new Error('no answer within 5 s'));
    });
    socket.once('error', resolve);
  });
  if (error === undefined) return;
  throw new OperatorError(
    `DATABASE_URL names the Postgres server ${host}:${number} (database "${pathname.slice(1)}"), which cannot be reached ` +
      `(${systemCode(error) ?? error.message}). Start it, or correct the host and port in DATABASE_URL.`,
  );
}
