import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { browserFile } from '../e2e/browser.ts';
import { runChild } from '../scripts/children.ts';
import { localAddress } from '../scripts/cms.ts';
import { step } from '../scripts/progress.ts';
import { buildSite, startSite } from '../scripts/site.ts';
import { printTable } from './table.ts';
import { withCms } from './system.ts';
import { benchDir, environment, installTool } from './tools.ts';

/** The kinds of page that patients read, by their addresses in the starting content. */
const pages = {
  home: '/',
  article: '/articles/acupuncture-for-spine-pain/',
  provider: '/providers/hyun-bae/',
  consultation: '/consultation/',
};

/** The part of a Lighthouse report that is read. Scores are from 0 to 1; null where there is none. */
interface Report {
  readonly categories: Readonly<
    Record<
      string,
      {
        readonly title: string;
        readonly score: number | null;
        readonly auditRefs: readonly { readonly id: string; readonly weight: number }[];
      }
    >
  >;
  readonly audits: Readonly<
    Record<
      string,
      | {
          readonly title: string;
          readonly score: number | null;
          readonly displayValue?: string;
          readonly explanation?: string;
        }
      | undefined
    >
  >;
  readonly runtimeError?: { readonly message: string };
}

interface PageResult {
  readonly page: string;
  readonly path: string;
  /** From 0 to 100 by category. */
  readonly scores: Readonly<Record<string, number>>;
  /** Audits that cost points, each with what was measured. */
  readonly lost: readonly string[];
}

/**
 * Runs Lighthouse as a phone on each kind of page, prints scores and every audit that costs points, and writes
 * `.tmp/bench/lighthouse.json`. Without `url` it builds and starts a system with the starting content.
 */
export async function benchLighthouse(url?: string): Promise<void> {
  if (url !== undefined) return measure(url);
  await withCms(async (settings) => {
    await buildSite(settings);
    await startSite(settings);
    await measure(localAddress(settings.site));
  });
}

async function measure(url: string): Promise<void> {
  const { folder, version } = await installTool('lighthouse');
  const results: PageResult[] = [];
  for (const [page, path] of Object.entries(pages)) {
    const report = await step(`Lighthouse ${version} on ${page}`, () =>
      lighthouse(folder, new URL(path, url).href),
    );
    results.push({ page, path, ...summary(report) });
  }
  const [first] = results;
  printTable([
    ['page', ...Object.keys(first?.scores ?? {})],
    ...results.map(({ page, scores }) => [page, ...Object.values(scores).map(String)]),
  ]);
  for (const { page, lost } of results) {
    for (const audit of lost) console.log(`${page}: ${audit}`);
  }
  mkdirSync(benchDir, { recursive: true });
  const file = join(benchDir, 'lighthouse.json');
  const facts = { at: new Date().toISOString(), lighthouse: version, load: loadavg()[0], results };
  writeFileSync(file, `${JSON.stringify(facts, null, 2)}\n`);
  console.log(`\nWritten to ${file}`);
}

async function lighthouse(folder: string, address: string): Promise<Report> {
  const scratch = mkdtempSync(join(tmpdir(), 'meridian-lighthouse-'));
  const output = join(scratch, 'report.json');
  const flags = ['--headless=new', '--disable-gpu', '--disable-dev-shm-usage'];
  // Chromium's sandbox cannot be had by root, as whom containers run.
  if (process.getuid?.() === 0) flags.push('--no-sandbox');
  try {
    await runChild(
      {
        name: 'Lighthouse',
        program: process.execPath,
        args: [
          join(folder, 'cli', 'index.js'),
          address,
          '--quiet',
          '--output=json',
          `--output-path=${output}`,
          '--only-categories=performance,accessibility,best-practices,seo',
          `--chrome-flags=${flags.join(' ')}`,
        ],
        env: environment({ CHROME_PATH: await browserFile() }),
        output: { log: join(benchDir, 'lighthouse.log') },
      },
      `See that ${address} answers. All of the output is in ${join(benchDir, 'lighthouse.log')}.`,
    );
    const report = JSON.parse(readFileSync(output, 'utf8')) as Report;
    if (report.runtimeError !== undefined) throw new Error(`${address}: ${report.runtimeError.message}`);
    return report;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function summary({ categories, audits }: Report): Pick<PageResult, 'scores' | 'lost'> {
  const scores = Object.fromEntries(
    Object.values(categories).map(({ title, score }) => [title, Math.round((score ?? 0) * 100)]),
  );
  const lost = Object.values(categories).flatMap(({ title, auditRefs }) =>
    auditRefs.flatMap(({ id, weight }) => {
      const audit = audits[id];
      if (weight === 0 || audit === undefined || audit.score === null || audit.score === 1) return [];
      const said = [audit.title, audit.displayValue, audit.explanation].filter((part) => part !== undefined);
      return [`${title}: ${id} (${said.join(', ')}): ${Math.round(audit.score * 100)} of 100`];
    }),
  );
  return { scores, lost };
}
