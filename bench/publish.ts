import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from '../scripts/children.ts';
import { OperatorError } from '../scripts/errors.ts';
import { step } from '../scripts/progress.ts';
import { root, type Settings } from '../scripts/settings.ts';
import { type Editor, signIn } from './editor.ts';
import { withCms } from './system.ts';
import { printTable } from './table.ts';

/** One publish, in milliseconds: the whole, what the publish call took, and the steps that the site server told of. */
interface Publish {
  readonly total: number;
  readonly call: number;
  readonly steps: Readonly<Record<string, number>>;
}

interface SizeResult {
  readonly articles: number;
  readonly publishes: readonly Publish[];
}

/**
 * Measures, with a real CMS and a real site server, the time from the publish call to the first byte of the changed
 * page, for each number of articles in one CMS that grows. Prints a table.
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
      results.push({ articles, publishes: await measureSize(settings, editor, articles, options.publishes) });
    }
  }, options);
  print(results);
}

async function measureSize(
  settings: Settings,
  editor: Editor,
  articles: number,
  count: number,
): Promise<Publish[]> {
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
    await step(`${articles} articles: the first release`, () => untilShown(page, '</html>'));
    await publish(editor, documentId, page, 'warm-up', log);
    const publishes: Publish[] = [];
    await step(`${articles} articles: ${count} publishes`, async () => {
      for (let number = 1; number <= count; number += 1) {
        publishes.push(await publish(editor, documentId, page, `measure-${number}`, log));
      }
    });
    return publishes;
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
  return { total, call, steps: releases(log).at(-1) ?? {} };
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

/** Milliseconds of each step, by release, as the server's log tells them. */
function releases(log: string): Record<string, number>[] {
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line.includes('A release went live.'))
    .map((line) => (JSON.parse(line) as { release: { timings: Record<string, number> } }).release.timings);
}

function print(results: readonly SizeResult[]): void {
  const names = [
    ...new Set(results.flatMap(({ publishes }) => publishes.flatMap(({ steps }) => Object.keys(steps)))),
  ];
  printTable([
    ['articles', 'publishes', 'p50', 'p95', 'publish call', ...names],
    ...results.map(({ articles, publishes }) => [
      String(articles),
      String(publishes.length),
      milliseconds(
        percentile(
          publishes.map(({ total }) => total),
          0.5,
        ),
      ),
      milliseconds(
        percentile(
          publishes.map(({ total }) => total),
          0.95,
        ),
      ),
      milliseconds(
        percentile(
          publishes.map(({ call }) => call),
          0.5,
        ),
      ),
      ...names.map((name) =>
        milliseconds(
          percentile(
            publishes.map(({ steps }) => steps[name] ?? 0),
            0.5,
          ),
        ),
      ),
    ]),
  ]);
  console.log('Milliseconds. Steps are medians; steps may overlap. The rest is ping and waiting.');
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

function milliseconds(value: number): string {
  return `${Math.round(value)} ms`;
}
