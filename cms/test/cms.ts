import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '../../scripts/free-port.ts';

const CMS = resolve(import.meta.dirname, '..');

/** Settings and secrets of one CMS under test, as environment variables. */
export type Settings = Record<string, string>;

/** A running CMS. */
export interface Cms {
  url: string;
  settings: Settings;
  /** Everything that the process printed so far. */
  output(): string;
  /** Runs what is planned up to a time, if the CMS was started to be steered. */
  runDue(now: Date): Promise<void>;
  stop(): Promise<void>;
  /** Ends the process at once, as a power cut would. */
  kill(): Promise<void>;
}

/** What a command of the CMS printed, and how it ended. */
export interface Run {
  code: number | null;
  output: string;
}

/** Makes settings for a CMS of its own: an empty data folder, a free port, fresh secrets. */
export async function freshSettings(more: Settings = {}): Promise<Settings> {
  const secret = (): string => randomBytes(24).toString('hex');
  return {
    NODE_ENV: 'production',
    DATA_DIR: await mkdtemp(join(tmpdir(), 'meridian-cms-')),
    CMS_PORT: String(await freePort()),
    APP_KEYS: `${secret()},${secret()}`,
    API_TOKEN_SALT: secret(),
    ADMIN_JWT_SECRET: secret(),
    TRANSFER_TOKEN_SALT: secret(),
    ENCRYPTION_KEY: secret(),
    CMS_BUILD_TOKEN: secret(),
    CMS_PREVIEW_TOKEN: secret(),
    CMS_INTAKE_TOKEN: secret(),
    WEBHOOK_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
    ADMIN_EMAIL: 'owner@clinic.example',
    ADMIN_PASSWORD: `Aa1-${secret()}`,
    ...more,
  };
}

/** A copy of the settings with a data folder of its own that holds the same state. */
export async function copySettings(settings: Settings): Promise<Settings> {
  const copy = await mkdtemp(join(tmpdir(), 'meridian-cms-'));
  await cp(settings['DATA_DIR'] ?? '', copy, { recursive: true });
  return { ...settings, DATA_DIR: copy, CMS_PORT: String(await freePort()) };
}

/** Deletes the data folder. */
export async function removeData(settings: Settings): Promise<void> {
  await rm(settings['DATA_DIR'] ?? '', { recursive: true, force: true });
}

/** Runs one command of the built CMS (`seed`, `routes`, ...) to its end. */
export async function runCms(command: string, settings: Settings, ...options: string[]): Promise<Run> {
  const child = spawnCms(command, settings, options);
  const output = collect(child);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output: output() };
}

/** The CMS as it is, with a test that says what time it is for planned actions. */
const STEERED = `
  require('./dist/src/cli/app.js').loadStrapi().then(async (strapi) => {
    const { runDue } = require('./dist/src/scheduling/runner.js');
    process.on('message', (now) => {
      runDue(strapi, new Date(now)).then(() => process.send('done'), (error) => process.send(String(error)));
    });
    await strapi.start();
  });`;

/** Starts the built CMS and waits until it answers. */
export async function startCms(settings: Settings, how: 'as it is' | 'steered' = 'as it is'): Promise<Cms> {
  const url = `http://127.0.0.1:${settings['CMS_PORT'] ?? ''}`;
  const child =
    how === 'steered' ? spawnNode(['-e', STEERED], settings, 'ipc') : spawnCms('start', settings, []);
  const output = collect(child);
  const closed = once(child, 'close');
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`The CMS ended before it answered:\n${output()}`);
    if (await answers(url)) break;
    await new Promise((done) => setTimeout(done, 100));
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await closed;
  };
  const runDue = async (now: Date): Promise<void> => {
    child.send(now.toISOString());
    const [answer] = (await once(child, 'message')) as [string];
    if (answer !== 'done') throw new Error(answer);
  };
  return { url, settings, output, runDue, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}

function spawnCms(command: string, settings: Settings, options: string[]): ChildProcess {
  return spawnNode([join(CMS, 'dist/src/cli', `${command}.js`), ...options], settings);
}

function spawnNode(parameters: string[], settings: Settings, ...channels: 'ipc'[]): ChildProcess {
  return spawn(process.execPath, parameters, {
    cwd: CMS,
    env: {
      PATH: process.env['PATH'] ?? '',
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe', ...channels],
  });
}

function collect(child: ChildProcess): () => string {
  let text = '';
  const add = (chunk: Buffer): void => {
    text += chunk.toString('utf8');
  };
  child.stdout?.on('data', add);
  child.stderr?.on('data', add);
  return () => text;
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/_health`).then(
    ({ ok }) => ok,
    () => false,
  );
}
