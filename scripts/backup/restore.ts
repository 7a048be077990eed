import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { Client } from 'pg';
import { openBucket } from '../bucket.ts';
import { checkSqlite, sqliteFile } from '../database.ts';
import { messageOf, OperatorError } from '../errors.ts';
import { secretsFile } from '../secrets.ts';
import type { Settings } from '../settings.ts';
import { withPostgres } from '../postgres/connection.ts';
import {
  addRows,
  isBookkeeping,
  quoted,
  refill,
  requirePlaces,
  tableNames,
  type TableCount,
} from '../postgres/tables.ts';
import { type Manifest, readArchive } from './archive.ts';
import { dataFolder, secretsCopy, uploadsFolder } from './create.ts';
import { erasuresFile, erasuresIn } from './erasures.ts';
import { scratchFolder, sweepScratch, withScratch } from './scratch.ts';
import { databaseFolder, rowsFile, rowsIn, sqliteCopy, tableList } from './snapshot.ts';

export interface RestoreOptions {
  settings: Settings;
  file: string;
  passphrase: string;
  /** Puts what is there now aside. */
  force: boolean;
  /** Folders beside DATA_DIR that remember erased requests. */
  remembering: readonly string[];
  /** Makes the tables of an empty Postgres database, as the CMS of this version has them. */
  makeTables: () => Promise<void>;
}

export interface Restored {
  manifest: Manifest;
  /** Where what was there before lies now: a folder, and a schema of the Postgres database. */
  replaced: { folder: string | null; schema: string | null };
  /** How many pictures of the bucket were other ones, and what the folder in it is called in which they are now. */
  pictures: { replaced: number; folder: string };
}

/** The table of requests that were erased. */
const tombstones = 'request_tombstones';
/** What DATA_DIR keeps through a restore: other backups, and what the processes of this machine hold. */
const stays = /^(?:backups|logs|replaced-.*|.*\.(?:pid|lock)|site\.lock.*)$/;

/**
 * Puts a backup in the place of what is there. The whole backup is read and compared with its list first; until then
 * nothing changes, and what fails afterwards is taken back. Requests that were erased after it was made are erased again
 * when the CMS starts.
 *
 * @throws OperatorError when the backup is not whole, does not fit the database, or there is something without `force`
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { settings, file, passphrase, force } = options;
  const { dataDir, databaseUrl } = settings;
  if (!force && (await holdsState(settings))) {
    throw new OperatorError(
      `${databaseUrl === undefined ? dataDir : 'The database of DATABASE_URL'} holds a clinic's data already. ` +
        'To put the backup in its place, add --force: what is there now is put aside, not deleted.',
    );
  }
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await sweepScratch(dataDir);
  return withScratch(dataDir, 'restoring', async (unpacked) => {
    const manifest = await readArchive(file, passphrase, unpacked);
    requireFit(manifest, databaseUrl);
    const folders = [dataDir, dirname(file), join(unpacked, dataFolder), ...options.remembering];
    const erased = new Set([...(await erasuresIn(folders)), ...(await erasuresOf(databaseUrl))]);
    const lines = [...erased].map((line) => `${line}\n`).join('');
    await mkdir(join(unpacked, dataFolder), { recursive: true });
    await writeFile(join(unpacked, dataFolder, erasuresFile), lines, { mode: 0o600 });
    // A store that does not let us in must stop us before anything is changed.
    if (settings.bucket !== null) await openBucket(settings.bucket).names();
    if (databaseUrl === undefined) checkSqlite(join(unpacked, databaseFolder, sqliteCopy));
    return changeOver(options, unpacked, manifest);
  });
}

/** What the Postgres database that is put aside knows as erased: another replica may have noted it elsewhere. */
async function erasuresOf(databaseUrl: string | undefined): Promise<string[]> {
  if (databaseUrl === undefined) return [];
  return withPostgres(databaseUrl, 'DATABASE_URL', async (client) => {
    if (!(await tableNames(client)).includes(tombstones)) return [];
    const { rows } = await client.query<{ reference: string }>(`SELECT reference FROM ${quoted(tombstones)}`);
    return rows.map(({ reference }) => reference);
  });
}

/** Puts what was unpacked in the place of what is there: all of it, or nothing when one step fails. */
async function changeOver(
  { settings, makeTables }: RestoreOptions,
  unpacked: string,
  manifest: Manifest,
): Promise<Restored> {
  const { dataDir, databaseUrl } = settings;
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const undo: (() => Promise<void>)[] = [];
  try {
    let schema: string | null = null;
    if (databaseUrl !== undefined) {
      schema = await fillPostgres(databaseUrl, join(unpacked, databaseFolder), stamp, makeTables);
      undo.push(() => emptyPostgres(databaseUrl, schema));
    }
    const pictures = join(unpacked, dataFolder, uploadsFolder);
    const replaced = await fillBucket(settings, pictures, stamp, (back) => undo.push(back));
    const folder = await putInPlace(dataDir, unpacked, stamp, (back) => undo.push(back));
    return {
      manifest,
      replaced: { folder, schema },
      pictures: { replaced, folder: `replaced-${stamp}/` },
    };
  } catch (error) {
    const left: string[] = [];
    for (const back of undo.toReversed()) await back().catch((fault: unknown) => left.push(messageOf(fault)));
    throw new OperatorError(
      left.length === 0
        ? `${messageOf(error)} Everything is as it was before the restore.`
        : `${messageOf(error)} Not everything could be put back as it was: ${left.join(' ')} ` +
            `What was there before is called replaced-${stamp} or replaced_${stamp}.`,
    );
  }
}

async function holdsState({ dataDir, databaseUrl }: Settings): Promise<boolean> {
  if (existsSync(sqliteFile(dataDir)) && databaseUrl === undefined) return true;
  if (existsSync(join(dataDir, 'spool'))) return true;
  if (databaseUrl === undefined) return false;
  return withPostgres(databaseUrl, 'DATABASE_URL', async (client) => (await tableNames(client)).length > 0);
}

function requireFit(manifest: Manifest, databaseUrl: string | undefined): void {
  const here = databaseUrl === undefined ? 'sqlite' : 'postgres';
  if (manifest.database === here) return;
  throw new OperatorError(
    manifest.database === 'sqlite'
      ? 'The backup holds an SQLite database, and DATABASE_URL is set. Restore it without DATABASE_URL, then move it: npm run move -- --to postgres://…'
      : 'The backup holds a Postgres database. Set DATABASE_URL to an empty one, and restore again.',
  );
}

/** Says how a step is taken back. */
type Undoing = (back: () => Promise<void>) => void;

/** Puts the pictures of a backup into the bucket, if there is one. Answers how many others they took the place of. */
async function fillBucket(
  { bucket }: Settings,
  folder: string,
  stamp: string,
  undoing: Undoing,
): Promise<number> {
  if (bucket === null || !existsSync(folder)) return 0;
  const opened = openBucket(bucket);
  let replaced = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const name = relative(folder, file).split(sep).join('/');
    if (!(await opened.put(name, file, stamp))) continue;
    replaced += 1;
    undoing(() => opened.putBack(name, stamp));
  }
  await rm(folder, { recursive: true });
  return replaced;
}

/** Moves what is there aside and the unpacked files in. Answers the folder of the former; null when there was nothing. */
async function putInPlace(
  dataDir: string,
  unpacked: string,
  stamp: string,
  undoing: Undoing,
): Promise<string | null> {
  const move = async (from: string, to: string): Promise<void> => {
    await rename(from, to);
    undoing(() => rename(to, from));
  };
  const former = (await readdir(dataDir)).filter(
    (name) => !stays.test(name) && !scratchFolder.test(name) && name !== 'cache',
  );
  const aside = join(dataDir, `replaced-${stamp}`);
  if (former.length > 0) {
    await mkdir(aside, { mode: 0o700 });
    // Not what is in it: should something not go back, it stays there.
    undoing(() => rmdir(aside));
  }
  for (const name of former) await move(join(dataDir, name), join(aside, name));
  const data = join(unpacked, dataFolder);
  for (const name of await readdir(data)) await move(join(data, name), join(dataDir, name));
  const copy = join(unpacked, databaseFolder, sqliteCopy);
  if (existsSync(copy)) await move(copy, sqliteFile(dataDir));
  await move(join(unpacked, secretsCopy), secretsFile(dataDir));
  // What was pulled and built belongs to the content that was.
  await rm(join(dataDir, 'cache'), { recursive: true, force: true });
  return former.length > 0 ? aside : null;
}

/** Fills a new schema; the one before is kept under another name, and comes back when anything fails. */
async function fillPostgres(
  url: string,
  folder: string,
  stamp: string,
  makeTables: () => Promise<void>,
): Promise<string | null> {
  const tables = JSON.parse(await readFile(join(folder, tableList), 'utf8')) as TableCount[];
  return withPostgres(url, 'DATABASE_URL', async (client) => {
    const aside = (await tableNames(client)).length > 0 ? `replaced_${stamp}` : null;
    const schema = await schemaOf(client);
    if (aside !== null) {
      await client.query(`ALTER SCHEMA ${quoted(schema)} RENAME TO ${quoted(aside)}`);
      await client.query(`CREATE SCHEMA ${quoted(schema)}`);
    }
    try {
      await makeTables();
      await load(client, tables, folder);
      return aside;
    } catch (error) {
      await putBack(client, schema, aside);
      throw error;
    }
  });
}

/** Takes back what `fillPostgres` did. @param aside the schema of before; null when there was none */
async function emptyPostgres(url: string, aside: string | null): Promise<void> {
  await withPostgres(url, 'DATABASE_URL', async (client) => putBack(client, await schemaOf(client), aside));
}

async function putBack(client: Client, schema: string, aside: string | null): Promise<void> {
  await client.query(`DROP SCHEMA ${quoted(schema)} CASCADE`);
  await client.query(
    aside === null
      ? `CREATE SCHEMA ${quoted(schema)}`
      : `ALTER SCHEMA ${quoted(aside)} RENAME TO ${quoted(schema)}`,
  );
}

async function schemaOf(client: Client): Promise<string> {
  const { rows } = await client.query<{ schema: string }>('SELECT current_schema() AS schema');
  return rows[0]?.schema ?? 'public';
}

async function load(client: Client, tables: readonly TableCount[], folder: string): Promise<void> {
  await refill(client, async (places) => {
    const wanted = tables.filter(({ name }) => !isBookkeeping(name));
    requirePlaces(
      wanted,
      places,
      'The backup was made by another version of Meridian: restore it with that version, then upgrade.',
    );
    for (const { name, columns, rows } of wanted) {
      const added = await addRows(client, name, columns, rowsIn(join(folder, rowsFile(name))));
      if (added !== rows) {
        throw new OperatorError(`The table ${name} should have ${rows} rows, but ${added} came.`);
      }
    }
  });
}
