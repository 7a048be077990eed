import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { startChild } from '../scripts/children.ts';
import { freePort } from '../scripts/free-port.ts';
import { requirePorts } from '../scripts/ports.ts';
import { readSecrets, secretsFile } from '../scripts/secrets.ts';
import { readSettings, root } from '../scripts/settings.ts';
import { cleanEnvironment, copyDataDir } from './system.ts';

const system = inject('systems').find(({ content }) => content === 'starting content');
if (system === undefined) throw new Error('No system with the starting content runs.');
const { dataDir, siteUrl, cmsUrl } = system;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-operator-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(script: string, settings: Record<string, string>) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`scripts/${script}.ts`], {
    cwd: root,
    env: cleanEnvironment(settings),
    encoding: 'utf8',
    timeout: 240_000,
  });
  return { status, output: `${stdout}${stderr}` };
}

async function freePorts() {
  return { CMS_PORT: String(await freePort()), SITE_PORT: String(await freePort()) };
}

const runningPorts = { CMS_PORT: new URL(cmsUrl).port, SITE_PORT: new URL(siteUrl).port };

describe('a start that cannot succeed says why, how to mend it, and ends', () => {
  test('on data that another one uses', async () => {
    const { status, output } = run('start', { DATA_DIR: dataDir, ...(await freePorts()) });
    expect(status).toBe(1);
    expect(output).toMatch(/is running on .* already \(process \d+\)\. Stop it first, or set DATA_DIR/);
  });

  test('on ports that are taken', () => {
    const { status, output } = run('start', { DATA_DIR: folder, ...runningPorts });
    expect(status).toBe(1);
    expect(output).toContain(`Port ${runningPorts.CMS_PORT} (CMS_PORT) on 127.0.0.1 is taken`);
    expect(output).toContain(`Port ${runningPorts.SITE_PORT} (SITE_PORT) on 127.0.0.1 is taken`);
    expect(output).not.toMatch(/^\s+at /m);
  });

  test('on a database that is damaged', async () => {
    const file = join(folder, 'cms.sqlite');
    writeFileSync(file, readFileSync(join(dataDir, 'cms.sqlite')).subarray(0, 50_000));
    const { status, output } = run('start', { DATA_DIR: folder, ...(await freePorts()) });
    expect(status).toBe(1);
    expect(output).toMatch(/cms\.sqlite is damaged .*restore the folder from your backup/);
    expect(readFileSync(file)).toHaveLength(50_000);
  });

  test('on a Postgres that is not there', async () => {
    const DATABASE_URL = `postgres://meridian:hunter2@127.0.0.1:${await freePort()}/meridian`;
    const { status, output } = run('start', { DATA_DIR: folder, DATABASE_URL, ...(await freePorts()) });
    expect(status).toBe(1);
    expect(output).toContain('DATABASE_URL names the Postgres server');
    expect(output).not.toContain('hunter2');
  });
});

test('a second start rebuilds nothing, shows no password, and leaves no process behind when it is told to stop', async () => {
  copyDataDir(dataDir, folder);
  rmSync(join(folder, 'running.pid'), { force: true });
  letFirstPasswordAge(folder, 8);
  const ports = await freePorts();
  // With the address of the first system nothing that its site was made of has changed.
  const env = cleanEnvironment({ DATA_DIR: folder, SITE_URL: siteUrl, ...ports });
  const log = join(folder, 'second-start.log');
  const child = startChild({
    name: 'start',
    program: process.execPath,
    args: ['scripts/start.ts'],
    env,
    output: { log },
  });
  const said = () => readFileSync(log, 'utf8');
  try {
    await expect.poll(said, { timeout: 120_000, interval: 200 }).toContain('Meridian is up');
    expect(said()).toContain('CMS build: unchanged');
    expect(said()).toContain('starting content: there already');
    expect(said()).toContain('preview build: unchanged');
    expect(readlinkSync(join(folder, 'releases', 'current'))).toBe(
      readlinkSync(join(dataDir, 'releases', 'current')),
    );
    expect(said()).not.toContain(readSecrets(secretsFile(folder)).ADMIN_PASSWORD);
    expect(said()).toContain('still the first one, and older than a week: set one of your own');
    child.process.kill('SIGTERM');
    expect(await child.ended).toBe(143);
    await sleep(200);
    await requirePorts(readSettings(env));
    expect(() => readFileSync(join(folder, 'running.pid'))).toThrow(/ENOENT/);
  } finally {
    await child.stop();
  }
});

describe('the doctor', () => {
  test('finds nothing wrong with a running system, and tells no secret', () => {
    const { status, output } = run('doctor', { DATA_DIR: dataDir, ...runningPorts });
    expect(output).toContain('Nothing is wrong.');
    expect(status).toBe(0);
    expect(output).toMatch(/✓ First admin: .* has the password of the installation, for 0 days/);
    for (const [name, secret] of Object.entries(readSecrets(secretsFile(dataDir)))) {
      if (name !== 'ADMIN_EMAIL') expect(output).not.toContain(secret);
    }
  });

  test('names each thing that is wrong, and how to mend it', () => {
    writeFileSync(join(folder, 'secrets.json'), JSON.stringify(readSecrets(secretsFile(dataDir))), {
      mode: 0o644,
    });
    writeFileSync(join(folder, 'cms.sqlite'), 'not a database '.repeat(1000));
    writeFileSync(join(folder, 'first-password'), `${daysAgo(8).toISOString()}\n`);
    const { status, output } = run('doctor', { DATA_DIR: folder, ...runningPorts });
    expect(status).toBe(1);
    expect(output).toMatch(/✗ First admin: .* for 8 days\. Log in at .*set one of your own/);
    expect(output).toMatch(/✗ Secrets: other users may read .*chmod 600/);
    expect(output).toMatch(/✗ Database: .*is damaged/);
    expect(output).toMatch(/✗ Port: .*CMS_PORT/);
  });
});

/** Makes the first admin of a data folder as old as if the installation had been made some days ago. */
function letFirstPasswordAge(dataDir: string, days: number): void {
  const database = new DatabaseSync(join(dataDir, 'cms.sqlite'), { timeout: 10_000 });
  database.prepare('UPDATE admin_users SET created_at = ?').run(daysAgo(days).getTime());
  database.close();
  writeFileSync(join(dataDir, 'first-password'), `${daysAgo(days).toISOString()}\n`);
}

function daysAgo(days: number): Date {
  return new Date(Date.now() - days * 24 * 3600_000 - 60_000);
}
