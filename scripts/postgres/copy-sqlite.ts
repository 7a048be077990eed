import { createHash } from 'node:crypto';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import type { Client } from 'pg';
import { OperatorError } from '../errors.ts';
import { addRows, isBookkeeping, quoted, refill, requirePlaces, rowsOf } from './tables.ts';

type Row = Record<string, unknown>;

/** What was copied: rows by table, and how many all together. */
export interface Copied {
  tables: number;
  rows: number;
}

/**
 * Copies every row of an SQLite database of the CMS into a Postgres database that has the CMS's tables, in place of what
 * they hold. Afterwards each table is read back and compared with its source, count and content. All of it or nothing.
 *
 * @throws OperatorError when a table has no place or did not come out the same
 */
export async function copySqlite(file: string, client: Client): Promise<Copied> {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const tables = tablesOf(database).filter(({ name }) => !isBookkeeping(name));
    let rows = 0;
    await refill(client, async (places) => {
      requirePlaces(
        tables,
        places,
        'The data is of another version: start this version on it once without DATABASE_URL, then move again.',
      );
      for (const { name, columns } of tables) {
        const types = places.get(name) ?? new Map<string, string>();
        const source = digest();
        const lines = function* () {
          for (const row of rowsOfSqlite(database, name)) {
            const converted = Object.fromEntries(
              columns.map((column) => [column, forPostgres(row[column] ?? null, types.get(column) ?? '')]),
            );
            source.add(converted, types);
            yield JSON.stringify(converted);
          }
        };
        rows += await addRows(client, name, columns, lines());
        const target = digest();
        for await (const line of rowsOf(client, name))
          target.add(picked(JSON.parse(line) as Row, columns), types);
        if (source.result() !== target.result()) {
          throw new OperatorError(
            `The table ${name} came out otherwise than it was. Nothing was moved; the SQLite database is as it was.`,
          );
        }
      }
    });
    return { tables: tables.length, rows };
  } finally {
    database.close();
  }
}

function tablesOf(database: DatabaseSync): { name: string; columns: string[] }[] {
  const names = database
    .prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
    .all() as { name: string }[];
  return names.map(({ name }) => ({
    name,
    columns: (database.prepare(`PRAGMA table_info(${quoted(name)})`).all() as { name: string }[]).map(
      (column) => column.name,
    ),
  }));
}

function rowsOfSqlite(database: DatabaseSync, table: string): Iterable<Record<string, SQLOutputValue>> {
  return database.prepare(`SELECT * FROM ${quoted(table)} ORDER BY rowid`).iterate();
}

/**
 * A value as Postgres takes it in JSON. SQLite knows neither truth values nor times: Strapi keeps the former as 0 and 1,
 * and moments as milliseconds.
 */
function forPostgres(value: unknown, type: string): unknown {
  if (value === null) return null;
  if (type === 'boolean') return Boolean(value);
  if (type.startsWith('timestamp')) return wallTime(moment(value), type);
  if (type === 'date' && typeof value === 'number') return new Date(value).toISOString().slice(0, 10);
  if (type.startsWith('json') && typeof value === 'string') return JSON.parse(value);
  if (/^(?:text|character)/.test(type)) return textOf(value);
  return value;
}

function moment(value: unknown): Date {
  const text = textOf(value);
  return new Date(/^-?\d+$/.test(text) ? Number(text) : text);
}

/** Strapi reads a time without a zone by the clock of its own machine. */
function wallTime(at: Date, type: string): string {
  if (type.includes('with time zone')) return at.toISOString();
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().replace('Z', '');
}

/** Numbers as they are written; what is neither text nor number is none of SQLite's. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function picked(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));
}

/** A digest over rows that does not depend on how equal values are written, nor on the order of rows. */
function digest(): { add: (row: Row, types: ReadonlyMap<string, string>) => void; result: () => string } {
  let count = 0;
  const sum = Buffer.alloc(32);
  return {
    add(row, types) {
      count += 1;
      const plain = Object.entries(row).map(([column, value]) => [
        column,
        canonical(value, types.get(column) ?? ''),
      ]);
      const hash = createHash('sha256').update(JSON.stringify(plain)).digest();
      // Equal rows must not cancel each other out, so bytes are added, not combined by exclusive or.
      for (let index = 0; index < 32; index += 1) {
        sum[index] = ((sum[index] ?? 0) + (hash[index] ?? 0)) % 256;
      }
    },
    result: () => `${count} ${sum.toString('hex')}`,
  };
}

function canonical(value: unknown, type: string): unknown {
  if (value === null) return null;
  if (type.startsWith('timestamp'))
    return new Date(`${textOf(value).replace(' ', 'T').replace(/Z$/, '')}Z`).getTime();
  if (/^(?:numeric|real|double|integer|bigint|smallint)/.test(type)) return Number(value);
  if (type.startsWith('time'))
    return textOf(value)
      .replace(/(\.\d*?)0+$/, '$1')
      .replace(/\.$/, '');
  return sorted(value);
}

/** jsonb keeps no order of keys. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}
