import { spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, inject, test } from 'vitest';
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

function run(script: string, settings: Record<string, string>, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`scripts/${script}.ts`, ...args], {
    cwd: root,
    env: cleanEnvironment({
      BACKUP_PASSPHRASE: 'six random words that nobody knows',
      BACKUP_DIR: backups,
      CMS_PORT: new URL(cmsUrl).port,
      SITE_PORT: new URL(siteUrl).port,
      ...settings,
    }),
    encoding: 'utf8',
    timeout: 240_000,
  });
  return { status, output: `${stdout}${stderr}` };
}

/** Every row of every table as text, but for what each start and each login writes anew. */
function rows(folder: string): Map<string, string> {
  const database = new DatabaseSync(join(folder, 'cms.sqlite'), { readOnly: true });
  try {
    const tables = database.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all() as {
      name: string;
    }[];
    return new Map(
      tables
        .filter(
          ({ name }) => !/^(sqlite_|strapi_sessions|strapi_core_store|strapi_api_tokens|request_)/.test(name),
        )
        .map(({ name }) => [
          name,
          JSON.stringify(database.prepare(`SELECT * FROM "${name}" ORDER BY rowid`).all()),
        ]),
    );
  } finally {
    database.close();
  }
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

/** Names of the patients in the inbox, in their order. */
function patients(folder: string): string[] {
  const database = new DatabaseSync(join(folder, 'cms.sqlite'), { readOnly: true });
  try {
    const names = database.prepare('SELECT name FROM consultation_requests ORDER BY id').all();
    return names.map(({ name }) => String(name));
  } finally {
    database.close();
  }
}

let file = '';
let before: Map<string, string>;

test('a running clinic is backed up into one file that only its owner can read', async () => {
  await handOver(system, kept);
  await handOver(system, erased);
  const keyring = makeKeyring(readSecrets(secretsFile(dataDir)).SPOOL_KEY ?? '');
  const spool = await openSpool(spoolFolder(dataDir), keyring, { tidy: false });
  await spool.add(randomUUID(), underWay);
  before = rows(dataDir);
  const { status, output } = run('backup', { DATA_DIR: dataDir });
  expect(status, output).toBe(0);
  file = /\S+\.tar\.gz\.age/.exec(output)?.[0] ?? '';
  const bytes = readFileSync(file);
  expect(bytes.includes('Kim Kept')).toBe(false);
});

test('the backup is put back on another machine; who was erased since stays erased', () => {
  expect(run('requests', { DATA_DIR: dataDir }, 'erase', erased.reference).status).toBe(0);
  const { status, output } = run('restore', { DATA_DIR: restored }, file);
  expect(status, output).toBe(0);
  expect(output).toContain('Start Meridian: npm start');
  const after = rows(restored);
  for (const [table, text] of before) {
    if (table === 'consultation_requests') continue;
    expect(after.get(table), table).toBe(text);
  }
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
  const copy = await startAgain(restored, {
    SITE_URL: siteUrl,
    CMS_PORT: String(await freePort()),
    SITE_PORT: String(await freePort()),
  });
  try {
    const live = (folder: string) => hashes(join(folder, 'releases/current/public'));
    await expect.poll(() => live(restored), { timeout: 60_000 }).toEqual(live(dataDir));
    expect(live(restored).size).toBeGreaterThan(50);
    await expect
      .poll(() => patients(restored).filter((name) => name === 'Uma Underway'), { timeout: 60_000 })
      .toHaveLength(1);
    expect(existsSync(join(restored, 'cms.sqlite'))).toBe(true);
    expect(patients(restored)).not.toContain('Erin Erased');
  } finally {
    await copy.stop();
  }
});
