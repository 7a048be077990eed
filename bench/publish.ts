import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from '../scripts/children.ts';
import { OperatorError } from '../scripts/errors.ts';
import { step } from '../scripts/progress.ts';
import { root, type Settings } from '../scripts/settings.ts';
import { type Editor, signIn } from './editor.ts';
import { memoryOfTree } from './measure.ts';
import { percentile, writeResults } from './results.ts';
import { withCms } from './system.ts';
import { printTable } from './table.ts';

/** One publish, in milliseconds: the whole, what the publish call took, and the steps that the site server told of. */
interface Publish {
  readonly total: number;
  readonly call: number;
  /** From the publish call until the build begins, and from the swap to the first byte. */
  readonly ping: number;
  readonly steps: Readonly<Record<string, number>>;
}

interface SizeResult {
  readonly articles: number;
  /** Milliseconds from starting the site server without any cache until its first release is live. */
  readonly first: number;
  /** Most memory that the site server and what it started held at once, in bytes. */
  readonly peakMemory: number;
  /** Load of the machine when the last publish was live. */
  readonly load: number;
  readonly publishes: readonly Publish[];
}

/** Publishing with very many articles may be slow; after so many milliseconds no further publish begins. */
const longest = 420_000;

/**
 * Measures, with a real CMS and a real site server, the time from the publish call to the first byte of the changed
 * page, for each number of articles in one CMS that grows. Prints a table and writes `.tmp/bench/publish.json`.
 */
export async function benchPublish(options: {
  readonly sizes: readonly number[];
  readonly publishes: number;
  readonly keep: boolean;
}): Promise<void> {
  const results: SizeResult[] = [];
  await withCms(async (settings) => {
    const editor = await signIn(settings);
    for (const articles of options.sizes) {
      await step(`publishing articles until there are ${articles}`, () => editor.fillTo(articles));
      results.push(await measureSize(settings, editor, articles, options.publishes));
      writeResults('publish', results);
    }
  }, options);
  print(results);
}

async function measureSize(
  settings: Settings,
  editor: Editor,
  articles: number,
  count: number,
): Promise<SizeResult> {
  const log = join(settings.dataDir, `site-${articles}.log`);
  const server = startChild({
    name: 'The site server',
    program: process.execPath,
    args: [join(root, 'site/server/main.ts')],
    env: { ...settings.env, NODE_ENV: 'production', BUILD_DEADLINE: '7200', BUILD_MEMORY: '8192' },
    output: { log },
  });
  try {
    const { documentId, slug } = await editor.someArticle();
    const page = `${settings.site.url}/articles/${slug}/`;
    const begin = performance.now();
    await step(`${articles} articles: the first release`, () => untilShown(page, '</html>'));
    const first = performance.now() - begin;
    await publish(editor, documentId, page, 'warm-up', log);
    const publishes: Publish[] = [];
    let peakMemory = 0;
    await step(`${articles} articles: ${count} publishes`, async () => {
      const end = performance.now() + longest;
      for (let number = 1; number <= count && performance.now() < end; number += 1) {
        publishes.push(await publish(editor, documentId, page, `measure-${number}`, log));
        peakMemory = Math.max(peakMemory, memoryOfTree(server.process.pid ?? 0));
      }
    });
    return { articles, first, peakMemory, load: loadavg()[0] ?? 0, publishes };
  } finally {
    await server.stop();
  }
}

async function publish(
  editor: Editor,
  documentId: string,
  page: string,
  mark: string,
  log: string,
): Promise<Publish> {
  const before = releases(log).length;
  const begin = performance.now();
  await editor.change(documentId, `A summary with the mark ${mark}.`);
  const call = performance.now() - begin;
  await untilShown(page, `the mark ${mark}.`);
  const total = performance.now() - begin;
  // The server writes its line after the swap; what was measured is over by then.
  for (let attempt = 0; attempt < 100 && releases(log).length === before; attempt += 1) await sleep(20);
  const { seconds = 0, timings = {} } = releases(log).at(-1) ?? {};
  return { total, call, ping: Math.max(0, total - seconds * 1_000), steps: timings };
}

async function untilShown(page: string, words: string): Promise<void> {
  const deadline = Date.now() + 7_200_000;
  while (Date.now() < deadline) {
    const text = await fetch(page).then(
      (answer) => (answer.ok ? answer.text() : ''),
      () => '',
    );
    if (text.includes(words)) return;
    await sleep(5);
  }
  throw new OperatorError(`${page} did not show "${words}" within two hours.`);
}

interface Release {
  /** From the beginning of the build until it was live. */
  readonly seconds: number;
  /** Milliseconds of each step. */
  readonly timings: Record<string, number>;
}

/** What the server's log tells of every release. */
function releases(log: string): Release[] {
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line.includes('A release went live.'))
    .map((line) => (JSON.parse(line) as { release: Release }).release);
}

function print(results: readonly SizeResult[]): void {
  const names = [
    ...new Set(results.flatMap(({ publishes }) => publishes.flatMap(({ steps }) => Object.keys(steps)))),
  ];
  const row = ({ articles, first, peakMemory, load, publishes }: SizeResult) => {
    const median = (value: (publish: Publish) => number) =>
      milliseconds(percentile(publishes.map(value), 0.5));
    const totals = publishes.map(({ total }) => total);
    return [
      articles.toLocaleString('en-US'),
      String(publishes.length),
      milliseconds(percentile(totals, 0.5)),
      milliseconds(percentile(totals, 0.95)),
      median(({ call }) => call),
      median(({ ping }) => ping),
      ...names.map((name) => median(({ steps }) => steps[name] ?? 0)),
      milliseconds(first),
      `${Math.round(peakMemory / 1e6)} MB`,
      load.toFixed(1),
    ];
  };
  const head = ['articles', 'publishes', 'p50', 'p95', 'publish call', 'call and ping', ...names];
  printTable([[...head, 'first release', 'memory', 'load'], ...results.map(row)]);
  console.log('Steps are medians and may overlap: the search index is made while pages are read.');
}

function milliseconds(value: number): string {
  return `${Math.round(value)} ms`;
}
