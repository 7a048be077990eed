import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Postgres, startPostgres } from '../../cms/test/databases.ts';
import { cleanEnvironment } from '../../e2e/system.ts';
import { startChild } from '../children.ts';
import { startCms } from '../cms.ts';
import { freePort } from '../free-port.ts';
import { readSettings } from '../settings.ts';

const passphrase = 'six random words that nobody knows';
const dataDir = mkdtempSync(join(tmpdir(), 'meridian-move-'));
let postgres: Postgres;
let sqliteRows: Record<string, number>;
let moved: string;

beforeAll(async () => {
  postgres = await startPostgres();
  expect((await run('seed', ['--fixture'])).code).toBe(0);
  using database = open();
  // What the seed does not make: a request with history, and an id beyond those in use.
  database.connection.exec(
    `INSERT INTO consultation_requests (id, document_id, reference, stage, name, consent, received_at, idempotency_key, created_at, updated_at, published_at)
     VALUES (77, 'request77', 'KX7-4QM-R9T', 'new', 'Zoë "Canary" O’Brien \\ 🩺', 1, 1764000000123, 'key-77', 1764000000123, 1764000000123, 1764000000123)`,
  );
  sqliteRows = counts(database.connection);
});

afterAll(async () => {
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function run(script: string, args: readonly string[], more: Record<string, string> = {}) {
  const child = startChild({
    name: script,
    program: process.execPath,
    args: [`scripts/${script}.ts`, ...args],
    env: cleanEnvironment({ DATA_DIR: dataDir, BACKUP_PASSPHRASE: passphrase, ...more }),
    output: 'pipe',
  });
  let output = '';
  for (const stream of [child.process.stdout, child.process.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  return { code: await child.ended, output };
}

function open() {
  const connection = new DatabaseSync(join(dataDir, 'cms.sqlite'));
  return { connection, [Symbol.dispose]: () => connection.close() };
}

/** Rows by table, but for Strapi's notes on the database itself. */
function counts(database: DatabaseSync): Record<string, number> {
  const names = database
    .prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
    .all() as { name: string }[];
  return Object.fromEntries(
    names
      .filter(({ name }) => !/^strapi_(database_schema|migrations)/.test(name))
      .map(({ name }) => [
        name,
        Number(database.prepare(`SELECT count(*) AS n FROM "${name}"`).get()?.['n']),
      ]),
  );
}

async function countsOf(database: string): Promise<Record<string, number>> {
  const entries = await Promise.all(
    Object.keys(sqliteRows).map(async (name) => {
      const [row] = await postgres.query(database, `SELECT count(*)::int AS n FROM "${name}"`);
      return [name, Number(row?.['n'])] as const;
    }),
  );
  return Object.fromEntries(entries);
}

test('a target that holds tables is refused, and stays as it is', async () => {
  const url = await postgres.createDatabase('taken');
  await postgres.query('taken', 'CREATE TABLE patients (name text)');
  const { code, output } = await run('move', ['--to', url]);
  expect(code).toBe(1);
  expect(output).toContain('The database named by --to is not empty. Name an empty one.');
  expect(output).not.toContain('test-only');
  expect(await postgres.query('taken', 'SELECT count(*)::int AS n FROM patients')).toEqual([{ n: 0 }]);
});

test('every row is moved, also when an earlier move was cut off, and a second move is refused', async () => {
  moved = await postgres.createDatabase('moved');
  // As a move leaves it that was killed: some tables, and its mark.
  await postgres.query('moved', 'CREATE TABLE meridian_unfinished_move ()');
  await postgres.query('moved', 'CREATE TABLE articles (half text)');
  const { code, output } = await run('move', ['--to', moved]);
  expect(output).toMatch(/\d+ rows of \d+ tables were moved, and compared one by one\. Set DATABASE_URL/);
  expect(code).toBe(0);
  expect(await countsOf('moved')).toEqual(sqliteRows);
  const [request] = await postgres.query('moved', 'SELECT * FROM consultation_requests WHERE id = 77');
  expect(request).toMatchObject({ name: 'Zoë "Canary" O’Brien \\ 🩺', consent: true });
  expect(request?.['received_at']).toEqual(new Date(1764000000123));
  const [next] = await postgres.query(
    'moved',
    `SELECT nextval(pg_get_serial_sequence('consultation_requests', 'id'))::int AS id`,
  );
  expect(next).toEqual({ id: 78 });
  expect((await run('move', ['--to', moved])).output).toContain('is not empty');
});

test('the CMS goes on with the moved data: the same password, the same content', async () => {
  const settings = readSettings(
    cleanEnvironment({ DATA_DIR: dataDir, DATABASE_URL: moved, CMS_PORT: String(await freePort()) }),
    join(dataDir, 'none.env'),
  );
  const cms = await startCms(settings);
  try {
    const login = await fetch(`http://127.0.0.1:${settings.cms.port}/admin/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        email: settings.secrets.ADMIN_EMAIL,
        password: settings.secrets.ADMIN_PASSWORD,
      }),
    });
    expect(login.status).toBe(200);
    const list = await fetch(`http://127.0.0.1:${settings.cms.port}/api/articles?pagination[pageSize]=1`, {
      headers: { authorization: `Bearer ${settings.secrets.CMS_BUILD_TOKEN}` },
    });
    const { meta } = (await list.json()) as { meta: { pagination: { total: number } } };
    using database = open();
    const published = database.connection
      .prepare('SELECT count(*) AS n FROM articles WHERE published_at IS NOT NULL')
      .get();
    expect(meta.pagination.total).toBe(published?.['n']);
  } finally {
    await cms.stop();
  }
});

test('a backup of Postgres puts every row back, and what was there is put aside', async () => {
  const before = await countsOf('moved');
  expect((await run('backup', [], { DATABASE_URL: moved })).code).toBe(0);
  const [name = ''] = readdirSync(join(dataDir, 'backups')).filter((each) => each.endsWith('.age'));
  const file = join(dataDir, 'backups', name);
  await postgres.query('moved', 'DELETE FROM consultation_requests');
  await postgres.query('moved', `UPDATE articles SET title = 'Spoilt'`);

  const refused = await run('restore', [file], { DATABASE_URL: moved });
  expect(refused.code).toBe(1);
  expect(refused.output).toContain("holds a clinic's data already");

  const restored = await run('restore', [file, '--force'], { DATABASE_URL: moved });
  expect(restored.output).toMatch(/The tables of before are in the schema replaced_\d{14}/);
  expect(restored.code).toBe(0);
  expect(await countsOf('moved')).toEqual(before);
  expect(
    await postgres.query('moved', `SELECT count(*)::int AS n FROM articles WHERE title = 'Spoilt'`),
  ).toEqual([{ n: 0 }]);
  const schema = /replaced_\d{14}/.exec(restored.output)?.[0] ?? '';
  const [spoilt] = await postgres.query(
    'moved',
    `SELECT count(*)::int AS n FROM "${schema}".articles WHERE title = 'Spoilt'`,
  );
  expect(spoilt?.['n']).toBeGreaterThan(0);
});

test('a damaged backup leaves Postgres and DATA_DIR as they are', async () => {
  const folder = join(dataDir, 'backups');
  const [name = ''] = readdirSync(folder).filter((each) => each.endsWith('.age'));
  const cut = join(folder, 'cut.age');
  writeFileSync(cut, readFileSync(join(folder, name)).subarray(0, 100_000));
  const [rows, files] = [await countsOf('moved'), readdirSync(dataDir).toSorted()];
  const { code, output } = await run('restore', [cut, '--force'], { DATABASE_URL: moved });
  expect(code).toBe(1);
  expect(output).toContain('is damaged or cut off');
  expect(await countsOf('moved')).toEqual(rows);
  expect(readdirSync(dataDir).toSorted()).toEqual(files);
});

test('a backup of the other kind of database says what to do', async () => {
  const folder = join(dataDir, 'backups');
  const [name = ''] = readdirSync(folder).filter((each) => each.endsWith('.tar.gz.age'));
  const empty = mkdtempSync(join(tmpdir(), 'meridian-empty-'));
  mkdirSync(empty, { recursive: true });
  const { code, output } = await run('restore', [join(folder, name)], { DATA_DIR: empty });
  expect(code).toBe(1);
  expect(output).toContain('Set DATABASE_URL to an empty one');
  rmSync(empty, { recursive: true, force: true });
});
