import { largestMessage, messagesPath, statusSchema } from '@meridian/shared-types';
import { onTestFinished, expect, test } from 'vitest';
import { buildApp } from '../app.ts';
import { ServerError } from '../errors.ts';
import { webhookSecret } from '../test/programs.ts';
import { temporaryFolder } from '../test/site.ts';
import type { MessagesOptions } from './messages.ts';
import type { Reconciler } from './reconciler.ts';
import { signatureHeaders } from './signatures.ts';

const status = statusSchema.parse({
  live: null,
  state: 'idle',
  since: '2026-11-24T00:00:00.000Z',
  wanted: null,
  expectedSeconds: null,
  failure: null,
  approval: null,
  hold: null,
  releases: [],
});

/** A server whose reconciler notes what it is told. */
async function server(requests: MessagesOptions['requests'] = null) {
  const told: string[] = [];
  const note = (...words: unknown[]) => {
    told.push(words.join(' '));
    return Promise.resolve();
  };
  const reconciler: Reconciler = {
    start: () => undefined,
    stop: () => Promise.resolve(),
    changed: (revision) => void note('changed', revision),
    rebuild: (builtFrom) => note('rebuild', builtFrom),
    approve: (id) =>
      id === 'r9' ? Promise.reject(new ServerError('The release r9 does not wait.')) : note('approve', id),
    rollback: (id, by) => note('rollback', id, by),
    resume: () => note('resume'),
    status: () => Promise.resolve(status),
  };
  const app = buildApp({
    releasesDir: await temporaryFolder(),
    siteUrl: 'http://clinic.example',
    trustProxy: 0,
    publishing: { webhookSecret, reconciler, readFingerprint: () => Promise.resolve('code'), requests },
  });
  onTestFinished(() => app.close());
  const send = (message: unknown, headers?: Record<string, string>) => {
    const body = typeof message === 'string' ? message : JSON.stringify(message);
    return app.inject({
      method: 'POST',
      url: messagesPath,
      headers: headers ?? signatureHeaders(webhookSecret, body),
      payload: body,
    });
  };
  return { app, send, told };
}

test('what the CMS says is followed', async () => {
  const { send, told } = await server();
  const changed = await send({ type: 'content.changed', data: { revision: 7 } });
  expect([changed.statusCode, changed.json()]).toEqual([202, {}]);
  for (const message of [
    { type: 'release.status', data: {} },
    { type: 'release.approve', data: { id: 'r7-aa', by: 'Ada' } },
    { type: 'release.rollback', data: { id: 'r6-bb', by: 'Ada' } },
    { type: 'release.resume', data: { by: 'Ada' } },
    { type: 'release.build', data: {} },
  ]) {
    const answer = await send(message);
    expect([answer.statusCode, answer.json()]).toEqual([200, status]);
    expect(answer.headers['cache-control']).toBe('no-store');
  }
  expect(told).toEqual(['changed 7', 'approve r7-aa', 'rollback r6-bb Ada', 'resume', 'rebuild code']);
});

test('who signs is told how consultation requests fare, where they are taken', async () => {
  const fares = { waiting: 2, oldestSince: null, locked: 0, failing: null, rejected: [] };
  const message = { type: 'requests.status', data: {} };
  const taking = await server(() => Promise.resolve(fares));
  expect((await taking.send(message)).json()).toEqual(fares);
  expect((await taking.send(message, { 'content-type': 'application/json' })).statusCode).toBe(401);
  const off = await (await server()).send(message);
  expect(off.statusCode).toBe(409);
  expect(off.json()).toEqual({ error: { message: 'This site server takes no consultation requests.' } });
});

test('what is forged, old, doubled, of no known form or too large is refused and changes nothing', async () => {
  const { send, told } = await server();
  const message = JSON.stringify({ type: 'content.changed', data: { revision: 7 } });
  const old = signatureHeaders(webhookSecret, message, new Date(Date.now() - 301_000));
  const fine = signatureHeaders(webhookSecret, message);
  expect((await send(message, fine)).statusCode).toBe(202);
  told.length = 0;
  for (const [expected, answer] of [
    [409, await send(message, fine)],
    [401, await send(message, old)],
    [401, await send(message, {})],
    [401, await send(`${message} `, signatureHeaders(webhookSecret, message))],
    [400, await send('{"type":')],
    [400, await send({ type: 'content.changed', data: { revision: -1 } })],
    [400, await send({ type: 'release.rollback', data: { id: '../x', by: 'Ada' } })],
    [400, await send({ type: 'release.rollback', data: { id: 'r1', by: ' ' } })],
    [413, await send('x'.repeat(largestMessage + 1))],
    [409, await send({ type: 'release.approve', data: { id: 'r9', by: 'Ada' } })],
  ] as const) {
    expect(answer.statusCode).toBe(expected);
    expect(answer.json()).toEqual({ error: { message: expect.any(String) as unknown } });
    expect(answer.body).not.toContain('whsec');
  }
  expect(told).toEqual([]);
});

test('the address tells readers nothing', async () => {
  const { app } = await server();
  expect((await app.inject({ url: messagesPath })).statusCode).toBe(503);
  expect((await app.inject({ method: 'PUT', url: messagesPath })).statusCode).toBe(405);
});
