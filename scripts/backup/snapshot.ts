import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { backup as copyOnline, DatabaseSync } from 'node:sqlite';
import { Readable } from 'node:stream';
import type { Client } from 'pg';
import { sqliteFile } from '../database.ts';
import { withPostgres } from '../postgres/connection.ts';
import { columnsOf, rowsOf, tableNames, type TableCount } from '../postgres/tables.ts';
import type { Settings } from '../settings.ts';

/** Where a backup keeps the database: an SQLite file, or one file a table and the list of them. */
export const databaseFolder = 'database';
export const sqliteCopy = 'cms.sqlite';
export const tableList = 'tables.json';

/** The file with the rows of a table, one line of JSON each. */
export function rowsFile(table: string): string {
  return `${table}.ndjson`;
}

/**
 * Copies the database, as it is at one moment, into an empty folder while others read and write it.
 *
 * @returns that moment
 */
export async function copyDatabase(
  { databaseUrl, dataDir }: Pick<Settings, 'databaseUrl' | 'dataDir'>,
  folder: string,
): Promise<Date> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (databaseUrl !== undefined)
    return withPostgres(databaseUrl, 'DATABASE_URL', (client) => dump(client, folder));
  const database = new DatabaseSync(sqliteFile(dataDir), { readOnly: true });
  try {
    database.exec('PRAGMA busy_timeout = 10000');
    // All pages in one step: a writer in the middle would make it begin anew, over and over.
    await copyOnline(database, join(folder, sqliteCopy), { rate: 0x7fff_ffff });
    return new Date();
  } finally {
    database.close();
  }
}

async function dump(client: Client, folder: string): Promise<Date> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const at = new Date();
  const tables: TableCount[] = [];
  for (const name of await tableNames(client)) {
    let rows = 0;
    const lines = async function* () {
      for await (const line of rowsOf(client, name)) {
        rows += 1;
        yield `${line}\n`;
      }
    };
    await pipeline(
      Readable.from(lines()),
      createWriteStream(join(folder, rowsFile(name)), { flags: 'wx', mode: 0o600 }),
    );
    tables.push({ name, columns: [...(await columnsOf(client, name)).keys()], rows });
  }
  await client.query('COMMIT');
  await pipeline(
    Readable.from([JSON.stringify(tables)]),
    createWriteStream(join(folder, tableList), { flags: 'wx', mode: 0o600 }),
  );
  return at;
}

/**
 * The lines that a file of rows holds. Only a line feed ends one: texts hold other signs that readers of lines stop at,
 * such as the line separator of word processors (U+2028).
 */
export async function* rowsIn(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(file, 'utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

/** Names of the files of a copied database. */
export async function filesOfCopy(folder: string): Promise<string[]> {
  return (await readdir(folder)).toSorted();
}
