import { Counter, Registry } from 'prom-client';
import { expect, onTestFinished, test } from 'vitest';
import { consultationRequestSchema } from '../consultation-request.ts';
import {
  addGauge,
  diskCheck,
  makeRedactor,
  readiness,
  readRequestId,
  readyAnswerSchema,
  serveMetrics,
  type ReadyCheck,
} from './index.ts';

const uuid = '0b9e7c1e-3f0a-4d56-8a44-7f1f9a3b2c10';

test('a request id is taken over when it has the form of one, and made anew otherwise', () => {
  expect(readRequestId(uuid)).toBe(uuid);
  expect(readRequestId('4bf92f3577b34da6a3ce929d0e0e4736')).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
  for (const unsafe of [
    undefined,
    '',
    'Ada Lovelace',
    '14158392674',
    `${uuid}\nlevel=error`,
    ` ${uuid}`,
    uuid.toUpperCase(),
    'a'.repeat(33),
    [uuid],
  ]) {
    expect(readRequestId(unsafe)).not.toBe(unsafe);
    expect(readRequestId(unsafe)).toMatch(/^[0-9a-f-]{36}$/);
  }
});

test('every field of the contract that is not known to be harmless is hidden, at any depth', () => {
  const redact = makeRedactor(['notes']);
  const request = Object.fromEntries(
    Object.keys(consultationRequestSchema.shape).map((name) => [name, `Canary ${name}`]),
  );
  const told = redact({ request, many: [{ deeper: { Name: 'Canary', NOTES: 'Canary', ok: true } }] });
  expect(Object.keys(told['request'] as object)).toEqual(Object.keys(request));
  const shown = Object.values(told['request'] as object).filter((value) => value !== '[hidden]');
  expect(shown.sort()).toEqual(
    ['consent', 'dueAt', 'receivedAt', 'reference', 'suspectedSpam'].map((name) => `Canary ${name}`),
  );
  expect(told['many']).toEqual([{ deeper: { Name: '[hidden]', NOTES: '[hidden]', ok: true } }]);
});

test('addresses lose their query, secrets are hidden, errors and the rest stay', () => {
  const redact = makeRedactor();
  const error = new Error('It broke.');
  expect(
    redact({
      url: '/a/?name=Ada#b',
      headers: { authorization: 'Bearer x', cookie: 'a=b' },
      error,
      count: 3,
      email: null,
    }),
  ).toEqual({
    url: '/a/',
    headers: { authorization: '[hidden]', cookie: '[hidden]' },
    error,
    count: 3,
    email: null,
  });
  const endless: Record<string, unknown> = {};
  endless['self'] = endless;
  expect(JSON.stringify(redact(endless))).toContain('[hidden]');
});

const check = (name: string, look: ReadyCheck['look']): ReadyCheck => ({
  name,
  holds: `The ${name} is fine.`,
  fails: `The ${name} is broken.`,
  look,
});

test('readiness says of each thing whether it holds, and never what a fault says', async () => {
  const answer = await readiness([
    check('disk', () => Promise.resolve(true)),
    check('spool', () => Promise.resolve(false)),
    check('database', () => Promise.reject(new Error('postgres://user:secret@db'))),
  ])();
  expect(readyAnswerSchema.parse(answer)).toEqual({
    status: 'not ready',
    checks: [
      { name: 'disk', status: 'ok', message: 'The disk is fine.' },
      { name: 'spool', status: 'failed', message: 'The spool is broken.' },
      { name: 'database', status: 'failed', message: 'The database is broken.' },
    ],
  });
});

test('what hangs has failed at its deadline, and many who ask look once', async () => {
  let looks = 0;
  const hangs = check('database', () => {
    looks += 1;
    return new Promise(() => undefined);
  });
  const ready = readiness([hangs, check('disk', () => Promise.resolve(true))], 50);
  const answers = await Promise.all([ready(), ready(), ready()]);
  expect(looks).toBe(1);
  expect(answers[0].checks.map(({ status }) => status)).toEqual(['failed', 'ok']);
  expect(answers[0].checks[0]?.message).toBe('The database is broken. There was no answer within 0.05 s.');
  await ready();
  expect(looks).toBe(2);
});

test('a disk with less room than is needed fails', async () => {
  expect((await readiness([diskCheck('/', 1)])()).status).toBe('ready');
  expect((await readiness([diskCheck('/', 1e18)])()).status).toBe('not ready');
  expect((await readiness([diskCheck('/no/such/folder')])()).status).toBe('not ready');
});

test('a gauge that cannot be read is left out, and the others are told', async () => {
  const registry = new Registry();
  let fault: (() => Promise<never>) | null = null;
  const about = (name: string, ...labelNames: string[]) => ({ name, help: 'Test.', labelNames });
  addGauge(registry, about('plain'), () => fault?.() ?? Promise.resolve([{ value: 7 }]));
  addGauge(
    registry,
    about('by_state', 'state'),
    () => fault?.() ?? Promise.resolve([{ labels: { state: 'new' }, value: 3 }]),
  );
  addGauge(registry, about('fine'), () => Promise.resolve([{ value: 1 }]));
  const told = async () => (await registry.metrics()).split('\n').filter((line) => /^\w/.test(line));
  expect(await told()).toEqual(['plain 7', 'by_state{state="new"} 3', 'fine 1']);
  for (const each of [
    () => Promise.reject(new Error('The database is gone.')),
    () => new Promise<never>(() => undefined),
  ]) {
    fault = each;
    expect(await told()).toEqual(['fine 1']);
  }
  fault = null;
  expect(await told()).toHaveLength(3);
});

test('metrics are served to whoever asks for /metrics, and nothing else is', async () => {
  const registry = new Registry();
  new Counter({ name: 'meridian_test_total', help: 'Test.', registers: [registry] }).inc();
  const server = await serveMetrics(registry, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close());
  const answer = await fetch(`http://127.0.0.1:${server.port}/metrics`);
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(await answer.text()).toContain('meridian_test_total 1');
  expect((await fetch(`http://127.0.0.1:${server.port}/`)).status).toBe(404);
  expect((await fetch(`http://127.0.0.1:${server.port}/metrics`, { method: 'POST' })).status).toBe(404);
  await expect(serveMetrics(registry, { host: '127.0.0.1', port: server.port })).rejects.toThrow(
    /EADDRINUSE/,
  );
});
