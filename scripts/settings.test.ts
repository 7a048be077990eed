import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseSettings, readSettings, root } from './settings.ts';

let folder: string;
let dotenv: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-settings-'));
  dotenv = join(folder, '.env');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('parseSettings', () => {
  test('has a default for everything', () => {
    const settings = parseSettings({});
    expect(settings.cms).toEqual({ host: '127.0.0.1', port: 1337, url: 'http://127.0.0.1:1337' });
    expect(settings.site).toEqual({ host: '127.0.0.1', port: 4321, url: 'http://127.0.0.1:4321' });
    expect(settings.adminUrl).toBe('http://127.0.0.1:1337/admin');
    expect(settings.databaseUrl).toBeUndefined();
  });

  test('derives addresses that can be connected to from hosts that listen everywhere', () => {
    const settings = parseSettings({ CMS_HOST: '0.0.0.0', SITE_HOST: '::' });
    expect(settings.cms.url).toBe('http://127.0.0.1:1337');
    expect(settings.site.url).toBe('http://127.0.0.1:4321');
  });

  test('reaches one site server on this machine, or those that are named', () => {
    expect(parseSettings({ SITE_HOST: '0.0.0.0' }).siteServers).toEqual(['http://127.0.0.1:4321']);
    const named = parseSettings({ SITE_SERVERS: 'http://one:4321/, http://two:4321' });
    expect(named.siteServers).toEqual(['http://one:4321', 'http://two:4321']);
    expect(() => parseSettings({ SITE_SERVERS: 'http://one:4321,two' })).toThrow(/SITE_SERVERS is "two"/);
  });

  test('takes the slash off the end of addresses', () => {
    expect(parseSettings({ SITE_URL: 'https://clinic.example/' }).site.url).toBe('https://clinic.example');
  });

  test.each([
    ['CMS_PORT', '80a', /CMS_PORT is "80a".*CMS_PORT=1337/],
    ['CMS_PORT', '0', /CMS_PORT is "0"/],
    ['SITE_PORT', '65536', /SITE_PORT is "65536".*1 to 65535/],
    ['SITE_URL', 'clinic.example', /SITE_URL is "clinic.example".*http:\/\//],
    ['ADMIN_URL', 'ftp://clinic.example', /ADMIN_URL/],
    ['CMS_URL', 'javascript:alert(1)', /CMS_URL/],
    ['CMS_HOST', 'a b', /CMS_HOST is "a b"/],
    ['TRUST_PROXY', 'yes', /TRUST_PROXY must be the number/],
    [
      'ADMIN_URL',
      'https://admin.clinic.example/admin',
      /TRUST_PROXY is not set, but ADMIN_URL begins with https/,
    ],
    ['ADMIN_EMAIL', 'admin@localhost', /ADMIN_EMAIL must be an e-mail address/],
    ['ADMIN_PASSWORD', 'short', /ADMIN_PASSWORD must have at least 8 characters/],
    ['FRONT_DESK_EMAIL', 'desk@clinic.example, nobody', /FRONT_DESK_EMAIL must be e-mail addresses/],
    ['REQUEST_RETENTION_DAYS', '0', /REQUEST_RETENTION_DAYS must be a whole number of days/],
    ['CHECK_EXTERNAL_LINKS', 'false', /CHECK_EXTERNAL_LINKS must be "off" or left out/],
    [
      'S3_BUCKET',
      'pictures',
      /S3_BUCKET is set, but S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY, S3_REGION are not/,
    ],
    ['S3_ENDPOINT', 'https://s3.example', /S3_ENDPOINT is set, but S3_BUCKET, .* are not/],
    ['CMS_METRICS_PORT', '4321', /CMS_METRICS_PORT is the port of something else/],
    ['SITE_METRICS_PORT', 'yes', /SITE_METRICS_PORT is "yes"/],
    ['METRICS_HOST', 'a b', /METRICS_HOST is "a b"/],
    ['LOG_LEVEL', 'verbose', /LOG_LEVEL must be error, warn, info or debug/],
    ['DATABASE_URL', 'mysql://clinic', /DATABASE_URL must be a Postgres address/],
  ])('refuses %s=%s and says how to mend it', (name, value, message) => {
    expect(() => parseSettings({ [name]: value })).toThrow(message);
  });

  test('repeats no password in its messages', () => {
    expect(() => parseSettings({ DATABASE_URL: 'mysql://me:hunter2@db/x' })).toThrow(/^(?!.*hunter2)/);
    expect(() => parseSettings({ ADMIN_PASSWORD: 'hunter2' })).toThrow(/^(?!.*hunter2)/);
  });

  test('refuses one port for both servers', () => {
    expect(() => parseSettings({ CMS_PORT: '4321' })).toThrow(
      /CMS_PORT and SITE_PORT are both 4321.*SITE_PORT=4322/,
    );
  });
});

describe('readSettings', () => {
  test('lets the environment win over .env, and takes empty values for missing ones', () => {
    writeFileSync(dotenv, 'CMS_PORT=2000\nSITE_PORT=2001\nADMIN_EMAIL=\n');
    const settings = readSettings({ DATA_DIR: folder, SITE_PORT: '3001', CMS_HOST: '' }, dotenv);
    expect(settings.cms.port).toBe(2000);
    expect(settings.site.port).toBe(3001);
    expect(settings.secrets.ADMIN_EMAIL).toBe('admin@meridian.example');
    expect(settings.env).toMatchObject({ CMS_PORT: '2000', SITE_PORT: '3001', DATA_DIR: folder });
  });

  test('makes secrets once, for their owner alone', () => {
    const first = readSettings({ DATA_DIR: folder }, dotenv);
    const second = readSettings({ DATA_DIR: folder }, dotenv);
    expect(first.passwordIsNew).toBe(true);
    expect(second.passwordIsNew).toBe(false);
    expect(second.secrets).toEqual(first.secrets);
    expect(first.secrets.APP_KEYS.split(',')).toHaveLength(4);
    expect(new Set(Object.values(first.secrets)).size).toBe(Object.keys(first.secrets).length);
    expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600);
  });

  test('takes secrets from files, with the white space around them gone, and hands no path on', () => {
    const file = join(folder, 'passphrase');
    writeFileSync(file, '  six words that nobody can guess\n');
    const settings = readSettings({ DATA_DIR: folder, BACKUP_PASSPHRASE_FILE: file }, dotenv);
    expect(settings.backups.passphrase).toBe('six words that nobody can guess');
    expect(settings.env.BACKUP_PASSPHRASE).toBe('six words that nobody can guess');
    expect(settings.env).not.toHaveProperty('BACKUP_PASSPHRASE_FILE');
    writeFileSync(file, 'a'.repeat(64));
    expect(readSettings({ DATA_DIR: folder, SPOOL_KEY_FILE: file }, dotenv).secrets.SPOOL_KEY).toBe(
      'a'.repeat(64),
    );
    expect(readFileSync(join(folder, 'secrets.json'), 'utf8')).not.toContain('a'.repeat(64));
  });

  test('refuses files of secrets that are missing, empty, or named beside the secret itself', () => {
    const file = join(folder, 'secret');
    const read = (given: Record<string, string>) => () =>
      readSettings({ DATA_DIR: folder, ...given }, dotenv);
    expect(read({ SMTP_PASSWORD_FILE: file })).toThrow(
      /SMTP_PASSWORD_FILE is .*secret, which cannot be read \(ENOENT\)/,
    );
    expect(read({ SMTP_PASSWORD_FILE: folder })).toThrow(/cannot be read \(EISDIR\)/);
    writeFileSync(file, '\n');
    expect(read({ SMTP_PASSWORD_FILE: file })).toThrow(/SMTP_PASSWORD_FILE is .*secret, which is empty/);
    writeFileSync(file, 'hunter2');
    const both = read({ SMTP_PASSWORD_FILE: file, SMTP_PASSWORD: 'hunter3' });
    expect(both).toThrow(/SMTP_PASSWORD and SMTP_PASSWORD_FILE are both set/);
    expect(both).toThrow(/^(?!.*hunter)/);
    chmodSync(file, 0o000);
    chmodSync(folder, 0o777);
    asNobody(() => {
      expect(read({ SMTP_PASSWORD_FILE: file })).toThrow(/cannot be read \(EACCES\).*may read it/);
    });
  });

  test('puts the password of the database into its address', () => {
    const url = 'postgres://meridian@db:5432/meridian';
    const read = (given: Record<string, string>) => () =>
      readSettings({ DATA_DIR: folder, ...given }, dotenv);
    const settings = read({ DATABASE_URL: url, DATABASE_PASSWORD: 'a@b/c:%' })();
    expect(settings.databaseUrl).toBe(settings.env.DATABASE_URL);
    expect(decodeURIComponent(new URL(settings.databaseUrl ?? '').password)).toBe('a@b/c:%');
    expect(settings.env).not.toHaveProperty('DATABASE_PASSWORD');
    expect(read({ DATABASE_PASSWORD: 'hunter2' })).toThrow(/DATABASE_URL does not name a database/);
    const twice = read({ DATABASE_URL: 'postgres://me:hunter2@db/x', DATABASE_PASSWORD: 'hunter3' });
    expect(twice).toThrow(/DATABASE_URL holds a password and DATABASE_PASSWORD gives another/);
    expect(twice).toThrow(/^(?!.*hunter)/);
  });

  test('gives two processes that start together the same secrets', async () => {
    const settings = pathToFileURL(join(root, 'scripts/settings.ts')).href;
    // All are loaded by then, and begin in the same millisecond.
    const at = Date.now() + 1500;
    const code = `const { readSettings } = await import(${JSON.stringify(settings)}); while (Date.now() < ${at}); console.log(readSettings().secrets.APP_KEYS)`;
    const start = () =>
      promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code], {
        env: { ...process.env, DATA_DIR: folder },
      });
    const said = (await Promise.all(Array.from({ length: 6 }, start))).map(({ stdout }) => stdout);
    expect(new Set(said).size).toBe(1);
  });

  test('keeps no secret that the environment gives', () => {
    const { secrets } = readSettings({ DATA_DIR: folder, CMS_BUILD_TOKEN: 'a'.repeat(64) }, dotenv);
    expect(secrets.CMS_BUILD_TOKEN).toBe('a'.repeat(64));
    expect(readFileSync(join(folder, 'secrets.json'), 'utf8')).not.toContain('a'.repeat(64));
  });

  test('generates an admin password that its own rule accepts', () => {
    const { secrets } = readSettings({ DATA_DIR: folder }, dotenv);
    expect(() => parseSettings({ ADMIN_PASSWORD: secrets.ADMIN_PASSWORD })).not.toThrow();
  });

  test('refuses a secrets file that is cut in half, and keeps it', () => {
    const file = join(folder, 'secrets.json');
    writeFileSync(file, '{"APP_KEYS": "a,b');
    expect(() => readSettings({ DATA_DIR: folder }, dotenv)).toThrow(/secrets\.json cannot be read.*backup/);
    expect(readFileSync(file, 'utf8')).toBe('{"APP_KEYS": "a,b');
  });

  test('refuses a DATA_DIR that may only be read, and says what to do', () => {
    const data = join(folder, 'data');
    chmodSync(folder, 0o755);
    mkdirSync(data);
    chmodSync(data, 0o555);
    asNobody(() => {
      expect(() => readSettings({ DATA_DIR: data }, dotenv)).toThrow(
        /data.*cannot be written .*Give this user write access to/,
      );
    });
  });

  test('refuses a DATA_DIR that is no folder', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => readSettings({ DATA_DIR: file }, dotenv)).toThrow(
      /DATA_DIR is .*cannot be written to.*set DATA_DIR/,
    );
  });
});

/** Root may write everywhere, so what root must not do is tried as the user that owns nothing. */
function asNobody(task: () => void): void {
  const root = process.geteuid?.() === 0;
  if (root) process.seteuid?.(65_534);
  try {
    task();
  } finally {
    if (root) process.seteuid?.(0);
  }
}
