import path from 'node:path';
import type { MetricsAddress } from '@meridian/shared-types/operations';
import { z } from 'zod';

/** A setting that is missing or wrong. The message names the variable and says what to do. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

/** What a build needs to know. Addresses come without a slash at the end; `dataDir` is absolute. */
export interface BuildSettings {
  /** Where the site reaches the CMS. */
  cmsUrl: string;
  /** Reads published entries only. */
  buildToken: string;
  /** Where patients reach the site. */
  siteUrl: string;
  dataDir: string;
  /** A person's word that a CMS without articles is meant to be so. */
  acceptEmptyContent: boolean;
}

/** What the server needs to know beside. `trustProxy` is the number of proxies whose forwarded addresses are true. */
export interface ServerSettings {
  host: string;
  port: number;
  siteUrl: string;
  dataDir: string;
  trustProxy: number;
  /** Signs what the CMS tells the server: `whsec_` and base64. */
  webhookSecret: string;
  build: BuildLimits;
  logLevel: LogLevel;
  /** Where metrics are served; null: nowhere. */
  metrics: MetricsAddress | null;
  /** Null: no key for the spool is set, and patients get the phone number instead of the form. */
  consultation: ConsultationSettings | null;
}

const logLevels = ['error', 'warn', 'info', 'debug'] as const;

/** From which weight on something is told in the log. */
export type LogLevel = (typeof logLevels)[number];

/** What a build may take: seconds, megabytes of memory, and seconds between two looks at the CMS. */
export interface BuildLimits {
  deadline: number;
  memory: number;
  interval: number;
}

/** What the server needs for previews. */
export interface PreviewSettings {
  /** Where the site reaches the CMS. */
  cmsUrl: string;
  /** Reads drafts. */
  token: string;
  /** Shared with the CMS, which signs the links. */
  secret: string;
  siteUrl: string;
  /** The only origin that may frame previews. */
  adminOrigin: string;
}

/** What consultation requests need. Keys are 32 bytes in hex; `oldSpoolKeys` still open what was spooled with them. */
export interface ConsultationSettings {
  spoolKey: string;
  oldSpoolKeys: readonly string[];
  cmsUrl: string;
  intakeToken: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const projectRoot = path.resolve(import.meta.dirname, '..');
const origin = z.url({ protocol: /^https?$/ }).transform((value) => value.replace(/\/+$/, ''));
const host = z.string().min(1);
const spoolKey = z.string().regex(/^[0-9a-f]{64}$/);
const port = z.coerce.number().int().min(1).max(65_535);

/**
 * Settings of a build, from the environment.
 *
 * @throws SettingsError naming the variable at fault
 */
export function readBuildSettings(environment: Environment = process.env): BuildSettings {
  const read = reader(environment);
  return {
    cmsUrl: cmsUrl(environment),
    buildToken: read(
      'CMS_BUILD_TOKEN',
      z.string().min(1),
      '',
      'the token that reads published entries; "npm start" makes it and keeps it in secrets.json of DATA_DIR',
    ),
    siteUrl: siteUrl(environment),
    dataDir: dataDir(environment),
    acceptEmptyContent: read('ACCEPT_EMPTY_CONTENT', z.stringbool(), 'false', 'true or false'),
  };
}

/**
 * Settings of the server, from the environment.
 *
 * @throws SettingsError naming the variable at fault
 */
export function readServerSettings(environment: Environment = process.env): ServerSettings {
  const read = reader(environment);
  return {
    host: read('SITE_HOST', host, '127.0.0.1', 'a host name or address'),
    port: read('SITE_PORT', port, '4321', 'a port between 1 and 65535'),
    siteUrl: siteUrl(environment),
    dataDir: dataDir(environment),
    trustProxy: read(
      'TRUST_PROXY',
      z.coerce.number().int().min(0).max(10),
      '0',
      'the number of proxies in front, such as 1',
    ),
    webhookSecret: read(
      'WEBHOOK_SECRET',
      z.string().regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/),
      '',
      'the secret that signs messages of the CMS (whsec_ and base64); "npm start" makes it and keeps it in secrets.json of DATA_DIR',
    ),
    build: {
      deadline: read(
        'BUILD_DEADLINE',
        z.coerce.number().min(0.1).max(86_400),
        '900',
        'the seconds that a build may take, such as 900',
      ),
      memory: read(
        'BUILD_MEMORY',
        z.coerce.number().int().min(64).max(65_536),
        '2048',
        'the megabytes of memory that a build may take, such as 2048',
      ),
      interval: read(
        'RECONCILE_SECONDS',
        z.coerce.number().min(0.1).max(3_600),
        '30',
        'the seconds between two looks at the CMS, such as 30',
      ),
    },
    logLevel: read('LOG_LEVEL', z.enum(logLevels), 'info', 'one of error, warn, info and debug'),
    metrics: metricsSettings(environment),
    consultation: consultationSettings(environment),
  };
}

/** Where programs on this machine reach the site server, without a slash at the end. */
export function serverAddress({ host, port }: Pick<ServerSettings, 'host' | 'port'>): string {
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * Settings of previews, from the environment; null when the CMS's secrets are not set, for the site stands without.
 *
 * @throws SettingsError naming the variable at fault
 */
export function readPreviewSettings(environment: Environment = process.env): PreviewSettings | null {
  const token = environment['CMS_PREVIEW_TOKEN'] ?? '';
  const secret = environment['PREVIEW_SECRET'] ?? '';
  if (token === '' || secret === '') return null;
  const read = reader(environment);
  const cmsHost = read('CMS_HOST', host, '127.0.0.1', 'a host name or address');
  const cmsPort = read('CMS_PORT', port, '1337', 'a port between 1 and 65535');
  const cms = `http://${cmsHost}:${cmsPort}`;
  const cmsMeaning = 'the address of the CMS, such as http://127.0.0.1:1337';
  const admin = read(
    'ADMIN_URL',
    origin,
    `${cms}/admin`,
    'the address of the admin, such as http://127.0.0.1:1337/admin',
  );
  return {
    cmsUrl: read('CMS_URL', origin, cms, cmsMeaning),
    token,
    secret,
    siteUrl: siteUrl(environment),
    adminOrigin: new URL(admin).origin,
  };
}

function metricsSettings(environment: Environment): MetricsAddress | null {
  if (!environment['SITE_METRICS_PORT']) return null;
  const read = reader(environment);
  return {
    host: read('METRICS_HOST', host, '127.0.0.1', 'a host name or address'),
    port: read('SITE_METRICS_PORT', port, '', 'a port between 1 and 65535'),
  };
}

function consultationSettings(environment: Environment): ConsultationSettings | null {
  if (!environment['SPOOL_KEY']) return null;
  const read = reader(environment);
  return {
    spoolKey: read('SPOOL_KEY', spoolKey, '', 'a key of 64 hexadecimal digits; "npm start" makes it'),
    oldSpoolKeys: read(
      'SPOOL_KEYS_OLD',
      z.string().transform(keysIn).pipe(z.array(spoolKey)),
      '',
      'former keys of SPOOL_KEY, separated by commas',
    ),
    cmsUrl: cmsUrl(environment),
    intakeToken: read(
      'CMS_INTAKE_TOKEN',
      z.string().min(1),
      '',
      'the token that hands consultation requests to the CMS; "npm start" makes it',
    ),
  };
}

function keysIn(list: string): string[] {
  return list
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== '');
}

function cmsUrl(environment: Environment): string {
  const read = reader(environment);
  const cmsHost = read('CMS_HOST', host, '127.0.0.1', 'a host name or address');
  const cmsPort = read('CMS_PORT', port, '1337', 'a port between 1 and 65535');
  return read(
    'CMS_URL',
    origin,
    `http://${cmsHost}:${cmsPort}`,
    'the address of the CMS, such as http://127.0.0.1:1337',
  );
}

/** Address of the public site, without a slash at the end. */
export function siteUrl(environment: Environment = process.env): string {
  const read = reader(environment);
  const siteHost = read('SITE_HOST', host, '127.0.0.1', 'a host name or address');
  const sitePort = read('SITE_PORT', port, '4321', 'a port between 1 and 65535');
  return read(
    'SITE_URL',
    origin,
    `http://${siteHost}:${sitePort}`,
    'the public address, such as https://clinic.example',
  );
}

/** Absolute path of the folder that holds all state. */
export function dataDir(environment: Environment = process.env): string {
  return path.resolve(projectRoot, environment['DATA_DIR'] || '.data');
}

function reader(environment: Environment) {
  return <Value>(name: string, schema: z.ZodType<Value>, fallback: string, meaning: string): Value => {
    const given = environment[name];
    const result = schema.safeParse(given === undefined || given === '' ? fallback : given);
    if (result.success) return result.data;
    const fault = given === undefined || given === '' ? 'is not set' : 'cannot be used';
    throw new SettingsError(
      `The setting ${name} ${fault}. Set it to ${meaning}, in .env or in the environment.`,
    );
  };
}
