import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runChild } from '../scripts/children.ts';
import { localAddress } from '../scripts/cms.ts';
import { exclusively } from '../scripts/lock.ts';
import { step } from '../scripts/progress.ts';
import { root, type Settings } from '../scripts/settings.ts';
import { slugOf } from './article-text.ts';
import { type EleventyResult, measureEleventy } from './eleventy.ts';
import { type Editor, signIn } from './editor.ts';
import { type Cost, measureRun, type Output, outputOf } from './measure.ts';
import { writeResults } from './results.ts';
import { printTable } from './table.ts';
import { withCms } from './system.ts';
import { benchDir, installTool, type Tool } from './tools.ts';

/** What building one number of articles took. Times are in milliseconds. */
interface SizeResult {
  readonly articles: number;
  /** Everything from the CMS, pictures processed before. */
  readonly pull: number;
  /** From nothing: pull, pictures, pages, search index. */
  readonly cold: Cost;
  /** After one article was changed and published. */
  readonly rebuild: Cost;
  readonly output: Output;
  readonly eleventy: EleventyResult;
}

/**
 * Measures pull, cold build, rebuild after one change, memory and bytes for each number of articles, in one CMS that
 * grows, and Eleventy with the same articles. Prints a table and writes `.tmp/bench/build.json`.
 */
export async function benchBuild(options: {
  readonly sizes: readonly number[];
  readonly keep: boolean;
}): Promise<void> {
  const eleventy = await installTool('eleventy');
  const results: SizeResult[] = [];
  await withCms(async (settings) => {
    const editor = await signIn(settings);
    for (const articles of options.sizes) {
      await step(`publishing articles until there are ${articles}`, () => editor.fillTo(articles));
      // One build at a time in this clone; waiting for another's must not count.
      results.push(await exclusively('site-build', () => measureSize(settings, editor, eleventy, articles)));
      report(results, eleventy);
    }
  }, options);
  print(results);
}

async function measureSize(
  settings: Settings,
  editor: Editor,
  eleventy: Tool,
  articles: number,
): Promise<SizeResult> {
  const folder = join(settings.dataDir, `bench-${articles}`);
  const dist = join(folder, 'dist');
  const markdown = join(folder, 'markdown');
  const env = {
    ...settings.env,
    NODE_ENV: 'production',
    DATA_DIR: join(folder, 'site-data'),
    CMS_URL: localAddress(settings.cms),
  };
  const build = () =>
    measureRun(
      {
        name: 'The site build',
        program: 'astro',
        args: ['build', '--outDir', dist],
        cwd: join(root, 'site'),
        env,
        output: { log: join(benchDir, 'site-build.log') },
      },
      `All of the output is in ${join(benchDir, 'site-build.log')}.`,
    );

  const cold = await step(`${articles} articles: cold build`, build);
  const output = outputOf(dist);
  const { milliseconds: pull } = await step(`${articles} articles: pull`, () => pullOnce(env, markdown));
  const { documentId } = await editor.someArticle();
  await editor.change(documentId, `A summary that was changed when there were ${articles} articles.`);
  const rebuild = await step(`${articles} articles: rebuild after one change`, build);
  const comparison = await step(`${articles} articles: Eleventy`, () =>
    measureEleventy(eleventy, markdown, join(folder, 'eleventy'), `${slugOf(articles)}.md`),
  );
  return { articles, pull, cold, rebuild, output, eleventy: comparison };
}

async function pullOnce(env: Record<string, string>, markdown: string): Promise<{ milliseconds: number }> {
  const log = join(benchDir, 'pull.log');
  await runChild(
    {
      name: 'The pull',
      program: process.execPath,
      args: [join(root, 'bench', 'pull.ts'), markdown],
      env,
      output: { log },
    },
    `All of the output is in ${log}.`,
  );
  const lastLine = readFileSync(log, 'utf8').trim().split('\n').at(-1) ?? '';
  return JSON.parse(lastLine) as { milliseconds: number };
}

/** Written after each size, so that a bench that is stopped has what it found. */
function report(results: readonly SizeResult[], eleventy: Tool): void {
  writeResults('build', results, { eleventy: eleventy.version });
}

function print(results: readonly SizeResult[]): void {
  const row = (name: string, cell: (result: SizeResult) => string) => [name, ...results.map(cell)];
  printTable([
    row('articles', ({ articles }) => articles.toLocaleString('en-US')),
    row('pull (pictures known)', ({ pull }) => inSeconds(pull)),
    row('cold build', ({ cold }) => inSeconds(cold.milliseconds)),
    row('rebuild after one change', ({ rebuild }) => inSeconds(rebuild.milliseconds)),
    row('peak memory, cold', ({ cold }) => inMegabytes(cold.peakMemory)),
    row('peak memory, rebuild', ({ rebuild }) => inMegabytes(rebuild.peakMemory)),
    row('pages', ({ output }) => output.htmlPages.toLocaleString('en-US')),
    row('files', ({ output }) => output.files.toLocaleString('en-US')),
    row('output', ({ output }) => inMegabytes(output.bytes)),
    row('Eleventy: cold build', ({ eleventy }) => inSeconds(eleventy.cold.milliseconds)),
    row('Eleventy: rebuild', ({ eleventy }) => inSeconds(eleventy.rebuild.milliseconds)),
    row('Eleventy: peak memory, cold', ({ eleventy }) => inMegabytes(eleventy.cold.peakMemory)),
    row('Eleventy: pages', ({ eleventy }) => eleventy.output.htmlPages.toLocaleString('en-US')),
    row('Eleventy: output', ({ eleventy }) => inMegabytes(eleventy.output.bytes)),
    row('cold build / Eleventy', ({ cold, eleventy }) => ratio(cold, eleventy.cold)),
    row('rebuild / Eleventy', ({ rebuild, eleventy }) => ratio(rebuild, eleventy.rebuild)),
    row('load of the machine, cold', ({ cold }) => cold.load.toFixed(1)),
  ]);
}

function ratio(ours: Cost, theirs: Cost): string {
  return `${(ours.milliseconds / theirs.milliseconds).toFixed(1)} ×`;
}

function inSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function inMegabytes(bytes: number | null): string {
  return bytes === null ? 'not known' : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
