import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, failure, runChild, startChild } from './children.ts';
import { isNewSqlite } from './database.ts';
import { OperatorError } from './errors.ts';
import { fingerprintOf, readStamp, writeStamp } from './fingerprint.ts';
import { exclusively } from './lock.ts';
import { skip, step } from './progress.ts';
import { root, type Settings } from './settings.ts';

const cmsDir = join(root, 'cms');
const buildStamp = join(cmsDir, 'dist', '.built-from');
const READY_WITHIN = 120_000;

/** Compiles the CMS and its admin panel, unless nothing that they are made of has changed. */
export async function buildCms(settings: Settings): Promise<void> {
  const inputs = cmsInputs(settings);
  if (readStamp(buildStamp) === inputs) {
    skip('CMS build', 'unchanged');
    return;
  }
  await step('building the CMS (some 40 s)', () =>
    exclusively('cms-build', async () => {
      // Another process may have done it while this one waited.
      if (readStamp(buildStamp) === inputs) return;
      await runChild(
        cmsCommand(settings, 'CMS build', ['run', 'build', '--silent', '-w', 'cms'], 'cms-build.log'),
        `All of its output is in ${logFile(settings, 'cms-build.log')}.`,
      );
      writeStamp(buildStamp, inputs);
    }),
  );
}

function cmsInputs({ adminUrl }: Settings): string {
  return fingerprintOf(
    [
      'cms/src',
      'cms/config',
      'cms/tsconfig.json',
      'cms/package.json',
      'shared-types/src',
      'package-lock.json',
    ],
    new URL(adminUrl).pathname,
  );
}

/** @throws OperatorError when the CMS is not compiled, or from other code: where it runs nothing can be written */
export function requireCmsBuild(settings: Settings): void {
  if (readStamp(buildStamp) === cmsInputs(settings)) return;
  throw new OperatorError(
    'The CMS is not compiled from the code that is here. Run "npm run compile" where the code can be written to, and start it again.',
  );
}

/** Fills a new database with the starting content; a database that has been filled once is left alone for good. */
export async function seedNewDatabase(settings: Settings): Promise<void> {
  const { file, text } = seedStamp(settings);
  const isNew = settings.databaseUrl === undefined && isNewSqlite(settings.dataDir);
  if (!isNew && readStamp(file) === text) {
    skip('starting content', 'there already');
    return;
  }
  await step('filling the database with the starting content', () =>
    runChild(
      cmsCommand(
        settings,
        'Seeding',
        ['run', 'seed', '--silent', '-w', 'cms', '--', '--if-empty'],
        'seed.log',
      ),
      `All of its output is in ${logFile(settings, 'seed.log')}.`,
    ),
  );
  rememberSeed(settings);
}

/** Notes that the database has been filled, so that no later start fills it again. */
export function rememberSeed(settings: Settings): void {
  const { file, text } = seedStamp(settings);
  writeStamp(file, text);
}

function seedStamp({ dataDir, databaseUrl }: Settings) {
  return { file: join(dataDir, 'cache', 'seeded'), text: fingerprintOf([], databaseUrl ?? 'sqlite') };
}

/** Makes the tables that the database lacks, and does what every start of the CMS does. @throws OperatorError */
export async function migrateDatabase(settings: Settings): Promise<void> {
  await runChild(
    cmsCommand(
      settings,
      'Preparing the database',
      ['run', 'migrate', '--silent', '-w', 'cms'],
      'migrate.log',
    ),
    `All of its output is in ${logFile(settings, 'migrate.log')}.`,
  );
}

/** Starts the compiled CMS; its output goes to this terminal or service manager. */
export function runCms(settings: Settings): Child {
  return startChild({
    name: 'The CMS',
    program: process.execPath,
    args: ['dist/src/cli/start.js'],
    cwd: cmsDir,
    env: { NODE_ENV: 'production', ...settings.env },
    output: 'inherit',
  });
}

/** Starts the CMS and waits until it answers. @throws OperatorError when it ends or stays silent */
export async function startCms(settings: Settings): Promise<Child> {
  return step('starting the CMS', async () => {
    const child = startChild(
      cmsCommand(settings, 'The CMS', ['run', 'start', '--silent', '-w', 'cms'], 'cms.log', true),
    );
    await waitFor(child, `${localAddress(settings.cms)}/_health`, logFile(settings, 'cms.log'));
    return child;
  });
}

/** Polls an address until it answers well. @throws OperatorError when the child ends first or time runs out */
export async function waitFor(child: Child, address: string, log: string): Promise<void> {
  let ended: number | undefined;
  void child.ended.then((code) => {
    ended = code;
  });
  const deadline = Date.now() + READY_WITHIN;
  while (Date.now() < deadline) {
    if (ended !== undefined) throw failure(child, ended, `All of its output is in ${log}.`);
    if (await answers(address)) return;
    await sleep(100);
  }
  throw new OperatorError(
    `${child.name} has not answered within ${READY_WITHIN / 1000} s. Look into ${log}.`,
  );
}

/** Whether the address answers without an error. */
export async function answers(address: string): Promise<boolean> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(2000), redirect: 'manual' });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** Where a server can be reached on this machine, whatever its public address is. */
export function localAddress({ host, port }: { readonly host: string; readonly port: number }): string {
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

export function logFile(settings: Settings, name: string): string {
  return join(settings.dataDir, 'logs', name);
}

export function hasCmsBuild(): boolean {
  return existsSync(buildStamp);
}

function cmsCommand(settings: Settings, name: string, args: readonly string[], log: string, kept = false) {
  return {
    name,
    program: 'npm',
    args,
    env: { NODE_ENV: 'production', ...settings.env },
    output: { log: logFile(settings, log), kept },
  };
}
