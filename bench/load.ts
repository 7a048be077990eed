import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildCms, localAddress, seedNewDatabase } from '../scripts/cms.ts';
import { sqliteFile } from '../scripts/database.ts';
import { OperatorError } from '../scripts/errors.ts';
import { step } from '../scripts/progress.ts';
import { root, type Settings } from '../scripts/settings.ts';
import { siteEnvironment } from '../scripts/site.ts';
import { filling, send } from './consultation.ts';
import { type Editor, signIn } from './editor.ts';
import { memoryOf } from './measure.ts';
import { percentile, writeResults } from './results.ts';
import { type Supervised, supervise } from './supervised.ts';
import { withSettings } from './system.ts';
import { printTable } from './table.ts';
import { findNginx, type Throughput, throughput, throughputOfNginx } from './throughput.ts';
import { installTool } from './tools.ts';

const ARTICLES = 100;
const READERS = 4;
const READ_PAUSE = 20;
const REQUESTS_PER_SECOND = 5;
const PUBLISH_EVERY = 20_000;
const KILL_EVERY = 60_000;
const SAMPLE_EVERY = 1_000;
/** A program that has just started grows until it has everything in memory that it needs. */
const SETTLED_AFTER = 15_000;
const GIVE_UP_AFTER = 120_000;
/** How much more a process may hold in the last quarter than in the first: a part, and some bytes of noise. */
const GROWTH = 1.15;
const NOISE = 20e6;

/** What people and programs met meanwhile. Times are in milliseconds. */
interface Met {
  reads: number[];
  /** Reads that failed although the site server was up, with why. */
  failedReads: string[];
  /** Reads that nobody could have answered: the site server was down. */
  missed: number;
  sent: number;
  /** References that patients were shown. */
  given: string[];
  /** Patients who never got one. */
  refused: string[];
  posts: number[];
  publishToLive: number[];
  unshown: number;
}

interface Sample {
  at: number;
  site: number | null;
  cms: number | null;
}

/**
 * Measures how quickly the article page is given, beside nginx on the same release when it is installed. Then lets
 * patients read and ask for consultations while an editor publishes and, unless told otherwise, each process is killed
 * once a minute. Prints tables and writes `.tmp/bench/load.json`.
 *
 * @throws OperatorError when a request was lost or doubled, a read failed, or a process grew
 */
export async function benchLoad({
  minutes,
  kills,
  keep,
}: {
  minutes: number;
  kills: boolean;
  keep: boolean;
}): Promise<void> {
  const tool = await installTool('autocannon');
  const work = async (settings: Settings): Promise<void> => {
    await buildCms(settings);
    await seedNewDatabase(settings);
    const cms = await step('starting the CMS', () => startCms(settings));
    const site = await step('starting the site server', () => startSite(settings));
    try {
      const editor = await signIn(settings);
      await step(`publishing articles until there are ${ARTICLES}`, () => editor.fillTo(ARTICLES));
      const article = await editor.someArticle();
      const path = `/articles/${article.slug}/`;
      await step('bringing them live', () => untilShown(settings, path, '</html>'));
      const speed = await measureThroughput(settings, tool, path, site);
      const mixed = await step(`${minutes} minutes of mixed work${kills ? ' and kills' : ''}`, () =>
        mixedWork(settings, { cms, site }, { editor, path, documentId: article.documentId, minutes, kills }),
      );
      report(minutes, speed, mixed, { cms, site });
    } finally {
      await Promise.all([site.stop(), cms.stop()]);
    }
  };
  await withSettings(work, { keep, more: { TRUST_PROXY: '1' } });
}

function startCms(settings: Settings): Promise<Supervised> {
  return supervise(
    {
      name: 'CMS',
      program: process.execPath,
      args: [join(root, 'cms/dist/src/cli/start.js')],
      cwd: join(root, 'cms'),
      env: { ...settings.env, NODE_ENV: 'production' },
      output: { log: join(settings.dataDir, 'logs', 'cms.log'), kept: true },
    },
    `${localAddress(settings.cms)}/_health`,
  );
}

function startSite(settings: Settings): Promise<Supervised> {
  return supervise(
    {
      name: 'site server',
      program: process.execPath,
      args: [join(root, 'site/server/main.ts')],
      env: siteEnvironment(settings),
      output: { log: join(settings.dataDir, 'logs', 'site.log'), kept: true },
    },
    `${localAddress(settings.site)}/healthz`,
  );
}

interface Speed {
  site: Throughput;
  nginx: Throughput | null;
  /** Bytes that the site server held before and after. */
  memory: { before: number; after: number };
}

async function measureThroughput(
  { dataDir, site: { url } }: Settings,
  tool: Awaited<ReturnType<typeof installTool>>,
  path: string,
  site: Supervised,
): Promise<Speed> {
  const memory = () => memoryOf(site.pid() ?? 0, 'VmRSS');
  const own = await step('the article page, as often as it can be given', async () => {
    const before = memory();
    return { site: await throughput(tool, `${url}${path}`, dataDir), memory: { before, after: memory() } };
  });
  const nginx = findNginx();
  if (nginx === null) return { ...own, nginx: null };
  const publicDir = realpathSync(join(dataDir, 'releases', 'current', 'public'));
  const beside = await step('the same from nginx', () =>
    throughputOfNginx(nginx, tool, publicDir, path, dataDir),
  );
  return { ...own, nginx: beside };
}

interface Mixed {
  met: Met;
  samples: Sample[];
  /** Given references that the CMS has not, or has more than once. */
  lost: string[];
  doubled: string[];
}

async function mixedWork(
  settings: Settings,
  programs: { cms: Supervised; site: Supervised },
  work: { editor: Editor; path: string; documentId: string; minutes: number; kills: boolean },
): Promise<Mixed> {
  const { cms, site } = programs;
  const { editor, path, documentId, minutes, kills } = work;
  const met: Met = {
    reads: [],
    failedReads: [],
    missed: 0,
    sent: 0,
    given: [],
    refused: [],
    posts: [],
    publishToLive: [],
    unshown: 0,
  };
  const samples: Sample[] = [];
  const begin = performance.now();
  const end = begin + minutes * 60_000;
  const isOn = () => performance.now() < end;
  const every = async (milliseconds: number, first: number, act: () => Promise<void>) => {
    const acts: Promise<void>[] = [];
    for (let turn = 0; begin + first + turn * milliseconds < end; turn += 1) {
      await sleep(Math.max(0, begin + first + turn * milliseconds - performance.now()));
      acts.push(act());
    }
    await Promise.all(acts);
  };
  let patients = 0;
  let marks = 0;
  await Promise.all([
    ...Array.from({ length: READERS }, async (_, reader) => {
      const pages = ['/', path, '/articles/', '/consultation/'];
      for (let turn = reader; isOn(); turn += 1) {
        await read(settings, site, pages[turn % pages.length] ?? '/', met);
        await sleep(READ_PAUSE);
      }
    }),
    every(1_000 / REQUESTS_PER_SECOND, 0, async () => {
      patients += 1;
      await patient(settings, patients, met);
    }),
    every(PUBLISH_EVERY, 5_000, async () => {
      marks += 1;
      await publish(settings, editor, { documentId, path, mark: marks }, met);
    }),
    ...(kills
      ? [every(KILL_EVERY, 20_000, () => site.kill()), every(KILL_EVERY, 40_000, () => cms.kill())]
      : []),
    every(SAMPLE_EVERY, 0, () => {
      samples.push({ at: performance.now() - begin, site: memoryIfSettled(site), cms: memoryIfSettled(cms) });
      return Promise.resolve();
    }),
  ]);
  const counts = await arrivals(settings, met.given);
  return {
    met,
    samples,
    lost: met.given.filter((reference) => (counts.get(reference) ?? 0) === 0),
    doubled: met.given.filter((reference) => (counts.get(reference) ?? 0) > 1),
  };
}

function memoryIfSettled(program: Supervised): number | null {
  const pid = program.pid();
  return pid === null || program.upFor() < SETTLED_AFTER ? null : memoryOf(pid, 'VmRSS');
}

async function read({ site: { url } }: Settings, site: Supervised, path: string, met: Met): Promise<void> {
  const begin = performance.now();
  const fault = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(10_000) }).then(
    async (answer) => {
      const text = await answer.text();
      if (answer.status !== 200) return `${path} status ${answer.status}`;
      return text.includes('</html>') ? null : `${path} was cut off`;
    },
    (error: unknown) => `${path} ${error instanceof Error ? error.message : 'failed'}`,
  );
  if (fault === null) met.reads.push(performance.now() - begin);
  else if (site.wasUpSince(begin)) met.failedReads.push(fault);
  else met.missed += 1;
}

/** A patient who tries again with the same form when nobody answers, as people do. */
async function patient({ site: { url } }: Settings, number: number, met: Met): Promise<void> {
  met.sent += 1;
  const address = `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`;
  const deadline = performance.now() + GIVE_UP_AFTER;
  const insist = async (ask: () => ReturnType<typeof send>, until: (status: number) => boolean) => {
    for (;;) {
      const answer = await ask().catch(() => null);
      if (answer !== null && (until(answer.status) || performance.now() > deadline)) return answer;
      if (performance.now() > deadline) return { status: 0, location: null, body: '' };
      await sleep(200);
    }
  };
  const form = await insist(
    () => send(url, 'GET', address),
    (status) => status === 200,
  );
  const token = /name="form" value="([^"]+)"/.exec(form.body)?.[1] ?? '';
  await sleep(filling);
  const answers = { form: token, name: `Patient ${number}`, phone: '(310) 828-7757', consent: 'yes' };
  const begin = performance.now();
  const sent = await insist(
    () => send(url, 'POST', address, new URLSearchParams(answers).toString()),
    (status) => status < 500,
  );
  met.posts.push(performance.now() - begin);
  const { location } = sent;
  if (location === null) {
    met.refused.push(`patient ${number}: status ${sent.status}`);
    return;
  }
  const received = await insist(
    () => send(url, 'GET', address, null, location),
    (status) => status === 200,
  );
  const reference = /class="reference"[^>]*>\s*([^<\s]+)/.exec(received.body)?.[1];
  if (reference === undefined) met.refused.push(`patient ${number}: no reference`);
  else met.given.push(reference);
}

async function publish(
  settings: Settings,
  editor: Editor,
  { documentId, path, mark }: { documentId: string; path: string; mark: number },
  met: Met,
): Promise<void> {
  const deadline = performance.now() + GIVE_UP_AFTER;
  for (;;) {
    const begin = performance.now();
    const done = await editor.change(documentId, `A summary with the mark ${mark}.`).then(
      () => true,
      () => false,
    );
    if (done) {
      if (await untilShown(settings, path, /the mark (\d+)\./, mark, deadline)) {
        met.publishToLive.push(performance.now() - begin);
      } else met.unshown += 1;
      return;
    }
    if (performance.now() > deadline) {
      met.unshown += 1;
      return;
    }
    await sleep(500);
  }
}

/** Whether a page shows words, or a number that is at least `least`, before the deadline. */
async function untilShown(
  { site: { url } }: Settings,
  path: string,
  words: string | RegExp,
  least = 0,
  deadline = performance.now() + GIVE_UP_AFTER,
): Promise<boolean> {
  while (performance.now() < deadline) {
    const text = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(5_000) }).then(
      (answer) => (answer.ok ? answer.text() : ''),
      () => '',
    );
    const shown =
      typeof words === 'string' ? text.includes(words) : Number(words.exec(text)?.[1] ?? -1) >= least;
    if (shown) return true;
    await sleep(50);
  }
  return false;
}

/** How often the CMS has each reference, once it has them all or time is over. */
async function arrivals(settings: Settings, given: readonly string[]): Promise<Map<string, number>> {
  const deadline = performance.now() + GIVE_UP_AFTER;
  for (;;) {
    const counts = storedReferences(settings);
    if (given.every((reference) => counts.has(reference)) || performance.now() > deadline) return counts;
    await sleep(1_000);
  }
}

function storedReferences({ dataDir }: Settings): Map<string, number> {
  const database = new DatabaseSync(sqliteFile(dataDir), { readOnly: true, timeout: 20_000 });
  try {
    const rows = database
      .prepare('SELECT reference, count(*) AS n FROM consultation_requests GROUP BY 1')
      .all();
    return new Map(rows.map(({ reference, n }) => [String(reference), Number(n)]));
  } finally {
    database.close();
  }
}

function report(
  minutes: number,
  speed: Speed,
  { met, samples, lost, doubled }: Mixed,
  { cms, site }: { cms: Supervised; site: Supervised },
): void {
  const quarter = (minutes * 60_000) / 4;
  const growth = (name: 'site' | 'cms') => {
    const held = (from: number, to: number) =>
      percentile(
        samples.flatMap(({ at, [name]: bytes }) => (at >= from && at < to && bytes !== null ? [bytes] : [])),
        0.5,
      );
    return { first: held(0, quarter), last: held(3 * quarter, 4 * quarter) };
  };
  const memory = { site: growth('site'), cms: growth('cms') };
  const ratio = speed.nginx === null ? null : speed.site.perSecond / speed.nginx.perSecond;
  const faults = [
    ...(speed.site.failed > 0 ? [`${speed.site.failed} answers of the article page failed.`] : []),
    ...(lost.length > 0 ? [`${lost.length} requests with a reference were lost, such as ${lost[0]}.`] : []),
    ...(doubled.length > 0 ? [`${doubled.length} requests arrived twice, such as ${doubled[0]}.`] : []),
    ...(met.refused.length > 0
      ? [`${met.refused.length} patients got no reference (${met.refused[0]}).`]
      : []),
    ...(met.failedReads.length > 0
      ? [`${met.failedReads.length} reads failed while the site server was up (${met.failedReads[0]}).`]
      : []),
    ...(met.unshown > 0 ? [`${met.unshown} publishes did not show within ${GIVE_UP_AFTER / 1_000} s.`] : []),
    ...[cms, site].flatMap((each) =>
      each.ownEnds() > 0 ? [`The ${each.name} ended by itself ${each.ownEnds()} times.`] : [],
    ),
    ...(['site', 'cms'] as const).flatMap((name) => {
      const { first, last } = memory[name];
      const grown = first > 0 && last > first * GROWTH + NOISE;
      return grown ? [`The memory of ${name} grew from ${megabytes(first)} to ${megabytes(last)}.`] : [];
    }),
  ];
  writeResults('load', [
    {
      minutes,
      throughput: { ...speed, ratio },
      requests: { sent: met.sent, given: met.given.length, lost: lost.length, doubled: doubled.length },
      reads: { answered: met.reads.length, failed: met.failedReads.length, missedWhileDown: met.missed },
      readP99: percentile(met.reads, 0.99),
      postP99: percentile(met.posts, 0.99),
      publishToLive: met.publishToLive,
      downtimes: { site: site.downtimes, cms: cms.downtimes },
      memory,
      faults,
    },
  ]);
  printThroughput(speed, ratio);
  const at = (values: readonly number[], share: number) => `${percentile(values, share).toFixed(0)} ms`;
  printTable([
    ['mixed work', 'count', 'failed', 'p50', 'p99'],
    [
      'reads',
      String(met.reads.length),
      String(met.failedReads.length),
      at(met.reads, 0.5),
      at(met.reads, 0.99),
    ],
    [
      'requests with a reference',
      String(met.given.length),
      `${lost.length} lost, ${doubled.length} twice`,
      at(met.posts, 0.5),
      at(met.posts, 0.99),
    ],
    [
      'publish to live',
      String(met.publishToLive.length),
      String(met.unshown),
      at(met.publishToLive, 0.5),
      at(met.publishToLive, 0.99),
    ],
    ...[site, cms].map(({ name, downtimes, ...each }) => [
      `kills of the ${name}, until up again`,
      String(downtimes.length),
      String(each.ownEnds()),
      at(downtimes, 0.5),
      at(downtimes, 0.99),
    ]),
  ]);
  printTable([
    ['memory', 'first quarter', 'last quarter'],
    ['site server', megabytes(memory.site.first), megabytes(memory.site.last)],
    ['CMS', megabytes(memory.cms.first), megabytes(memory.cms.last)],
  ]);
  console.log(
    `${met.missed} reads met a site server that had just been killed; they are not counted as failed.`,
  );
  if (faults.length > 0) throw new OperatorError(`A promise was not kept:\n${faults.join('\n')}`);
}

function printThroughput({ site, nginx, memory }: Speed, ratio: number | null): void {
  const row = (name: string, { perSecond, p50, p99, failed }: Throughput, share: string) => [
    name,
    perSecond.toFixed(0),
    `${p50} ms`,
    `${p99} ms`,
    String(failed),
    share,
  ];
  printTable([
    ['article page', 'requests a second', 'p50', 'p99', 'failed', 'of nginx'],
    row('site server', site, ratio === null ? 'not installed' : `${(ratio * 100).toFixed(0)} %`),
    ...(nginx === null ? [] : [row('nginx, one process', nginx, '100 %')]),
  ]);
  console.log(
    `The site server held ${megabytes(memory.before)} before and ${megabytes(memory.after)} after.`,
  );
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
