import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkDatabase, checkSqlite, isNewSqlite } from './database.ts';
import { freePort } from './free-port.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-database-'));
  file = join(folder, 'cms.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function makeDatabase(): void {
  const database = new DatabaseSync(file);
  database.exec('CREATE TABLE words (word TEXT); BEGIN');
  const insert = database.prepare('INSERT INTO words VALUES (?)');
  for (let index = 0; index < 2000; index += 1) insert.run(`word ${index} ${'x'.repeat(50)}`);
  database.exec('COMMIT');
  database.close();
}

test('waits for one that is locked for a moment, which is not damaged', async () => {
  makeDatabase();
  const code = `const { DatabaseSync } = require('node:sqlite');
    const database = new DatabaseSync(${JSON.stringify(file)});
    database.exec('BEGIN EXCLUSIVE');
    console.log('locked');
    setTimeout(() => database.close(), 500);`;
  const holder = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '-e', code]);
  const gone = once(holder, 'exit');
  await once(holder.stdout, 'data');
  checkSqlite(file);
  await gone;
});

test('accepts a whole database, and none at all', () => {
  checkSqlite(file);
  expect(isNewSqlite(folder)).toBe(true);
  makeDatabase();
  checkSqlite(file);
  expect(isNewSqlite(folder)).toBe(false);
});

test('refuses a database that is cut in half', () => {
  makeDatabase();
  truncateSync(file, Math.floor(readFileSync(file).length / 2));
  expect(() => checkSqlite(file)).toThrow(/cms\.sqlite is damaged.*restore the folder from your backup/);
});

test('refuses a file that is no database', () => {
  writeFileSync(file, 'This is a letter, not a database. '.repeat(100));
  expect(() => checkSqlite(file)).toThrow(/is damaged/);
});

test('names host and port of a Postgres that does not answer, and no password', async () => {
  const port = await freePort();
  const databaseUrl = `postgres://meridian:hunter2@127.0.0.1:${port}/meridian`;
  const failure = checkDatabase({ dataDir: folder, databaseUrl });
  await expect(failure).rejects.toThrow(new RegExp(`DATABASE_URL names.*127.0.0.1:${port}.*ECONNREFUSED`));
  await expect(failure).rejects.not.toThrow(/hunter2/);
});
