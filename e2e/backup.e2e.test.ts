import { execFile, spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, inject, test } from 'vitest';
import { copyName } from '../scripts/backup/copies.ts';
import { freePort } from '../scripts/free-port.ts';
import { readSecrets, secretsFile } from '../scripts/secrets.ts';
import { root } from '../scripts/settings.ts';
import { makeKeyring } from '../site/server/consultation/keyring.ts';
import { spoolFolder } from '../site/server/consultation/service.ts';
import { openSpool } from '../site/server/consultation/spool.ts';
import { handOver, requestOf } from './requests.ts';
import { cleanEnvironment, startAgain } from './system.ts';

// The drill: a running clinic is backed up, its folder is lost, and another machine goes on from the backup.
const system = inject('systems').find(({ content }) => content === 'starting content');
if (system === undefined) throw new Error('No system with the starting content runs.');
const { dataDir, siteUrl, cmsUrl } = system;

const backups = mkdtempSync(join(tmpdir(), 'meridian-backups-'));
const restored = mkdtempSync(join(tmpdir(), 'meridian-restored-'));
const kept = requestOf({ name: 'Kim Kept', phone: '+13105550101' });
const erased = requestOf({ name: 'Erin Erased', phone: '+13105550102' });
const underWay = requestOf({ name: 'Uma Underway', phone: '+13105550103' });

afterAll(() => {
  for (const folder of [backups, restored]) rmSync(folder, { recursive: true, force: true });
});

const options = (settings: Record<string, string>) => ({
  cwd: root,
  env: cleanEnvironment({
    BACKUP_PASSPHRASE: 'six random words that nobody knows',
    BACKUP_DIR: backups,
    CMS_PORT: new URL(cmsUrl).port,
    SITE_PORT: new URL(siteUrl).port,
    ...settings,
  }),
  encoding: 'utf8' as const,
  timeout: 240_000,
});

function run(script: string, settings: Record<string, string>, ...args: string[]) {
  const command = [`scripts/${script}.ts`, ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, options(settings));
  return { status, output: `${stdout}${stderr}` };
}

/** A backup that is made while work goes on meanwhile, again and again. */
async function backUpWhile(settings: Record<string, string>, work: () => Promise<void>) {
  const ended = new Promise<{ status: number; output: string }>((resolve) => {
    execFile(process.execPath, ['scripts/backup.ts'], options(settings), (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : 1, output: `${stdout}${stderr}` });
    });
  });
  for (let times = 1; ; times += 1) {
    await work();
    const made = await Promise.race([ended, Promise.resolve(null)]);
    if (made !== null) return { ...made, times };
  }
}

/** Reads something out of the database of a data folder. */
function read<Result>(folder: string, work: (database: DatabaseSync) => Result): Result {
  const database = new DatabaseSync(join(folder, 'cms.sqlite'), { readOnly: true, timeout: 10_000 });
  try {
    return work(database);
  } finally {
    database.close();
  }
}

/** Every row of every table as text, but for what each start and each login writes anew, and for requests. */
function rows(folder: string): Map<string, string> {
  const leftOut =
    /^(?:sqlite_|strapi_sessions|strapi_core_store|strapi_api_tokens|request_|consultation_requests$)/;
  return read(folder, (database) => {
    const tables = database.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all();
    const names = tables.map(({ name }) => String(name)).filter((name) => !leftOut.test(name));
    return new Map(
      names.map((name) => [
        name,
        JSON.stringify(database.prepare(`SELECT * FROM "${name}" ORDER BY rowid`).all()),
      ]),
    );
  });
}

/** Hashes of all files below a folder by their path. */
function hashes(folder: string): Map<string, string> {
  const files = globSync('**/*', { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted()
      .map((file) => [
        file.slice(folder.length),
        createHash('sha256').update(readFileSync(file)).digest('hex'),
      ]),
  );
}

/** Requests by their references, each with its history, as text. */
function requestRows(folder: string, references: readonly string[]): string {
  return read(folder, (database) =>
    JSON.stringify(
      references.map((reference) => {
        const request = database
          .prepare('SELECT * FROM consultation_requests WHERE reference = ?')
          .all(reference);
        const history = database
          .prepare('SELECT * FROM request_changes WHERE request = ? ORDER BY id')
          .all(request[0]?.['document_id'] ?? '');
        return { request, history };
      }),
    ),
  );
}

/** Names of the patients in the inbox, in their order. */
function patients(folder: string): string[] {
  return read(folder, (database) =>
    database
      .prepare('SELECT name FROM consultation_requests ORDER BY id')
      .all()
      .map(({ name }) => String(name)),
  );
}

let file = '';
let before: Map<string, string>;
let keptBefore = '';
const early = Array.from({ length: 5 }, (_, index) =>
  requestOf({ name: `Early ${index}`, phone: '+13105550104' }),
);

test('a running clinic is backed up into one file that only its owner can read', async () => {
  await handOver(system, kept);
  await handOver(system, erased);
  const keyring = makeKeyring(readSecrets(secretsFile(dataDir)).SPOOL_KEY ?? '');
  const spool = await openSpool(spoolFolder(dataDir), keyring, { tidy: false });
  await spool.add(randomUUID(), underWay);
  for (const request of early) await handOver(system, request);
  before = rows(dataDir);
  keptBefore = requestRows(
    dataDir,
    [kept, ...early].map(({ reference }) => reference),
  );
  const old = [1, 2, 3, 9].map((days) => copyName(new Date(Date.now() - days * 24 * 3_600_000)));
  for (const name of [...old, 'of-somebody-else.txt']) writeFileSync(join(backups, name), '');
  // Patients go on writing while it is made.
  const settings = { DATA_DIR: dataDir, BACKUP_DAILY: '2', BACKUP_WEEKLY: '1' };
  const { status, output, times } = await backUpWhile(settings, async () => {
    await handOver(system, requestOf({ phone: '+13105550105' }));
    await sleep(25);
  });
  expect(status, output).toBe(0);
  expect(times).toBeGreaterThan(5);
  file = /\S+\.tar\.gz\.age/.exec(output)?.[0] ?? '';
  expect(output).toContain('; 3 old backups deleted.');
  expect(
    readdirSync(backups)
      .filter((name) => !name.startsWith('erasures'))
      .sort(),
  ).toEqual([old[0], basename(file), 'of-somebody-else.txt'].sort());
  const bytes = readFileSync(file);
  expect(bytes.includes('Kim Kept')).toBe(false);
});

test('the backup is put back on another machine; who was erased since stays erased', () => {
  const erasure = run('requests', { DATA_DIR: dataDir }, 'erase', erased.reference);
  expect(erasure.status, erasure.output).toBe(0);
  const { status, output } = run('restore', { DATA_DIR: restored }, file);
  expect(status, output).toBe(0);
  expect(output).toContain('Start Meridian: npm start');
  const after = rows(restored);
  for (const [table, text] of before) expect(after.get(table), table).toBe(text);
  expect(
    requestRows(
      restored,
      [kept, ...early].map(({ reference }) => reference),
    ),
  ).toBe(keptBefore);
  expect(hashes(join(restored, 'public/uploads'))).toEqual(hashes(join(dataDir, 'public/uploads')));
  expect(readSecrets(secretsFile(restored))).toEqual(readSecrets(secretsFile(dataDir)));
  expect(patients(restored)).toContain('Kim Kept');
  expect(patients(restored)).not.toContain('Erin Erased');
});

test('a folder that holds a clinic already is not overwritten while its CMS answers, or without --force', async () => {
  const files = hashes(restored);
  const running = run('restore', { DATA_DIR: restored }, file);
  expect(running.status).toBe(1);
  expect(running.output).toContain(`its CMS answers at ${cmsUrl}. Stop CMS and site first.`);
  const stopped = run('restore', { DATA_DIR: restored, CMS_PORT: String(await freePort()) }, file);
  expect(stopped.status).toBe(1);
  expect(stopped.output).toContain('To put the backup in its place, add --force');
  expect(hashes(restored)).toEqual(files);
});

test('the restored clinic serves the same site, and what was on its way arrives once', async () => {
  const port = String(await freePort());
  const copyUrl = `http://127.0.0.1:${port}`;
  const copy = await startAgain(restored, {
    SITE_URL: siteUrl,
    CMS_PORT: String(await freePort()),
    SITE_PORT: port,
  });
  try {
    const live = (folder: string) => hashes(join(folder, 'releases/current/public'));
    await expect.poll(() => live(restored), { timeout: 60_000 }).toEqual(live(dataDir));
    expect(live(restored).size).toBeGreaterThan(50);
    const page = (url: string) => fetch(`${url}/articles/acupuncture-for-spine-pain/`);
    const [served, original] = [await page(copyUrl), await page(siteUrl)];
    expect(served.status).toBe(200);
    expect(await served.text()).toBe(await original.text());
    await expect
      .poll(() => patients(restored).filter((name) => name === 'Uma Underway'), { timeout: 60_000 })
      .toHaveLength(1);
    expect(existsSync(join(restored, 'cms.sqlite'))).toBe(true);
    expect(patients(restored)).not.toContain('Erin Erased');
  } finally {
    await copy.stop();
  }
});
