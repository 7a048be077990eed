import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../../scripts/free-port.ts';
import { freshSettings, removeData, runCms, startCms, type Cms, type Settings } from '../cms.ts';
import { requestSample } from '../requests/samples.ts';

let settings: Settings;
let cms: Cms;

beforeAll(async () => {
  settings = await freshSettings({ CMS_METRICS_PORT: String(await freePort()) });
  const folder = join(settings['DATA_DIR'] ?? '', 'backups');
  mkdirSync(folder);
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().replaceAll(':', '').replace('.', '');
  writeFileSync(join(folder, `meridian-${yesterday}.tar.gz.age`), '');
  cms = await startCms(settings);
});
afterAll(async () => {
  await cms.stop();
  await removeData(settings);
});

const uuid = '0b9e7c1e-3f0a-4d56-8a44-7f1f9a3b2c10';
const metrics = async (): Promise<string> =>
  (await fetch(`http://127.0.0.1:${settings['CMS_METRICS_PORT'] ?? ''}/metrics`)).text();
const lines = (): Record<string, unknown>[] =>
  cms
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('a request keeps its id in log and answer, and one that is no id is replaced', async () => {
  const data = { ...requestSample(), name: 'Zyxcanary Quillmark' };
  const handOver = (id: string): Promise<Response> =>
    fetch(`${cms.url}/api/consultation-requests/intake`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${settings['CMS_INTAKE_TOKEN'] ?? ''}`,
        'content-type': 'application/json',
        'idempotency-key': uuid,
        'x-request-id': id,
      },
      body: JSON.stringify({ data }),
    });
  const taken = await handOver(uuid);
  expect([taken.status, taken.headers.get('x-request-id')]).toEqual([201, uuid]);
  await expect
    .poll(() => lines().filter(({ requestId }) => requestId === uuid))
    .toMatchObject([
      { level: 'http', method: 'POST', path: '/api/consultation-requests/intake', status: 201 },
    ]);
  const other = (await handOver('Zyxcanary')).headers.get('x-request-id');
  expect(other).toMatch(/^[0-9a-f-]{36}$/);
  await fetch(`${cms.url}/requests?_q=Zyxcanary`);
  await expect.poll(() => lines().some(({ path }) => path === '/requests')).toBe(true);
  expect(cms.output()).not.toMatch(/zyxcanary/i);
});

test('is ready while its database answers and its disk has room', async () => {
  const answer = await fetch(`${cms.url}/readyz`);
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
  expect(await answer.json()).toEqual({
    status: 'ready',
    checks: [
      { name: 'database', status: 'ok', message: 'The database answers.' },
      { name: 'disk', status: 'ok', message: 'There is room on the disk.' },
    ],
  });
  expect(await (await fetch(`${cms.url}/healthz`)).json()).toEqual({ status: 'ok' });
  expect((await fetch(`${cms.url}/readyz`, { method: 'HEAD' })).status).toBe(200);
});

test('counts requests, the inbox and the age of the newest backup, and names nobody', async () => {
  const text = await metrics();
  expect(text).toContain(
    'meridian_cms_request_duration_seconds_count{route="intake",method="POST",status="2xx"} 2',
  );
  expect(text).toContain('meridian_cms_consultation_requests{state="new"} 1');
  expect(text).toContain('meridian_cms_ready{check="database"} 1');
  const age = Number(/^meridian_cms_backup_age_seconds (.+)$/m.exec(text)?.[1]);
  expect(age).toBeGreaterThan(86_000);
  expect(age).toBeLessThan(87_000);
  expect(text).not.toMatch(/zyxcanary|quillmark/i);
});

test('commands beside it open no port, and two with one port do no harm', async () => {
  const beside = await runCms('routes', settings);
  expect(beside.code).toBe(0);
  expect(beside.output).not.toContain('Metrics cannot be served');
});
