import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from '../scripts/children.ts';
import { OperatorError } from '../scripts/errors.ts';
import { freePort } from '../scripts/free-port.ts';
import { step } from '../scripts/progress.ts';
import { root } from '../scripts/settings.ts';
import { makeRelease } from '../site/server/release/make.ts';
import { goLive } from '../site/server/release/store.ts';
import { startFakeCms } from '../site/test/fake-cms.ts';
import { buildSite } from '../site/test/site-build.ts';
import { percentile, writeResults } from './results.ts';
import { printTable } from './table.ts';
import { environment } from './tools.ts';

const swaps = 200;
const pause = 60;
const releases = 5;
const readers = 24;

/** What readers met. `wrong`: another status or bytes of no release, or of one that was not live at any time meanwhile. */
interface Seen {
  milliseconds: number[];
  failed: number;
  wrong: number;
  /** A page whose style sheet is not there, or is another release's. */
  mixed: number;
}

/**
 * Swaps five releases of the fictitious clinic 200 times while readers ask a real site server for pages and for the
 * style sheet that each page names. Prints a table and writes `.tmp/bench/swaps.json`.
 *
 * @throws OperatorError when a single answer is wrong, mixed or missing
 */
export async function benchSwaps(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'meridian-bench-'));
  const releasesDir = join(dataDir, 'releases');
  const port = await freePort();
  try {
    const dist = join(dataDir, 'dist');
    await step('building the site of the fictitious clinic', () => build(dataDir, dist));
    const books = await step(`making ${releases} releases of it`, () => makeReleases(dist, releasesDir));
    const site = startChild({
      name: 'The site server',
      program: process.execPath,
      args: [join(root, 'site/server/main.ts')],
      env: environment({
        DATA_DIR: dataDir,
        SITE_PORT: String(port),
        SITE_URL: `http://127.0.0.1:${port}`,
        // Nothing is published meanwhile: the releases are there already.
        CMS_URL: `http://127.0.0.1:${await freePort()}`,
        CMS_BUILD_TOKEN: 'build',
        WEBHOOK_SECRET: `whsec_${'A'.repeat(43)}=`,
      }),
      output: { log: join(dataDir, 'site.log') },
    });
    try {
      await untilUp(`http://127.0.0.1:${port}`);
      report(await step(`${swaps} swaps`, () => swapAndRead(`http://127.0.0.1:${port}`, releasesDir, books)));
    } finally {
      await site.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function build(dataDir: string, dist: string): Promise<void> {
  const content = await startFakeCms(join(root, 'cms/fixture'));
  try {
    const { code, output } = await buildSite(content, dataDir, dist);
    if (code !== 0) throw new OperatorError(`The site could not be built:\n${output.slice(-2_000)}`);
  } finally {
    await content.close();
  }
}

/** What a release answers: digests by path, without what the server fills in at the time of a request. */
type Book = ReadonlyMap<string, string>;

/** Makes releases that differ in every page and in the name and the bytes of every style sheet. */
async function makeReleases(dist: string, releasesDir: string): Promise<Map<string, Book>> {
  const books = new Map<string, Book>();
  for (let number = 1; number <= releases; number += 1) {
    const id = `swap-${number}`;
    const folder = `${dist}-${number}`;
    cpSync(dist, folder, { recursive: true });
    const sheets = readdirSync(join(folder, '_astro')).filter((name) => name.endsWith('.css'));
    for (const name of sheets) {
      const file = join(folder, '_astro', name);
      writeFileSync(file, `${readFileSync(file, 'utf8')}/* ${id} */`);
      renameSync(file, join(folder, '_astro', name.replace(/\.css$/, `.${id}.css`)));
    }
    const book = new Map<string, string>();
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (name.endsWith('.css')) book.set(`/${name}`, digest(readFileSync(join(folder, name), 'utf8')));
      if (!name.endsWith('.html')) continue;
      const html = readFileSync(join(folder, name), 'utf8').replaceAll(
        /(\/_astro\/[^"]+)\.css/g,
        `$1.${id}.css`,
      );
      writeFileSync(
        join(folder, name),
        html.replace('</head>', `<meta name="release" content="${id}"></head>`),
      );
      if (/(^|\/)index\.html$/.test(name) && !name.startsWith('consultation/')) {
        book.set(`/${name.slice(0, -'index.html'.length)}`, digest(readFileSync(join(folder, name), 'utf8')));
      }
    }
    books.set(id, book);
    await makeRelease({ dist: folder, releasesDir, id, approve: true });
  }
  return books;
}

async function swapAndRead(
  origin: string,
  releasesDir: string,
  books: ReadonlyMap<string, Book>,
): Promise<{ seen: Seen; seconds: number }> {
  const seen: Seen = { milliseconds: [], failed: 0, wrong: 0, mixed: 0 };
  const ids = [...books.keys()];
  const pages = [...(books.get(ids[0] ?? '')?.keys() ?? [])].filter((path) => !path.endsWith('.css'));
  /** When each release began to be live, the newest last. */
  const lives = [{ id: ids.at(-1) ?? '', from: performance.now() }];
  const agent = new Agent({ keepAlive: true, maxSockets: readers });
  const state = { reading: true };

  const read = async (path: string): Promise<{ body: string; begun: number } | null> => {
    const begun = performance.now();
    const answer = await ask(`${origin}${path}`, agent).catch(() => null);
    seen.milliseconds.push(performance.now() - begun);
    if (answer === null) seen.failed += 1;
    else if (answer.status === 200) return { body: answer.body, begun };
    else if (path.endsWith('.css')) seen.mixed += 1;
    else seen.wrong += 1;
    return null;
  };
  const reader = async (first: number) => {
    for (let turn = first; state.reading; turn += 1) {
      const path = pages[turn % pages.length] ?? '/';
      const page = await read(path);
      if (page === null) continue;
      const id = /<meta name="release" content="([^"]+)">/.exec(page.body)?.[1] ?? '';
      if (books.get(id)?.get(path) !== digest(page.body) || !wasLive(id, page.begun)) {
        seen.wrong += 1;
        continue;
      }
      const sheet = /href="(\/_astro\/[^"]+\.css)"/.exec(page.body)?.[1] ?? '';
      const style = await read(sheet);
      if (style !== null && books.get(id)?.get(sheet) !== digest(style.body)) seen.mixed += 1;
    }
  };
  /** Whether a release was live at some time since `begun`. A swap counts from its beginning, and until its end for the one before. */
  const wasLive = (id: string, begun: number) =>
    lives.some((live, index) => live.id === id && (lives[index + 2]?.from ?? Infinity) >= begun);

  const begin = performance.now();
  const all = Array.from({ length: readers }, (_, index) => reader(index));
  for (let swap = 0; swap < swaps; swap += 1) {
    await sleep(pause);
    const id = ids[swap % ids.length] ?? '';
    lives.push({ id, from: performance.now() });
    await goLive(releasesDir, id);
  }
  await sleep(pause);
  state.reading = false;
  await Promise.all(all);
  agent.destroy();
  return { seen, seconds: (performance.now() - begin) / 1000 };
}

function ask(address: string, agent: Agent): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    get(address, { agent, timeout: 10_000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      );
    })
      .on('timeout', () => reject(new Error('no answer within 10 s')))
      .on('error', reject);
  });
}

/** Tells one file from every other, whatever its slots say at the moment. */
function digest(text: string): string {
  const fixed = text.replaceAll(/(<!--slot:([\w-]+)-->)[\s\S]*?(<!--\/slot:\2-->)/g, '$1$3');
  return createHash('sha256').update(fixed).digest('base64url');
}

async function untilUp(origin: string): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    const up = await fetch(`${origin}/healthz`).then(
      () => true,
      () => false,
    );
    if (up) return;
    await sleep(50);
  }
  throw new OperatorError('The site server did not come up within 20 s.');
}

function report({ seen, seconds }: { seen: Seen; seconds: number }): void {
  const { milliseconds, failed, wrong, mixed } = seen;
  const at = (share: number) => Math.round(percentile(milliseconds, share) * 10) / 10;
  const figures = {
    swaps,
    requests: milliseconds.length,
    perSecond: Math.round(milliseconds.length / seconds),
    p50: at(0.5),
    p99: at(0.99),
    longest: at(1),
    wrong,
    mixed,
    failed,
  };
  writeResults('swaps', [figures]);
  printTable([Object.keys(figures), Object.values(figures).map(String)]);
  console.log('Milliseconds. Readers and server share the machine.');
  if (wrong + mixed + failed > 0) throw new OperatorError('A promise was not kept: see the table.');
}
