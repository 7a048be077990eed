import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Postgres, startPostgres } from '../../cms/test/databases.ts';
import { startStore } from '../../cms/test/s3.ts';
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
  // What the seed does not make: a request with history, an id beyond those in use, a line separator (U+2028).
  database.connection.exec(
    `INSERT INTO consultation_requests (id, document_id, reference, stage, name, consent, received_at, idempotency_key, created_at, updated_at, published_at)
     VALUES (77, 'request77', 'KX7-4QM-R9T', 'new', 'Zoë "Canary" O’Brien \\ 🩺\u2028', 1, 1764000000123, 'key-77', 1764000000123, 1764000000123, 1764000000123)`,
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
  // Whoever moves may have another clock than the machine on which the CMS runs later.
  // As in containers, the address holds no password, and a file does.
  const password = join(dataDir, 'password');
  writeFileSync(password, 'test-only\n');
  const { code, output } = await run('move', ['--to', moved.replace(':test-only', '')], {
    TZ: 'America/Los_Angeles',
    DATABASE_URL: moved.replace(':test-only', ''),
    DATABASE_PASSWORD_FILE: password,
  });
  rmSync(password);
  expect(output).toMatch(/\d+ rows of \d+ tables were moved, and compared one by one\. Set DATABASE_URL/);
  expect(code).toBe(0);
  expect(await countsOf('moved')).toEqual(sqliteRows);
  const [request] = await postgres.query('moved', 'SELECT * FROM consultation_requests WHERE id = 77');
  expect(request).toMatchObject({ name: 'Zoë "Canary" O’Brien \\ 🩺\u2028', consent: true });
  expect(
    await postgres.query('moved', 'SELECT received_at::text FROM consultation_requests WHERE id = 77'),
  ).toEqual([{ received_at: '2025-11-24 16:00:00.123' }]);
  const [next] = await postgres.query(
    'moved',
    `SELECT nextval(pg_get_serial_sequence('consultation_requests', 'id'))::int AS id`,
  );
  expect(next).toEqual({ id: 78 });
  expect((await run('move', ['--to', moved])).output).toContain('is not empty');
});

test('the CMS goes on with the moved data: the same password, the same content', async () => {
  const settings = readSettings(
    cleanEnvironment({
      DATA_DIR: dataDir,
      DATABASE_URL: moved,
      CMS_PORT: String(await freePort()),
      TZ: 'Asia/Tokyo',
    }),
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
    const { data, meta } = (await list.json()) as {
      data: { documentId: string; updatedAt: string }[];
      meta: { pagination: { total: number } };
    };
    using database = open();
    const published = database.connection
      .prepare('SELECT count(*) AS n FROM articles WHERE published_at IS NOT NULL')
      .get();
    expect(meta.pagination.total).toBe(published?.['n']);
    const article = database.connection
      .prepare('SELECT updated_at FROM articles WHERE document_id = ? AND published_at IS NOT NULL')
      .get(data[0]?.documentId ?? '');
    expect(Date.parse(data[0]?.updatedAt ?? '')).toBe(article?.['updated_at']);
    const { url = '' } = database.connection.prepare('SELECT url FROM files LIMIT 1').get() ?? {};
    const picture = await fetch(`http://127.0.0.1:${settings.cms.port}${String(url)}`);
    expect(Buffer.from(await picture.arrayBuffer())).toEqual(
      readFileSync(join(dataDir, 'public', String(url))),
    );
  } finally {
    await cms.stop();
  }
});

test('a row that does not come out as it was stops the move, and nothing of it stays', async () => {
  const url = await postgres.createDatabase('spoiling');
  // As an extension of somebody's database might: it changes one row while it is written.
  for (const statement of [
    'CREATE SCHEMA spoil',
    `CREATE FUNCTION spoil.change() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN NEW.received_at := NEW.received_at + interval '8 hours'; RETURN NEW; END $$`,
    `CREATE FUNCTION spoil.look() RETURNS event_trigger LANGUAGE plpgsql AS
     $$ BEGIN IF to_regclass('public.consultation_requests') IS NOT NULL
        AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'spoil') THEN
        CREATE TRIGGER spoil BEFORE INSERT ON public.consultation_requests FOR EACH ROW EXECUTE FUNCTION spoil.change();
     END IF; END $$`,
    `CREATE EVENT TRIGGER spoil ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE') EXECUTE FUNCTION spoil.look()`,
  ]) {
    await postgres.query('spoiling', statement);
  }
  const { code, output } = await run('move', ['--to', url]);
  expect(output).toContain(
    'The table consultation_requests came out otherwise than it was. Nothing was moved',
  );
  expect(code).toBe(1);
  expect(await postgres.query('spoiling', 'SELECT count(*)::int AS n FROM articles')).toEqual([{ n: 0 }]);
});

test('a backup of Postgres puts every row back, and what was there is put aside', async () => {
  const before = await countsOf('moved');
  expect((await run('backup', [], { DATABASE_URL: moved })).code).toBe(0);
  const [name = ''] = readdirSync(join(dataDir, 'backups')).filter((each) => each.endsWith('.age'));
  const file = join(dataDir, 'backups', name);
  await postgres.query('moved', 'DELETE FROM consultation_requests');
  await postgres.query('moved', `UPDATE articles SET title = 'Spoilt'`);
  // Another replica erased a request since, and noted it on a disk that is gone.
  await postgres.query(
    'moved',
    `INSERT INTO request_tombstones (document_id, reference, at, published_at) VALUES ('t', 'KX7-4QM-R9T', now(), now())`,
  );

  const refused = await run('restore', [file], { DATABASE_URL: moved });
  expect(refused.code).toBe(1);
  expect(refused.output).toContain("holds a clinic's data already");

  const restored = await run('restore', [file, '--force'], { DATABASE_URL: moved });
  expect(restored.output).toMatch(/The tables of before are in the schema replaced_\d{14}/);
  expect(restored.code).toBe(0);
  expect(before['consultation_requests']).toBe(1);
  expect(await countsOf('moved')).toEqual({
    ...before,
    consultation_requests: 0,
    request_tombstones: 1,
    request_audits: 1,
  });
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

test('a bucket that takes no pictures stops the restore, and database and files are as they were', async () => {
  const [name = ''] = readdirSync(join(dataDir, 'backups')).filter((each) => each.endsWith('.age'));
  const store = await startStore();
  // A key that may read but not write, as the store's owner may have made it.
  const keeper = createServer((request, response) => {
    if (request.method === 'PUT') return void response.writeHead(403).end();
    const { method, headers, url = '' } = request;
    const onward = httpRequest(new URL(url, store.settings['S3_ENDPOINT']), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => keeper.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = keeper.address() as AddressInfo;
    const bucket = { ...store.settings, S3_ENDPOINT: `http://127.0.0.1:${port}` };
    await postgres.query('moved', `UPDATE articles SET title = 'Of today'`);
    const before = [await countsOf('moved'), readdirSync(dataDir).toSorted(), await schemas()];
    const { code, output } = await run('restore', [join(dataDir, 'backups', name), '--force'], {
      DATABASE_URL: moved,
      ...bucket,
    });
    expect(output).toContain('The bucket pictures cannot be used');
    expect(output).toContain('Everything is as it was before the restore.');
    expect(code).toBe(1);
    expect([await countsOf('moved'), readdirSync(dataDir).toSorted(), await schemas()]).toEqual(before);
    const [other] = await postgres.query(
      'moved',
      `SELECT count(*)::int AS n FROM articles WHERE title <> 'Of today'`,
    );
    expect(other).toEqual({ n: 0 });
  } finally {
    keeper.close();
    await store.remove();
  }

  function schemas() {
    return postgres.query('moved', 'SELECT nspname FROM pg_namespace ORDER BY 1');
  }
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
