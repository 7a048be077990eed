import type { Client } from 'pg';
import { OperatorError } from '../errors.ts';

/** A table and how many rows of it there are. */
export interface TableCount {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: number;
}

const rowsAtOnce = 500;

/** Tables in which Strapi notes how the others are built: those that it made itself are right. */
const bookkeeping = ['strapi_database_schema', 'strapi_migrations', 'strapi_migrations_internal'];

/** Whether a table is about the database itself, not about what is kept in it. */
export function isBookkeeping(table: string): boolean {
  return bookkeeping.includes(table);
}

/** Names of all tables of the schema that Meridian uses, sorted. */
export async function tableNames(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name`,
  );
  return rows.map(({ name }) => name);
}

/** Column names of a table with their types, as Postgres calls them, in their order. */
export async function columnsOf(client: Client, table: string): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string; type: string }>(
    `SELECT column_name AS name, data_type AS type FROM information_schema.columns
     WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position`,
    [table],
  );
  return new Map(rows.map(({ name, type }) => [name, type]));
}

/**
 * Every row of a table as one line of JSON, as Postgres itself writes it: numbers, times and texts come back exactly.
 * To be called in a transaction, which decides what is seen.
 */
export async function* rowsOf(client: Client, table: string): AsyncGenerator<string> {
  const order = (await columnsOf(client, table)).has('id') ? 'ORDER BY id' : '';
  await client.query(
    `DECLARE meridian_rows NO SCROLL CURSOR FOR SELECT row_to_json(t)::text AS line FROM (SELECT * FROM ${quoted(table)} ${order}) t`,
  );
  try {
    for (;;) {
      const { rows } = await client.query<{ line: string }>(`FETCH ${rowsAtOnce} FROM meridian_rows`);
      if (rows.length === 0) return;
      for (const { line } of rows) yield line;
    }
  } finally {
    await client.query('CLOSE meridian_rows').catch(() => undefined);
  }
}

/**
 * Adds rows to a table; each is a line of JSON with the table's columns as keys. Postgres itself turns them into the
 * types of the columns.
 *
 * @returns how many
 */
export async function addRows(
  client: Client,
  table: string,
  columns: readonly string[],
  lines: AsyncIterable<string> | Iterable<string>,
): Promise<number> {
  const list = columns.map(quoted).join(', ');
  const statement = `INSERT INTO ${quoted(table)} (${list}) SELECT ${list} FROM json_populate_recordset(NULL::${quoted(table)}, $1::json)`;
  let count = 0;
  let batch: string[] = [];
  const flush = async () => {
    if (batch.length > 0) await client.query(statement, [`[${batch.join(',')}]`]);
    count += batch.length;
    batch = [];
  };
  for await (const line of lines) {
    batch.push(line);
    if (batch.length === rowsAtOnce) await flush();
  }
  await flush();
  return count;
}

/**
 * Empties all tables but Strapi's bookkeeping, runs `fill` while rows may refer to rows that are still to come, and then
 * has Postgres check every reference and go on counting ids after the highest. All of it or nothing.
 *
 * @param fill adds the rows; every row has to have a place, so it is told the columns by table
 */
export async function refill(
  client: Client,
  fill: (places: ReadonlyMap<string, ReadonlyMap<string, string>>) => Promise<void>,
): Promise<void> {
  await client.query('BEGIN');
  try {
    const tables = (await tableNames(client)).filter((name) => !isBookkeeping(name));
    const places = new Map<string, ReadonlyMap<string, string>>();
    for (const table of tables) places.set(table, await columnsOf(client, table));
    const { rows: references } = await client.query<{ table: string; name: string; definition: string }>(
      `SELECT conrelid::regclass::text AS table, conname AS name, pg_get_constraintdef(oid) AS definition
       FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace`,
    );
    for (const { table, name } of references) {
      await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${quoted(name)}`);
    }
    if (tables.length > 0) await client.query(`TRUNCATE ${tables.map(quoted).join(', ')}`);
    await fill(places);
    for (const { table, name, definition } of references) {
      await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${quoted(name)} ${definition}`);
    }
    for (const table of tables) await countOn(client, table);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function countOn(client: Client, table: string): Promise<void> {
  const { rows } = await client.query<{ sequence: string | null }>(
    `SELECT pg_get_serial_sequence($1, 'id') AS sequence FROM information_schema.columns
     WHERE table_schema = current_schema() AND table_name = $2 AND column_name = 'id'`,
    [quoted(table), table],
  );
  const sequence = rows[0]?.sequence;
  if (sequence === undefined || sequence === null) return;
  await client.query(
    `SELECT setval($1::regclass, COALESCE((SELECT max(id) FROM ${quoted(table)}), 0) + 1, false)`,
    [sequence],
  );
}

/** Deletes all tables with everything in them. */
export async function dropTables(client: Client): Promise<void> {
  const tables = await tableNames(client);
  if (tables.length > 0) await client.query(`DROP TABLE ${tables.map(quoted).join(', ')} CASCADE`);
}

/**
 * Refuses rows for which the database has no place.
 *
 * @param present the tables of the database with their columns
 * @throws OperatorError naming tables and columns that the database does not have
 */
export function requirePlaces(
  wanted: readonly Pick<TableCount, 'name' | 'columns'>[],
  present: ReadonlyMap<string, ReadonlyMap<string, string>>,
  advice: string,
): void {
  const missing = wanted.flatMap(({ name, columns }) => {
    const known = present.get(name);
    if (known === undefined) return [name];
    return columns.filter((column) => !known.has(column)).map((column) => `${name}.${column}`);
  });
  if (missing.length === 0) return;
  throw new OperatorError(`The new database has no place for ${missing.join(', ')}. ${advice}`);
}

/** A name as it is written in SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
