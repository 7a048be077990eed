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
            source.add(columns.map((column) => meantBy(row[column] ?? null, types.get(column) ?? '')));
            yield JSON.stringify(converted);
          }
        };
        rows += await addRows(client, name, columns, lines());
        const target = digest();
        for await (const line of rowsOf(client, name)) {
          const row = JSON.parse(line) as Row;
          target.add(columns.map((column) => keptAs(row[column] ?? null, types.get(column) ?? '')));
        }
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
  // The CMS keeps its clock at UTC (cms/config/database.ts).
  if (type.startsWith('timestamp')) return moment(value).toISOString();
  if (type === 'date' && typeof value === 'number') return dayOf(value);
  if (type.startsWith('json') && typeof value === 'string') return JSON.parse(value);
  if (/^(?:text|character)/.test(type)) return textOf(value);
  return value;
}

function moment(value: unknown): Date {
  const text = textOf(value);
  return new Date(/^-?\d+$/.test(text) ? Number(text) : text);
}

/** Numbers as they are written; what is neither text nor number is none of SQLite's. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A digest over rows that does not depend on their order. */
function digest(): { add: (row: readonly unknown[]) => void; result: () => string } {
  let count = 0;
  const sum = Buffer.alloc(32);
  return {
    add(row) {
      count += 1;
      const hash = createHash('sha256').update(JSON.stringify(row)).digest();
      // Equal rows must not cancel each other out, so bytes are added, not combined by exclusive or.
      for (let index = 0; index < 32; index += 1) {
        sum[index] = ((sum[index] ?? 0) + (hash[index] ?? 0)) % 256;
      }
    },
    result: () => `${count} ${sum.toString('hex')}`,
  };
}

/**
 * What a value of SQLite means, in one way of writing for both databases. It is read from the source itself, not from what
 * was sent, so that a fault of the conversion shows.
 */
function meantBy(value: unknown, type: string): unknown {
  if (value === null) return null;
  if (type === 'boolean') return value === 1;
  if (type.startsWith('timestamp')) return typeof value === 'number' ? value : Date.parse(textOf(value));
  if (type === 'date') return typeof value === 'number' ? dayOf(value) : value;
  if (type.startsWith('json')) return sorted(typeof value === 'string' ? JSON.parse(value) : value);
  return inOneWay(value, type);
}

/** What a value that Postgres gave back means, in the same way. */
function keptAs(value: unknown, type: string): unknown {
  if (value === null) return null;
  if (type.startsWith('timestamp')) {
    const text = textOf(value);
    return Date.parse(/(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`);
  }
  if (type.startsWith('json')) return sorted(value);
  return inOneWay(value, type);
}

function inOneWay(value: unknown, type: string): unknown {
  if (/^(?:numeric|real|double|integer|bigint|smallint)/.test(type)) return Number(value);
  if (/^time\b/.test(type))
    return textOf(value)
      .replace(/(\.\d*?)0+$/, '$1')
      .replace(/\.$/, '');
  return /^(?:text|character)/.test(type) ? textOf(value) : value;
}

function dayOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
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
