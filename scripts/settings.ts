import { accessSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { type Bucket, bucketSettings } from '../shared-types/src/bucket.ts';
import { messageOf, OperatorError } from './errors.ts';
import { withSecretFiles } from './secret-files.ts';
import { ensureSecrets, type Secrets } from './secrets.ts';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const SHORTEST_PASSPHRASE = 16;

export interface Settings {
  /** Absolute path of the folder that holds all state. */
  readonly dataDir: string;
  readonly cms: { readonly host: string; readonly port: number; readonly url: string };
  readonly site: { readonly host: string; readonly port: number; readonly url: string };
  /** Where the CMS reaches the site servers, without a slash at the end. */
  readonly siteServers: readonly string[];
  readonly adminUrl: string;
  /** Postgres address, or nothing for SQLite in `dataDir`. May hold a password: never print it. */
  readonly databaseUrl: string | undefined;
  /** Where pictures are kept; null for DATA_DIR. Holds a secret: never print it whole. */
  readonly bucket: Bucket | null;
  readonly backups: BackupSettings;
  readonly secrets: Secrets;
  readonly passwordIsNew: boolean;
  /** The complete environment for child processes. */
  readonly env: Record<string, string>;
}

/** Where and how backups are kept. */
export interface BackupSettings {
  /** Absolute path of the folder that holds them. */
  readonly dir: string;
  /** What they are encrypted with; without it none are made. */
  readonly passphrase: string | undefined;
  /** For how many days, and for how many weeks, one is kept. */
  readonly daily: number;
  readonly weekly: number;
}

type Given = Readonly<Record<string, string | undefined>>;

/**
 * The settings of this installation, from the environment, then `.env`, then `DATA_DIR/secrets.json`, then defaults. A secret
 * may be given as a file: `NAME_FILE` for `NAME`. Makes DATA_DIR and what secrets are missing.
 *
 * @throws OperatorError naming the variable, what is wrong with it, and the fix
 */
export function readSettings(environment: Given = process.env, dotenv = join(root, '.env')): Settings {
  const given = withDatabasePassword(
    withSecretFiles({ ...readDotenv(dotenv), ...withoutEmpty(environment) }),
  );
  const settings = parseSettings(given);
  ensureWritable(settings.dataDir);
  const { secrets, passwordIsNew } = ensureSecrets(settings.dataDir, given);
  const env: Record<string, string> = {
    ...withoutEmpty(given),
    ...secrets,
    DATA_DIR: settings.dataDir,
    CMS_HOST: settings.cms.host,
    CMS_PORT: String(settings.cms.port),
    CMS_URL: settings.cms.url,
    SITE_HOST: settings.site.host,
    SITE_PORT: String(settings.site.port),
    SITE_URL: settings.site.url,
    SITE_SERVERS: settings.siteServers.join(','),
    ADMIN_URL: settings.adminUrl,
    BACKUP_DIR: settings.backups.dir,
    STRAPI_TELEMETRY_DISABLED: 'true',
    ASTRO_TELEMETRY_DISABLED: '1',
  };
  return { ...settings, secrets, passwordIsNew, env };
}

/** Checks every value without touching the disk. @throws OperatorError as {@link readSettings} does */
export function parseSettings(given: Given) {
  const cmsHost = hostName(given, 'CMS_HOST', '127.0.0.1');
  const cmsPort = portNumber(given, 'CMS_PORT', 1337);
  const siteHost = hostName(given, 'SITE_HOST', '127.0.0.1');
  const sitePort = portNumber(given, 'SITE_PORT', 4321);
  if (cmsHost === siteHost && cmsPort === sitePort) {
    throw new OperatorError(
      `CMS_PORT and SITE_PORT are both ${cmsPort}. Give one of them another port, for example SITE_PORT=${cmsPort + 1}.`,
    );
  }
  const trustProxy = given.TRUST_PROXY;
  if (trustProxy !== undefined && !/^\d{1,2}$/.test(trustProxy)) {
    throw invalid(
      'TRUST_PROXY',
      'must be the number of reverse proxies in front of the site',
      'TRUST_PROXY=1',
    );
  }
  const adminUrl = webAddress(given, 'ADMIN_URL', `http://${reachable(cmsHost)}:${cmsPort}/admin`);
  if (adminUrl.startsWith('https:') && !(Number(trustProxy) > 0)) {
    throw invalid(
      'TRUST_PROXY',
      'is not set, but ADMIN_URL begins with https://, so a proxy stands in front of the CMS. It must be the number of proxies, or nobody could log in',
      'TRUST_PROXY=1',
    );
  }
  const email = given.ADMIN_EMAIL;
  if (email !== undefined && !/^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(email)) {
    throw invalid('ADMIN_EMAIL', 'must be an e-mail address', 'ADMIN_EMAIL=admin@meridian.example');
  }
  const password = given.ADMIN_PASSWORD;
  if (
    password !== undefined &&
    !(password.length >= 8 && /[a-z]/.test(password) && /[A-Z]/.test(password) && /\d/.test(password))
  ) {
    throw new OperatorError(
      'ADMIN_PASSWORD must have at least 8 characters, among them a lower-case letter, an upper-case letter and a digit. ' +
        'Set a longer one, or leave it out and one is made for you.',
    );
  }
  for (const address of given.FRONT_DESK_EMAIL?.split(',') ?? []) {
    if (!/^\s*[^\s@,]+@[^\s@.,]+(\.[^\s@.,]+)*\s*$/.test(address)) {
      throw invalid(
        'FRONT_DESK_EMAIL',
        'must be e-mail addresses separated by commas',
        'FRONT_DESK_EMAIL=desk@clinic.example',
      );
    }
  }
  const retention = given.REQUEST_RETENTION_DAYS;
  if (retention !== undefined && !(/^\d{1,4}$/.test(retention) && Number(retention) > 0)) {
    throw invalid(
      'REQUEST_RETENTION_DAYS',
      'must be a whole number of days, 1 or more',
      'REQUEST_RETENTION_DAYS=90',
    );
  }
  const links = given.CHECK_EXTERNAL_LINKS;
  if (links !== undefined && links !== 'off') {
    throw invalid('CHECK_EXTERNAL_LINKS', 'must be "off" or left out', 'CHECK_EXTERNAL_LINKS=off');
  }
  const ports = [cmsPort, sitePort];
  for (const name of ['CMS_METRICS_PORT', 'SITE_METRICS_PORT']) {
    if (given[name] === undefined) continue;
    const port = portNumber(given, name, 9100);
    if (ports.includes(port))
      throw invalid(name, 'is the port of something else', `${name}=${port + 10_000}`);
    ports.push(port);
  }
  hostName(given, 'METRICS_HOST', '127.0.0.1');
  const level = given.LOG_LEVEL;
  if (level !== undefined && !['error', 'warn', 'info', 'debug'].includes(level)) {
    throw invalid('LOG_LEVEL', 'must be error, warn, info or debug', 'LOG_LEVEL=info');
  }
  const databaseUrl = given.DATABASE_URL;
  if (databaseUrl !== undefined && !/^postgres(ql)?:$/.test(protocolOf(databaseUrl))) {
    // The value may hold a password, so it is not repeated.
    throw new OperatorError(
      'DATABASE_URL must be a Postgres address such as postgres://user:password@host:5432/meridian. ' +
        'Correct it, or leave it out to keep the data in an SQLite file in DATA_DIR.',
    );
  }
  const dataDir = resolve(root, given.DATA_DIR ?? '.data');
  return {
    dataDir,
    bucket: pictureBucket(given),
    backups: backupSettings(given, dataDir),
    cms: {
      host: cmsHost,
      port: cmsPort,
      url: webAddress(given, 'CMS_URL', `http://${reachable(cmsHost)}:${cmsPort}`),
    },
    site: {
      host: siteHost,
      port: sitePort,
      url: webAddress(given, 'SITE_URL', `http://${reachable(siteHost)}:${sitePort}`),
    },
    siteServers: (given.SITE_SERVERS ?? `http://${reachable(siteHost)}:${sitePort}`)
      .split(',')
      .map((each) => webAddress({ SITE_SERVERS: each.trim() }, 'SITE_SERVERS', 'http://127.0.0.1:4321')),
    adminUrl,
    databaseUrl,
  };
}

/** As the CMS reads it, which is where the settings are explained. */
function pictureBucket(given: Given): Bucket | null {
  try {
    return bucketSettings((name) => given[name] ?? '');
  } catch (error) {
    throw new OperatorError(messageOf(error));
  }
}

/** Puts DATABASE_PASSWORD into DATABASE_URL, so that the address may stand where passwords must not. */
function withDatabasePassword(given: Record<string, string>): Record<string, string> {
  const { DATABASE_PASSWORD: password, ...others } = given;
  const { DATABASE_URL: address } = others;
  if (password === undefined) return given;
  if (address === undefined || !URL.canParse(address)) {
    throw new OperatorError(
      'DATABASE_PASSWORD is set, but DATABASE_URL does not name a database. Set it too, such as DATABASE_URL=postgres://meridian@db:5432/meridian.',
    );
  }
  const url = new URL(address);
  if (url.password !== '') {
    throw new OperatorError(
      'DATABASE_URL holds a password and DATABASE_PASSWORD gives another one. Take one of them away.',
    );
  }
  url.password = encodeURIComponent(password);
  return { ...others, DATABASE_URL: url.href };
}

function backupSettings(given: Given, dataDir: string): BackupSettings {
  const passphrase = given.BACKUP_PASSPHRASE;
  if (passphrase !== undefined && passphrase.length < SHORTEST_PASSPHRASE) {
    throw new OperatorError(
      `BACKUP_PASSPHRASE is shorter than ${SHORTEST_PASSPHRASE} characters, which is too easy to guess for what backups hold. ` +
        'Set a longer one, such as six random words, and keep it where a lost machine does not take it along.',
    );
  }
  const count = (name: string, fallback: number) => {
    const value = given[name] ?? String(fallback);
    if (/^\d{1,3}$/.test(value)) return Number(value);
    throw invalid(name, 'must be the number of backups to keep, from 0 to 999', `${name}=${fallback}`);
  };
  const [daily, weekly] = [count('BACKUP_DAILY', 7), count('BACKUP_WEEKLY', 5)];
  if (daily + weekly === 0) {
    throw invalid('BACKUP_DAILY', 'and BACKUP_WEEKLY are both 0, so no backup would stay', 'BACKUP_DAILY=7');
  }
  return { dir: resolve(root, given.BACKUP_DIR ?? join(dataDir, 'backups')), passphrase, daily, weekly };
}

/** An address that listens everywhere is no address to connect to. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function hostName(given: Given, name: string, fallback: string): string {
  const value = given[name] ?? fallback;
  if (!/^[\w.:-]+$/.test(value))
    throw invalid(name, `is "${value}", which is no host name or address`, `${name}=${fallback}`);
  return value;
}

function portNumber(given: Given, name: string, fallback: number): number {
  const value = given[name] ?? String(fallback);
  const port = Number(value);
  if (!/^\d+$/.test(value) || port < 1 || port > 65_535) {
    throw invalid(
      name,
      `is "${value}", which is no port (a whole number from 1 to 65535)`,
      `${name}=${fallback}`,
    );
  }
  return port;
}

function webAddress(given: Given, name: string, fallback: string): string {
  const value = given[name] ?? fallback;
  if (!/^https?:$/.test(protocolOf(value))) {
    throw invalid(
      name,
      `is "${value}", which is no web address (it begins with http:// or https://)`,
      `${name}=${fallback}`,
    );
  }
  return value.replace(/\/+$/, '');
}

function protocolOf(value: string): string {
  return URL.canParse(value) ? new URL(value).protocol : '';
}

function invalid(name: string, problem: string, example: string): OperatorError {
  return new OperatorError(
    `${name} ${problem}. Correct it in the environment or in .env, for example ${example}.`,
  );
}

function readDotenv(file: string): Record<string, string> {
  if (!existsSync(file)) return {};
  try {
    return withoutEmpty(parseEnv(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new OperatorError(
      `The settings file ${file} cannot be read (${messageOf(error)}). Give this user read access to it.`,
    );
  }
}

/** An empty variable means "not set", as in .env.example. */
export function withoutEmpty(values: Given): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
    ),
  );
}

function ensureWritable(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new OperatorError(
      `DATA_DIR is ${dataDir}, which cannot be written to (${messageOf(error)}). ` +
        'Give this user write access to it, or set DATA_DIR to a folder that can be written to.',
    );
  }
}
