import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { readyAnswerSchema } from '@meridian/shared-types/operations';
import { expect, test } from 'vitest';
import { freePort } from '../../scripts/free-port.ts';
import { goodAnswers, post, startForm } from './consultation/test/harness.ts';
import { makeLog } from './log.ts';
import { siteMetrics } from './metrics.ts';
import { makeRelease } from './release/make.ts';
import { ask, startServer } from './test/http.ts';
import { startSite } from './test/programs.ts';
import { smallSite, temporaryFolder, writeDist } from './test/site.ts';

const uuid = '0b9e7c1e-3f0a-4d56-8a44-7f1f9a3b2c10';

/** A log that keeps its lines. */
function keptLog() {
  const lines: string[] = [];
  const log = makeLog('info', { write: (line) => void lines.push(line) });
  return { log, lines, told: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

test('is ready while a release is live, the spool can be written and the disk has room', async () => {
  const releasesDir = join(await temporaryFolder(), 'releases');
  const origin = await startServer({ releasesDir });
  const before = await ask(origin, '/readyz');
  expect([before.status, before.headers['cache-control']]).toEqual([503, 'no-store']);
  const answer = readyAnswerSchema.parse(JSON.parse(before.body.toString()));
  expect(answer.checks.find(({ name }) => name === 'release')).toEqual({
    name: 'release',
    status: 'failed',
    message: 'No release is live yet.',
  });
  expect((await ask(origin, '/healthz')).status).toBe(200);

  const form = await startForm();
  const ready = await ask(form.origin, '/readyz?x=1');
  expect([ready.status, ready.headers['x-content-type-options']]).toEqual([200, 'nosniff']);
  const names = readyAnswerSchema.parse(JSON.parse(ready.body.toString())).checks.map(({ name }) => name);
  expect(names).toEqual(['release', 'spool', 'disk']);
  await rename(join(form.dataDir, 'spool', 'waiting'), join(form.dataDir, 'spool', 'away'));
  const broken = await ask(form.origin, '/readyz');
  expect(broken.status).toBe(503);
  expect(broken.body.toString()).toContain('Consultation requests cannot be written to the disk.');
  expect(broken.body.toString()).not.toContain(form.dataDir);
  expect((await ask(form.origin, '/readyz', {}, 'HEAD')).status).toBe(503);
});

test('the request of a patient keeps its id on the way into the CMS; one that is no id is replaced', async () => {
  const { origin, intake } = await startForm();
  const seen: unknown[] = [];
  intake.fault = ({ headers }, when) => {
    if (when === 'before') seen.push(headers['x-request-id']);
    return undefined;
  };
  const answer = await post(origin, goodAnswers(), { 'x-request-id': uuid });
  expect([answer.status, answer.headers.get('x-request-id')]).toEqual([303, uuid]);
  await expect.poll(() => seen).toEqual([uuid]);
  const other = await post(origin, goodAnswers(), { 'x-request-id': 'Zyxcanary' });
  const made = other.headers.get('x-request-id');
  expect(made).toMatch(/^[0-9a-f-]{36}$/);
  await expect.poll(() => seen).toEqual([uuid, made]);
  expect((await ask(origin, '/', { 'x-request-id': uuid })).headers).not.toHaveProperty('x-request-id');
});

test('the log is JSON, hides what is personal and names the request', async () => {
  const { log, lines, told } = keptLog();
  log.info({ request: { name: 'Zyxcanary', reference: 'KX7-4QM-R9T' }, url: '/?name=Zyxcanary' }, 'Taken.');
  log.error({ err: Object.assign(new Error('It broke.'), { code: 'EIO', email: 'zyxcanary@x' }) }, 'Failed.');
  expect(told()[0]).toMatchObject({
    level: 'info',
    service: 'site',
    msg: 'Taken.',
    request: { name: '[hidden]', reference: 'KX7-4QM-R9T' },
    url: '/',
  });
  expect(told()[1]).toMatchObject({ level: 'error', err: { code: 'EIO', message: 'It broke.' } });
  expect(lines.join('').toLowerCase()).not.toContain('zyxcanary');

  lines.length = 0;
  const { origin } = await startForm({ log });
  await ask(origin, '/?name=Zyxcanary');
  await ask(origin, '/?name=Zyxcanary', {}, 'POST');
  await post(origin, goodAnswers({ name: 'Zyxcanary' }), { 'x-request-id': uuid });
  await expect
    .poll(() => told().filter(({ requestId }) => requestId !== undefined))
    .toMatchObject([
      { requestId: uuid, outcome: 'added' },
      { requestId: uuid, method: 'POST', route: '/consultation/', status: 303 },
    ]);
  expect(lines.join('').toLowerCase()).not.toContain('zyxcanary');
});

test('answers are counted by kind of route, and by nothing that says who or what', async () => {
  const metrics = siteMetrics();
  const releasesDir = join(await temporaryFolder(), 'releases');
  await makeRelease({ dist: await writeDist(smallSite()), releasesDir });
  const origin = await startServer({ releasesDir, metrics });
  for (const path of ['/', '/articles/', '/media/dot.webp', '/zyxcanary/', '/readyz'])
    await ask(origin, `${path}?name=zyxcanary`);
  await ask(origin, '/zyxcanary/', {}, 'PURGE');
  const count = (labels: string) =>
    new RegExp(`meridian_site_request_duration_seconds_count\\{${labels}\\} (\\d+)`).exec(text)?.[1];
  let text = '';
  await expect
    .poll(async () => (text = await metrics.registry.metrics()))
    .toContain('route="other",method="other",status="4xx"');
  expect(count('route="page",method="GET",status="2xx"')).toBe('2');
  expect(count('route="page",method="GET",status="4xx"')).toBe('1');
  expect(count('route="file",method="GET",status="2xx"')).toBe('1');
  expect(count('route="health",method="GET",status="2xx"')).toBe('1');
  expect(text).toContain('meridian_site_ready{check="release"} 1');
  expect(text.toLowerCase()).not.toContain('zyxcanary');
});

test('metrics are served on a port of their own when the settings say so', async () => {
  const dataDir = await temporaryFolder();
  await makeRelease({ dist: await writeDist(smallSite()), releasesDir: join(dataDir, 'releases') });
  const port = await freePort();
  const site = await startSite(dataDir, {
    SITE_METRICS_PORT: String(port),
    SPOOL_KEY: 'b'.repeat(64),
    CMS_INTAKE_TOKEN: 'intake',
  });
  let text = '';
  await expect
    .poll(
      async () =>
        (text = await fetch(`http://127.0.0.1:${port}/metrics`).then(
          (answer) => answer.text(),
          () => '',
        )),
    )
    .toContain('meridian_site_spool_requests{state="waiting"} 0');
  for (const name of [
    'publishing_state',
    'oldest_undelivered_request_seconds',
    'builds_total',
    'live_revision',
  ])
    expect(text).toContain(`\nmeridian_site_${name}`);
  expect(text).toContain('process_resident_memory_bytes');
  expect((await ask(site.origin, '/metrics')).status).toBe(404);
  // Nobody else on the network finds them, unless METRICS_HOST says so.
  await expect(fetch(`http://127.0.0.2:${port}/metrics`)).rejects.toThrow();

  await rename(join(dataDir, 'spool'), join(dataDir, 'away'));
  const broken = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(broken.status).toBe(200);
  text = await broken.text();
  expect(text).toContain('meridian_site_ready{check="spool"} 0');
  expect(text).not.toMatch(/^meridian_site_spool_requests/m);

  // A second one with the same port serves patients all the same.
  const other = await temporaryFolder();
  const second = await startSite(other, { SITE_METRICS_PORT: String(port) });
  await expect.poll(() => second.output()).toContain('Metrics cannot be served (EADDRINUSE)');
  expect((await ask(second.origin, '/healthz')).status).toBe(200);
});
