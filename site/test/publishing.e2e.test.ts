import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { messagesPath, type Status, statusSchema } from '@meridian/shared-types';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { freePort } from '../../scripts/free-port.ts';
import { signatureHeaders } from '../server/publishing/signatures.ts';
import { readFiles } from '../server/release/manifest.ts';
import { liveId } from '../server/release/store.ts';
import { runProgram, webhookSecret } from '../server/test/programs.ts';
import { type FakeCms, startFakeCms, timeZoneAtNoon } from './fake-cms.ts';

const serverFolder = path.resolve(import.meta.dirname, '../server');
// A build that begins cold waits for those of other tests.
const patience = { timeout: 150_000, interval: 50 };
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

let cms: FakeCms;
let dataDir: string;
let port: number;
let server: ReturnType<typeof runProgram>;
let marks = 0;

beforeAll(async () => {
  cms = await startFakeCms(path.join(import.meta.dirname, 'content'));
  // No new day begins meanwhile.
  Object.assign(cms.entries.clinic[0] ?? {}, { timeZone: timeZoneAtNoon() });
  dataDir = await mkdtemp(path.join(tmpdir(), 'publishing-'));
  port = await freePort();
  start();
  await vi.waitFor(async () => expect(await state()).toBe('idle'), patience);
});

afterAll(async () => {
  await server.kill();
  await cms.close();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
});

afterEach(() => {
  cms.fault = null;
});

function environment(more: Record<string, string> = {}): Record<string, string> {
  return {
    CMS_URL: cms.url,
    CMS_BUILD_TOKEN: cms.token,
    WEBHOOK_SECRET: webhookSecret,
    SITE_URL: 'https://clinic.example',
    SITE_PORT: String(port),
    DATA_DIR: dataDir,
    ...more,
  };
}

function start(more: Record<string, string> = {}): void {
  server = runProgram(process.execPath, [path.join(serverFolder, 'main.ts')], environment(more));
}

async function restart(more: Record<string, string> = {}): Promise<void> {
  await server.kill();
  start(more);
}

async function send(message: unknown): Promise<Response> {
  const body = JSON.stringify(message);
  return fetch(`http://127.0.0.1:${port}${messagesPath}`, {
    method: 'POST',
    headers: signatureHeaders(webhookSecret, body),
    body,
  });
}

async function status(): Promise<Status> {
  const answer = await send({ type: 'release.status', data: {} });
  return statusSchema.parse(await answer.json());
}

/** The state, or that there is no answer. */
async function state(): Promise<string> {
  return status().then(
    (present) => present.state,
    () => 'silent',
  );
}

/** Changes an article; gives what its page shows once that is live. */
function edit(index = 0): string {
  marks += 1;
  const mark = `Mark ${marks} of the tests.`;
  Object.assign(cms.entries.article[index] ?? {}, { summary: mark });
  return mark;
}

/** As the CMS does after a change: it looks into its log and says what its revision is. */
async function announce(): Promise<void> {
  const answer = await fetch(`${cms.url}/api/changes?since=0`, {
    headers: { authorization: `Bearer ${cms.token}` },
  });
  await answer.text();
  await send({ type: 'content.changed', data: { revision: cms.log.at(-1)?.revision ?? 0 } });
}

async function pageText(): Promise<string> {
  return (await fetch(`http://127.0.0.1:${port}/articles/needles/`)).text();
}

const shows = (mark: string) => expect.poll(() => pageText().catch(() => ''), patience).toContain(mark);

/** How many releases went live in this folder, as far as the server remembers them. */
async function releasesMade(): Promise<number> {
  return (await status()).releases.length;
}

async function workers(): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', [
    '-o',
    'pid=',
    '--ppid',
    String(server.child.pid),
  ]).catch(() => ({ stdout: '' }));
  return stdout.split('\n').map(Number).filter(Boolean);
}

/** Runs a command of operators. */
async function operate(...parameters: string[]): Promise<{ code: number | null; output: string }> {
  const cli = path.join(serverFolder, 'publishing', 'cli.ts');
  const program = runProgram(process.execPath, [cli, ...parameters], environment());
  return { code: await program.ended, output: program.output() };
}

/** Every file of the live release is there and has the content that it should have. */
async function expectWhole(releases = path.join(dataDir, 'releases')): Promise<void> {
  const id = (await liveId(releases)) ?? '';
  for (const [file, { hash }] of Object.entries((await readFiles(path.join(releases, id))).files)) {
    const bytes = await readFile(path.join(releases, id, 'public', file));
    expect(createHash('sha256').update(bytes).digest('base64url').slice(0, 27)).toBe(hash);
  }
}

describe('publishing', () => {
  test('a change goes live as a release of its revision', async () => {
    const mark = edit();
    await announce();
    await shows(mark);
    const { live, releases } = await status();
    expect(live?.revision).toBe(cms.log.at(-1)?.revision);
    expect(live?.id).toMatch(new RegExp(`^r${live?.revision ?? ''}-[0-9a-f]{8}$`));
    expect(releases[0]).toMatchObject({ id: live?.id, kept: true });
    expect((await operate('list')).output).toContain(`* ${live?.id ?? ''}`);
  });

  test('a thousand messages make at most two builds', async () => {
    await expect.poll(state, patience).toBe('idle');
    const before = await releasesMade();
    const mark = edit();
    await Promise.all(Array.from({ length: 1_000 }, () => announce()));
    await shows(mark);
    await expect.poll(state, patience).toBe('idle');
    expect((await releasesMade()) - before).toBeLessThanOrEqual(2);
  });

  test('a restart with nothing changed builds nothing, and lost messages are made up for', async () => {
    await restart({ RECONCILE_SECONDS: '1' });
    await expect.poll(state, patience).toBe('idle');
    expect(server.output()).not.toContain('A release went live.');
    const mark = edit();
    await shows(mark);
  });

  test('a second server on the same data refuses and says why', async () => {
    const main = path.join(serverFolder, 'main.ts');
    const second = runProgram(process.execPath, [main], environment({ SITE_PORT: String(await freePort()) }));
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`Another site server runs on ${dataDir}.`);
  });
});

describe('a CMS that fails in the middle of a pull', () => {
  test.each<[string, FakeCms['fault']]>([
    [
      'with status 500',
      (_, response) => {
        response.writeHead(500).end();
        return true;
      },
    ],
    [
      'with half of an answer',
      (request, response) => {
        if (request.url?.startsWith('/api/articles') !== true) return false;
        response.writeHead(200).end('{"data":[{"documentId":"a');
        return true;
      },
    ],
    [
      'by hanging up',
      (request) => {
        request.destroy();
        return true;
      },
    ],
  ])('%s leaves the live site and is made up for', async (_, fault) => {
    const mark = edit();
    await announce();
    cms.fault = fault;
    await announce().catch(() => null);
    await wait(300);
    expect((await fetch(`http://127.0.0.1:${port}/articles/needles/`)).status).toBe(200);
    await expectWhole();
    cms.fault = null;
    await shows(mark);
    await expect.poll(state, patience).toBe('idle');
  });
});

describe('a build that fails', () => {
  test('because of one article among good ones names it, and goes on when it is mended', async () => {
    const mark = edit();
    const title = cms.entries.article[1]?.['title'];
    Object.assign(cms.entries.article[1] ?? {}, { title: '' });
    await announce();
    await expect.poll(state, patience).toBe('failed');
    const { failure } = await status();
    expect(failure).toMatchObject({ retrying: false });
    expect(failure?.entries).toEqual([
      expect.objectContaining({ type: 'article', documentId: 'article-sciatica' }),
    ]);
    expect(await pageText()).not.toContain(mark);
    const asked = await operate('build');
    expect(asked.code).toBe(1);
    expect(asked.output).toContain('article "sciatica" field title: is empty.');
    Object.assign(cms.entries.article[1] ?? {}, { title });
    await announce();
    await shows(mark);
    // The page is there a moment before the server has noted it.
    await expect.poll(async () => (await status()).failure, patience).toBeNull();
  });

  test('because a link leads nowhere names the entry that has it', async () => {
    const { sections } = cms.entries.article[1] ?? {};
    const body = '[Gone](/articles/gone/)';
    Object.assign(cms.entries.article[1] ?? {}, {
      sections: [{ __component: 'section.rich-text', heading: 'Signs', body }],
    });
    await announce();
    await expect.poll(state, patience).toBe('failed');
    const { failure } = await status();
    expect(failure?.retrying).toBe(false);
    expect(failure?.entries[0]).toMatchObject({
      type: 'article',
      documentId: 'article-sciatica',
      title: 'Sciatica',
    });
    Object.assign(cms.entries.article[1] ?? {}, { sections });
    await announce();
    await expect.poll(state, patience).toBe('idle');
  });

  test('because it is killed leaves the live release, and is tried again', async () => {
    const mark = edit();
    await announce();
    await expect.poll(state, { ...patience, interval: 5 }).toBe('building');
    await wait(200);
    for (const pid of await workers()) process.kill(pid, 'SIGKILL');
    await expectWhole();
    await shows(mark);
  });

  test('because it does not end, or has too little memory, is ended and leaves the live release', async () => {
    edit();
    cms.fault = (request) => request.url?.startsWith('/api/articles') === true;
    await restart({ BUILD_DEADLINE: '2' });
    await expect.poll(state, patience).toBe('failed');
    expect((await status()).failure).toMatchObject({
      message: expect.stringContaining('was not done after 2 s') as unknown,
      retrying: true,
    });
    cms.fault = null;
    await restart({ BUILD_MEMORY: '64' });
    await expect.poll(state, patience).toBe('failed');
    expect((await status()).failure?.message).toContain('ran out of memory');
    await expectWhole();
    const mark = edit();
    await restart({ RECONCILE_SECONDS: '1' });
    await shows(mark);
  });

  test('because the disk is full leaves the live release, and goes on when there is space', async () => {
    await expect.poll(state, patience).toBe('idle');
    await server.kill();
    const disk = await startOnOwnDisk();
    await expect.poll(state, patience).toBe('idle');
    const before = await pageText();
    await disk.fill();
    const mark = edit();
    await announce();
    await expect.poll(state, patience).toBe('failed');
    expect((await status()).failure).toMatchObject({
      message: expect.stringMatching(/ENOSPC|EFBIG/) as unknown,
      retrying: true,
    });
    expect(await pageText()).toBe(before);
    await expectWhole(disk.releases());
    await disk.empty();
    await shows(mark);
    await server.kill();
    start({ RECONCILE_SECONDS: '1' });
    await shows(mark);
  });
});

/** A server with a disk that somebody can fill. */
interface OwnDisk {
  releases(): string;
  fill(): Promise<void>;
  empty(): Promise<void>;
}

/**
 * Starts the server on a copy of its data on a small disk that nobody else sees. Where the system lets no user mount
 * one, the size of what it may write is limited instead, which it meets as it meets a full disk, but only at a start.
 */
async function startOnOwnDisk(): Promise<OwnDisk> {
  const main = path.join(serverFolder, 'main.ts');
  const more = { RECONCILE_SECONDS: '1' };
  const namespace = ['--map-root-user', '--mount'];
  const mounts = await promisify(execFile)('unshare', [
    ...namespace,
    'mount',
    '-t',
    'tmpfs',
    'x',
    dataDir,
  ]).then(
    () => true,
    () => false,
  );
  if (!mounts) {
    const limited = `ulimit -f 2; exec "${process.execPath}" "${main}"`;
    server = runProgram('bash', ['-c', limited], environment(more));
    return {
      releases: () => path.join(dataDir, 'releases'),
      fill: () => Promise.resolve(),
      empty: () => restart(more),
    };
  }
  const disk = await mkdtemp(path.join(tmpdir(), 'publishing-disk-'));
  onTestFinished(() => rm(disk, { recursive: true }));
  const script = `
    size=$(du -sk "$DATA_DIR" | cut -f1)
    mount -t tmpfs -o size=$((size + 8192))k x "$DISK" && cp -a "$DATA_DIR/." "$DISK"
    export DATA_DIR="$DISK"
    exec "${process.execPath}" "${main}"`;
  server = runProgram('unshare', [...namespace, 'sh', '-c', script], environment({ ...more, DISK: disk }));
  const seen = `/proc/${server.child.pid ?? 0}/root${disk}`;
  const filler = path.join(seen, 'filler');
  return {
    releases: () => path.join(seen, 'releases'),
    async fill() {
      const file = await open(filler, 'w');
      for (let size = 65_536; size > 0;) {
        // What no longer fits is tried in smaller pieces, to the last byte.
        await file.write(Buffer.alloc(size)).catch(() => (size = Math.floor(size / 2)));
      }
      await file.close();
    },
    empty: () => rm(filler),
  };
}

describe('a person', () => {
  test('goes back and holds there until somebody resumes, with the server running or not', async () => {
    const before = await pageText();
    const mark = edit();
    await announce();
    await shows(mark);
    const back = await operate('rollback');
    expect(back.output).toContain('Rolled back by');
    expect(await pageText()).toBe(before);
    const later = edit();
    await announce();
    await restart();
    await expect.poll(state, patience).toBe('held');
    expect(await pageText()).toBe(before);
    await expect.poll(async () => (await operate('list')).output, patience).toContain('waits. To go on:');
    await server.kill();
    expect((await operate('resume')).code).toBe(0);
    start();
    await shows(later);
  });

  test('approves a site that loses many pages, also after a restart', async () => {
    const [article] = cms.entries.article;
    for (let index = 0; index < 12; index += 1) {
      cms.entries.article.push({
        ...article,
        title: `Copy ${index}`,
        slug: `copy-${index}`,
        documentId: `copy-${index}`,
        relatedArticles: [],
      });
    }
    await announce();
    await expect.poll(state, patience).toBe('idle');
    cms.entries.article.splice(2);
    await announce();
    await expect.poll(state, patience).toBe('waiting-for-approval');
    await restart({ RECONCILE_SECONDS: '1' });
    await expect.poll(state, patience).toBe('waiting-for-approval');
    expect((await fetch(`http://127.0.0.1:${port}/articles/copy-3/`)).status).toBe(200);
    expect((await operate('approve')).code).toBe(0);
    expect((await fetch(`http://127.0.0.1:${port}/articles/copy-3/`)).status).toBe(404);
    await expect.poll(state, patience).toBe('idle');
  });
});

test('a clock that was set back a day does not stop publishing', async () => {
  const code =
    'const Real = Date; globalThis.Date = class extends Real { constructor(...given) { ' +
    'if (given.length > 0) super(...given); else super(Real.now() - 864e5); } ' +
    'static now() { return Real.now() - 864e5; } };';
  const mark = edit();
  await restart({
    RECONCILE_SECONDS: '1',
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}`,
  });
  await shows(mark);
  const again = edit();
  await shows(again);
  await expectWhole();
});

test('a server that is killed at any moment of publishing leaves a whole release and catches up', async () => {
  let mark = '';
  for (let round = 0; round < 4; round += 1) {
    await restart({ RECONCILE_SECONDS: '1' });
    await expect.poll(state, patience).not.toBe('silent');
    mark = edit();
    await announce();
    await wait(Math.random() * 4_000);
    await server.kill();
    await expectWhole();
  }
  await restart({ RECONCILE_SECONDS: '1' });
  await shows(mark);
  await expectWhole();
});
