import { expect, test } from 'vitest';
import { confirmationId, readConfirmationId } from './confirmation-id.ts';
import { ageOf, newToken, readToken, renewedToken, signToken } from './form-token.ts';
import { makeKeyring, seal, UnknownKeyError, UnreadableError, unseal } from './keyring.ts';
import { sign } from './signed.ts';

const one = '11'.repeat(32);
const two = '22'.repeat(32);
const ring = makeKeyring(one);
const now = new Date('2026-11-23T18:00:00Z');

test('opens what it sealed, under the same name only', () => {
  const sealed = seal(ring, 'a', Buffer.from('Canary Patient'));
  expect(sealed).not.toContain('Canary');
  expect(unseal(ring, 'a', sealed).toString()).toBe('Canary Patient');
  expect(() => unseal(ring, 'b', sealed)).toThrow(UnreadableError);
});

test('opens nothing that is cut at any byte or changed in any', () => {
  const sealed = seal(ring, 'a', Buffer.from('Canary'));
  for (let length = 0; length < sealed.length; length += 1) {
    expect(() => unseal(ring, 'a', sealed.slice(0, length))).toThrow(UnreadableError);
  }
  const data = sealed.indexOf('"data":"') + 8;
  for (const at of [data, data + 3]) {
    const other = sealed[at] === 'A' ? 'B' : 'A';
    expect(() => unseal(ring, 'a', sealed.slice(0, at) + other + sealed.slice(at + 1))).toThrow(
      UnreadableError,
    );
  }
});

test('opens with a former key what was sealed before the key was changed', () => {
  const sealed = seal(ring, 'a', Buffer.from('x'));
  expect(unseal(makeKeyring(two, [one]), 'a', sealed).toString()).toBe('x');
  expect(() => unseal(makeKeyring(two), 'a', sealed)).toThrow(UnknownKeyError);
});

test('knows its own forms, before and after the key was changed, and no others', () => {
  const token = newToken('/articles/sciatica/', now);
  const text = signToken(ring, token);
  expect(readToken(ring, text)).toEqual(token);
  expect(readToken(makeKeyring(two, [one]), text)).toEqual(token);
  expect(readToken(makeKeyring(two), text)).toBeNull();
  const [payload = '', signature = ''] = text.split('.');
  const forged = Buffer.from(JSON.stringify({ ...token, issuedAt: 0 })).toString('base64url');
  for (const wrong of ['', '.', payload, `${payload}.`, `${forged}.${signature}`, `${text}A`, `A${text}`]) {
    expect(readToken(ring, wrong)).toBeNull();
  }
  expect(readToken(ring, 'x'.repeat(100_000))).toBeNull();
  // What was signed for a confirmation is no form.
  expect(readToken(ring, sign(ring, 'confirmation', token))).toBeNull();
});

test.each([
  [0, 'quick'],
  [2_999, 'quick'],
  [3_000, 'good'],
  [86_400_000, 'good'],
  [86_400_001, 'expired'],
  [-4_000, 'quick'],
  [-3_600_000, 'expired'],
])('calls a form that is %i ms old %s', (age, verdict) => {
  const token = newToken('/', new Date(now.getTime() - age));
  expect(ageOf(token, now)).toBe(verdict);
});

test('lets a form that is shown again be sent at once', () => {
  const renewed = renewedToken({ sourcePage: '/' }, now);
  expect(ageOf(renewed, now)).toBe('good');
});

test('shows a confirmation for a week, and none that is forged', () => {
  const said = { reference: 'KX7-4QM-R9T', dueAt: '2026-11-24T18:00:00.000Z' };
  const id = confirmationId(ring, said, now);
  expect(id).toMatch(/^[\w-]+\.[\w-]+$/);
  expect(readConfirmationId(ring, id, now)).toEqual(said);
  expect(readConfirmationId(ring, id, new Date('2026-12-01T00:00:00Z'))).toBeNull();
  expect(readConfirmationId(ring, `${id}x`, now)).toBeNull();
});
