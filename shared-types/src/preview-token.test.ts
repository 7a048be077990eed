import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { signPreview, verifyPreview } from './preview-token.ts';

const now = 1_800_000_000_000;
const secret = 'a'.repeat(64);
const claims = {
  uid: 'api::article.article',
  documentId: 'abc123',
  adminOrigin: 'http://127.0.0.1:1337',
  exp: now / 1000 + 600,
};
const link = signPreview('link', claims, secret);
const sign = (payload: unknown) => {
  const text = Buffer.from(JSON.stringify(payload)).toString('base64url');
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
};

test('a link is read back while it lasts, as often as wanted', () => {
  expect(verifyPreview('link', link, secret, now)).toEqual({ state: 'valid', claims });
  expect(verifyPreview('link', link, secret, now + 599_000)).toEqual({ state: 'valid', claims });
});

test('a link has expired after its time', () => {
  expect(verifyPreview('link', link, secret, now + 600_000)).toEqual({ state: 'expired' });
});

test('no bit of a token can be turned over', () => {
  for (let index = 0; index < link.length; index += 1) {
    for (const bit of [1, 2, 4, 8, 16, 32, 64]) {
      const forged =
        link.slice(0, index) + String.fromCharCode(link.charCodeAt(index) ^ bit) + link.slice(index + 1);
      expect(verifyPreview('link', forged, secret, now)).toEqual({ state: 'invalid' });
    }
  }
});

test('a link is no session, and a session is no link', () => {
  expect(verifyPreview('session', link, secret, now).state).toBe('invalid');
  expect(verifyPreview('link', signPreview('session', claims, secret), secret, now).state).toBe('invalid');
});

test.each([
  ['nothing', ''],
  ['a dot', '.'],
  ['junk', 'junk'],
  ['three parts', `${link}.x`],
  ['no signature', `${link.split('.')[0]}.`],
  ['an algorithm of its own', `${Buffer.from('{"alg":"none"}').toString('base64url')}.${link}`],
  ['a huge text', 'a'.repeat(5_000_000)],
  ['padding', `${link}=`],
  ['a NUL', `${link}\0`],
  ['no JSON', sign('x')],
  ['one claim too many', sign({ ...claims, alg: 'none' })],
  ['one claim too few', sign({ ...claims, documentId: undefined })],
  ['a path for an id', sign({ ...claims, documentId: '../x' })],
  ['an origin with a policy in it', sign({ ...claims, adminOrigin: 'http://a; script-src *' })],
  ['an origin with a path', sign({ ...claims, adminOrigin: 'http://a/b' })],
  ['no web address', sign({ ...claims, adminOrigin: 'javascript:1' })],
  ['a day of validity', sign({ ...claims, exp: now / 1000 + 86_400 })],
  ['a text for a time', sign({ ...claims, exp: '9999999999' })],
])('a token of %s is refused', (_name, token) => {
  expect(verifyPreview('link', token, secret, now)).toEqual({ state: 'invalid' });
});

test("another's secret, or none, opens nothing", () => {
  expect(verifyPreview('link', link, 'b'.repeat(64), now).state).toBe('invalid');
  expect(verifyPreview('link', signPreview('link', claims, ''), '', now).state).toBe('invalid');
});
