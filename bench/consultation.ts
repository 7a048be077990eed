import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { intakeSchema } from '@meridian/shared-types';
import { startChild } from '../scripts/children.ts';
import { OperatorError } from '../scripts/errors.ts';
import { freePort } from '../scripts/free-port.ts';
import { step } from '../scripts/progress.ts';
import { root } from '../scripts/settings.ts';
import { makeRelease } from '../site/server/release/make.ts';
import { startFakeCms } from '../site/test/fake-cms.ts';
import { buildSite } from '../site/test/site-build.ts';
import { printTable } from './table.ts';
import { environment } from './tools.ts';

/** What one patient saw: status and milliseconds of the post, and the reference of the confirmation. */
interface Visit {
  status: number;
  milliseconds: number;
  reference: string | null;
}

interface Load {
  name: string;
  visits: Visit[];
  floods: number;
  seconds: number;
}

const perSecond = 50;
// A person takes longer; sooner would be taken for a bot.
export const filling = 3_200;
const promisedP99 = 200;

/**
 * Patients of distinct addresses send consultation requests to a real site server, behind a proxy that it trusts, with
 * its limits on: 50 a second for a minute, then for half a minute beside a flood from five addresses.
 *
 * @throws OperatorError when a promise is not kept
 */
export async function benchConsultation(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'meridian-bench-'));
  const delivered = new Map<string, number>();
  const cms = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      // The site server asks for content as well, of which there is none.
      if (request.url !== '/api/consultation-requests/intake') return void response.writeHead(404).end();
      const { data } = intakeSchema.parse(JSON.parse(Buffer.concat(chunks).toString()));
      if (!data.suspectedSpam) delivered.set(data.reference, (delivered.get(data.reference) ?? 0) + 1);
      response.writeHead(201, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ reference: data.reference }));
    });
  });
  const [cmsPort, sitePort] = [await freePort(), await freePort()];
  await new Promise<void>((resolve) => cms.listen(cmsPort, '127.0.0.1', resolve));
  try {
    await step('building the site of the fictitious clinic', () => buildFixture(dataDir));
    const site = startChild({
      name: 'The site server',
      program: process.execPath,
      args: [join(root, 'site/server/main.ts')],
      env: environment({
        DATA_DIR: dataDir,
        SITE_PORT: String(sitePort),
        SITE_URL: `http://127.0.0.1:${sitePort}`,
        TRUST_PROXY: '1',
        SPOOL_KEY: 'b'.repeat(64),
        CMS_URL: `http://127.0.0.1:${cmsPort}`,
        CMS_INTAKE_TOKEN: 'intake',
        CMS_BUILD_TOKEN: 'build',
        WEBHOOK_SECRET: `whsec_${'A'.repeat(43)}=`,
      }),
      output: { log: join(dataDir, 'site.log') },
    });
    const origin = `http://127.0.0.1:${sitePort}`;
    await untilUp(origin);
    await step('warming up', () => run(origin, 'warm-up', 5, 0));
    const loads = [
      await step('50 requests a second for a minute', () => run(origin, 'patients alone', 60, 0)),
      await step('the same beside a flood', () => run(origin, 'beside a flood', 30, 5)),
    ];
    await sleep(3_000);
    await site.stop();
    report(loads, delivered);
  } finally {
    cms.closeAllConnections();
    cms.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function buildFixture(dataDir: string): Promise<void> {
  const content = await startFakeCms(join(root, 'cms/fixture'));
  try {
    const dist = join(dataDir, 'dist');
    const { code, output } = await buildSite(content, dataDir, dist);
    if (code !== 0) throw new OperatorError(`The site could not be built:\n${output.slice(-2_000)}`);
    await makeRelease({ dist, releasesDir: join(dataDir, 'releases') });
  } finally {
    await content.close();
  }
}

async function untilUp(origin: string): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    if (
      await fetch(`${origin}/healthz`).then(
        () => true,
        () => false,
      )
    )
      return;
    await sleep(50);
  }
  throw new OperatorError('The site server did not come up within 20 s.');
}

let visitors = 0;

async function run(origin: string, name: string, seconds: number, flooders: number): Promise<Load> {
  const visits: Promise<Visit>[] = [];
  let flooding = flooders > 0;
  let floods = 0;
  const flood = async (index: number) => {
    while (flooding) {
      const body = `name=Flood&form=x&phone=${floods}`;
      const answered = await send(origin, 'POST', `203.0.113.${index}`, body).catch(() => null);
      if (answered !== null) floods += 1;
    }
  };
  const flooded = Array.from({ length: flooders * 4 }, (_, index) => flood(index % flooders));
  const begin = performance.now();
  for (let number = 0; number < seconds * perSecond; number += 1) {
    const wait = begin + (number * 1000) / perSecond - performance.now();
    if (wait > 0) await sleep(wait);
    visitors += 1;
    visits.push(
      visit(origin, visitors).catch(() => ({ status: 0, milliseconds: Infinity, reference: null })),
    );
  }
  const done = await Promise.all(visits);
  flooding = false;
  await Promise.all(flooded);
  return { name, visits: done, floods, seconds };
}

async function visit(origin: string, number: number): Promise<Visit> {
  const address = `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`;
  const form = await send(origin, 'GET', address);
  const token = /name="form" value="([^"]+)"/.exec(form.body)?.[1] ?? '';
  await sleep(filling);
  const answers = { form: token, name: `Patient ${number}`, phone: '(310) 828-7757', consent: 'yes' };
  const begin = performance.now();
  const sent = await send(origin, 'POST', address, new URLSearchParams(answers).toString());
  const milliseconds = performance.now() - begin;
  if (sent.location === null) return { status: sent.status, milliseconds, reference: null };
  const received = await send(origin, 'GET', address, null, sent.location);
  const reference = /class="reference"[^>]*>\s*([^<\s]+)/.exec(received.body)?.[1] ?? null;
  return { status: sent.status, milliseconds, reference };
}

/** Sends one request from an address, over a connection of its own. */
export function send(
  origin: string,
  method: string,
  address: string,
  body: string | null = null,
  path = '/consultation/',
): Promise<{ status: number; location: string | null; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      'x-forwarded-for': address,
      ...(body === null ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    };
    const asked = httpRequest(`${origin}${path}`, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode = 0, headers: answered } = response;
        resolve({
          status: statusCode,
          location: answered.location ?? null,
          body: Buffer.concat(chunks).toString(),
        });
      });
    });
    asked.on('error', reject);
    asked.end(body ?? undefined);
  });
}

function report(loads: readonly Load[], delivered: ReadonlyMap<string, number>): void {
  const faults: string[] = [];
  const rows = loads.map(({ name, visits, floods, seconds }) => {
    const times = visits.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
    const at = (share: number) => times[Math.ceil(times.length * share) - 1] ?? 0;
    const taken = visits.filter(({ status, reference }) => status === 303 && reference !== null);
    const arrived = taken.filter(({ reference }) => delivered.get(reference ?? '') === 1);
    const share = taken.length / visits.length;
    if (arrived.length !== taken.length) faults.push(`${name}: ${taken.length - arrived.length} were lost.`);
    if (floods === 0 && taken.length !== visits.length) faults.push(`${name}: not all were taken.`);
    if (share < 0.99) faults.push(`${name}: ${(share * 100).toFixed(1)} % were taken, not 99 %.`);
    if (floods === 0 && at(0.99) > promisedP99) faults.push(`${name}: p99 is above ${promisedP99} ms.`);
    return [
      name,
      String(visits.length),
      `${(share * 100).toFixed(2)} %`,
      String(arrived.length),
      `${at(0.5).toFixed(0)} ms`,
      `${at(0.99).toFixed(0)} ms`,
      `${at(1).toFixed(0)} ms`,
      `${Math.round(floods / seconds)}/s`,
    ];
  });
  printTable([['load', 'sent', 'taken', 'in the CMS once', 'p50', 'p99', 'longest', 'flood'], ...rows]);
  if (faults.length > 0) throw new OperatorError(`A promise was not kept:\n${faults.join('\n')}`);
}
