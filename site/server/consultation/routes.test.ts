import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask, askRaw, startServer } from '../test/http.ts';
import { trapField } from './answers.ts';
import { readToken, signToken } from './form-token.ts';
import { makeKeyring } from './keyring.ts';
import { goodAnswers, keyring, post, referenceIn, startForm, tokenOf } from './test/harness.ts';

const monday = () => new Date('2026-11-23T18:00:00Z');
const sunday = () => new Date('2026-11-22T18:00:00Z');
const field = (html: string, name: string) => new RegExp(`<input name="${name}"[^>]*>`).exec(html)?.[0] ?? '';

test('shows the form with a signed token, for this visitor alone', async () => {
  const { origin } = await startForm();
  const answer = await ask(origin, '/consultation/');
  const html = answer.body.toString();
  expect(answer.status).toBe(200);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.headers).not.toHaveProperty('etag');
  expect(html).toContain('<title>Ask | Harbor</title>');
  expect(html).not.toContain('class="own"');
  expect(html).not.toContain('<template');
  const token = /name="form" value="([^"]+)"/.exec(html)?.[1] ?? '';
  expect(readToken(keyring, token)).toMatchObject({ sourcePage: '/consultation/' });
  const head = await ask(origin, '/consultation/', {}, 'HEAD');
  expect(head.body.byteLength).toBe(0);
  expect((await ask(origin, '/consultation/', { 'accept-encoding': 'br' })).headers['content-encoding']).toBe(
    'br',
  );
});

test('a release without a server to fill it, and a server without a key, show the phone number', async () => {
  const { dataDir } = await startForm();
  const origin = await startServer({ releasesDir: join(dataDir, 'releases') });
  expect((await ask(origin, '/consultation/')).body.toString()).toContain('<p class="own">Call us.</p>');
  expect((await post(origin, goodAnswers())).status).toBe(405);
});

test('chooses the topic that the reader comes from, and remembers the page', async () => {
  const { origin } = await startForm();
  const known = await ask(origin, '/consultation/?topic=sciatica', {
    referer: `${origin}/articles/neck-pain/?name=x`,
  });
  expect(known.body.toString()).toContain('<option value="topic-sciatica" selected>');
  const token = /name="form" value="([^"]+)"/.exec(known.body.toString())?.[1] ?? '';
  expect(readToken(keyring, token)?.sourcePage).toBe('/articles/neck-pain/');
  for (const query of ['?topic=gone', '?topic=%22%3E%3Cscript%3E', '?topic=sciatica%00', '?__proto__=x']) {
    const html = (
      await ask(origin, `/consultation/${query}`, { referer: 'http://evil.example/a/' })
    ).body.toString();
    expect(html).not.toContain('selected');
    expect(html).not.toContain('<script>');
  }
});

test('puts calling first while somebody answers, and says until when an answer comes', async () => {
  const open = await startForm({ now: monday });
  const html = (await ask(open.origin, '/consultation/')).body.toString();
  expect(html).toContain('Open now, until 6 pm.</strong> The quickest way is to call.');
  expect(html).toContain('href="tel:+15550100199"');
  expect(html).toContain('hear from us by <strong>Monday, November 23, 2026, at noon Pacific Time</strong>');
  const closed = await startForm({ now: sunday });
  const later = (await ask(closed.origin, '/consultation/')).body.toString();
  expect(later).not.toContain('quickest');
  expect(later).toContain('Monday, November 23, 2026, at 11 am');
});

test('takes a request, hands it to the CMS, and keeps nothing of it', async () => {
  const { origin, intake, dataDir } = await startForm();
  const sent = await post(origin, goodAnswers({ days: 'Monday', topic: 'topic-sciatica' }));
  expect(sent.status).toBe(303);
  expect(sent.headers.get('cache-control')).toBe('no-store');
  const reference = await referenceIn(origin, sent);
  expect(reference).toMatch(/^[3-9A-Y]{3}-[3-9A-Y]{3}-[3-9A-Y]{3}$/);
  await expect
    .poll(() => [...intake.taken.values()])
    .toMatchObject([
      {
        reference,
        name: 'Zoë O’Hara',
        phone: '+13108287757',
        preferredDays: ['Monday'],
        topic: 'topic-sciatica',
        consent: true,
        suspectedSpam: false,
      },
    ]);
  await expect.poll(() => readdir(join(dataDir, 'spool/waiting'))).toEqual([]);
});

test('takes the same as JSON, and no other type', async () => {
  const { origin, intake } = await startForm();
  const json = await post(origin, JSON.stringify({ ...goodAnswers(), days: ['Monday', 'Tuesday'] }), {
    'content-type': 'application/json',
  });
  expect(json.status).toBe(303);
  await expect.poll(() => intake.taken.size).toBe(1);
  for (const type of ['text/plain', 'multipart/form-data; boundary=x', 'application/xml', 'text/html']) {
    const other = await post(origin, 'name=Ada', { 'content-type': type });
    expect([type, other.status]).toEqual([type, 415]);
    expect(await other.text()).toContain('(555) 010-0199');
  }
});

test('shows what is wrong, in a summary and beside the field, with everything that was typed', async () => {
  const { origin, intake } = await startForm();
  const typed = {
    name: '"><script>alert(1)</script>',
    phone: '12',
    topic: 'topic-sciatica',
    message: '\n</textarea><b>x',
  };
  const answer = await post(origin, goodAnswers({ ...typed, consent: '', days: 'Tuesday' }));
  const html = await answer.text();
  expect(answer.status).toBe(422);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(html).toContain('<title>Error: Ask | Harbor</title>');
  expect(html).toMatch(/role="alert" tabindex="-1" autofocus/);
  const message = 'Enter a phone number with its area code, such as 310 555 0123.';
  expect(html).toContain(`<li><a href="#request-phone">${message}</a></li>`);
  expect(html).toContain(`<p id="request-phone-error"><span class="sr-only">Error: </span>${message}</p>`);
  expect(html).toContain('<a href="#request-consent">');
  expect(field(html, 'phone')).toBe('<input name="phone" type="tel" value="12" aria-invalid="true">');
  expect(field(html, 'name')).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
  expect(html).toContain('<textarea name="message">\n\n&lt;/textarea&gt;&lt;b&gt;x</textarea>');
  expect(html).toContain('value="Tuesday" checked');
  expect(html).toContain('value="topic-sciatica" selected');
  expect(html).not.toContain('<script>');
  expect(intake.posts()).toBe(0);
});

test.each([
  ['expired', () => tokenOf(crypto.randomUUID(), 90_000)],
  ['of the future', () => tokenOf(crypto.randomUUID(), -90_000)],
  ['missing', () => ''],
  ['forged', () => `${tokenOf()}x`],
  [
    'of another key',
    () =>
      signToken(makeKeyring('77'.repeat(32)), {
        key: crypto.randomUUID(),
        issuedAt: Date.now() - 9000,
        sourcePage: '/',
      }),
  ],
])('a form whose token is %s comes back with every answer and can be sent', async (what, token) => {
  const { origin, intake } = await startForm();
  const first = await post(origin, goodAnswers({ form: token() }));
  const html = await first.text();
  expect(first.status).toBe(422);
  expect(html).toContain('<title>Error: ');
  expect(field(html, 'name')).toContain('value="Zoë O’Hara"');
  const fresh = /name="form" value="([^"]+)"/.exec(html)?.[1] ?? '';
  const second = await post(origin, goodAnswers({ form: fresh }));
  expect(second.status).toBe(303);
  await expect.poll(() => intake.taken.size).toBe(1);
  const known = what === 'expired' || what === 'of the future';
  expect([...intake.taken.values()][0]?.suspectedSpam).toBe(!known);
});

test.each([
  ['fills in what people do not see', () => ({ [trapField]: 'http://spam.example' })],
  ['is quicker than people are', () => ({ form: tokenOf(crypto.randomUUID(), 0, Date.now() + 1000) })],
])('who %s sees what everybody sees, and is marked', async (_what, changes) => {
  const { origin, intake } = await startForm();
  const sent = await post(origin, goodAnswers(changes()));
  expect(sent.status).toBe(303);
  expect(await referenceIn(origin, sent)).not.toBe('');
  await expect.poll(() => [...intake.taken.values()]).toMatchObject([{ suspectedSpam: true }]);
});

test('a double tap and a second post are one request, before and after it was delivered', async () => {
  const { origin, intake } = await startForm();
  intake.fault = () => 500;
  const answers = goodAnswers();
  const both = await Promise.all([1, 2, 3, 4, 5].map(() => post(origin, answers)));
  const references = await Promise.all(both.map((each) => referenceIn(origin, each)));
  expect(new Set(references).size).toBe(1);
  intake.fault = null;
  await expect.poll(() => intake.taken.size).toBe(1);
  const again = await post(origin, answers);
  expect(again.status).toBe(303);
  expect(await referenceIn(origin, again)).toBe(references[0]);
  expect(intake.taken.size).toBe(1);
});

test.each(['waits', 'was delivered'])(
  'the same form with other answers is refused while the first %s',
  async (state) => {
    const { origin, intake, dataDir } = await startForm();
    if (state === 'waits') intake.fault = () => 500;
    const answers = goodAnswers();
    const first = await referenceIn(origin, await post(origin, answers));
    if (state !== 'waits') await expect.poll(() => readdir(join(dataDir, 'spool/waiting'))).toEqual([]);
    const other = await post(origin, { ...answers, name: 'Eve' });
    const html = await other.text();
    expect(other.status).toBe(409);
    expect(html).toContain(first);
    expect(field(html, 'name')).toContain('value="Eve"');
    // Sent again, it is a request of its own.
    const fresh = /name="form" value="([^"]+)"/.exec(html)?.[1] ?? '';
    intake.fault = null;
    expect(await referenceIn(origin, await post(origin, { ...answers, name: 'Eve', form: fresh }))).not.toBe(
      first,
    );
    await expect
      .poll(() => [...intake.taken.values()].map(({ name }) => name).sort())
      .toEqual(['Eve', 'Zoë O’Hara']);
  },
);

test('the confirmation can be reloaded, reveals nothing, and cannot be made up', async () => {
  const { origin } = await startForm({ now: monday });
  const sent = await post(origin, goodAnswers({ form: tokenOf(undefined, 10, monday().getTime()) }));
  const location = sent.headers.get('location') ?? '';
  expect(location).toMatch(/^\/consultation\/received\/\?id=[\w-]+\.[\w-]+$/);
  const payload = Buffer.from(location.split('id=')[1]?.split('.')[0] ?? '', 'base64url').toString();
  expect(payload).not.toMatch(/Zo|Hara|828|7757/);
  for (let load = 0; load < 2; load += 1) {
    const page = await ask(origin, location);
    expect(page.headers['cache-control']).toBe('no-store');
    expect(page.body.toString()).toContain(
      'hear from us by Monday, November 23, 2026, at noon Pacific Time.',
    );
  }
  for (const id of ['', '?id=', '?id=KX7-4QM-R9T', `?id=${location.split('id=')[1] ?? ''}x`, '?id=a.b']) {
    const html = (await ask(origin, `/consultation/received/${id}`)).body.toString();
    expect(html).toContain('Nothing here.');
    expect(html).not.toContain('<p id="reference">K');
  }
});

test('a post from another site is refused', async () => {
  const { origin, intake } = await startForm();
  for (const headers of [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
  ]) {
    const answer = await post(origin, goodAnswers(), headers);
    expect([headers, answer.status]).toEqual([headers, 403]);
    expect(await answer.text()).not.toContain('Zoë');
  }
  expect((await post(origin, goodAnswers(), { 'sec-fetch-site': 'same-origin', origin })).status).toBe(303);
  expect((await post(origin, goodAnswers(), { origin: 'http://clinic.example' })).status).toBe(303);
  await expect.poll(() => intake.taken.size).toBe(2);
});

test.each([
  ['an unknown field', `${new URLSearchParams(goodAnswers()).toString()}&admin=1`, 400],
  ['__proto__', `${new URLSearchParams(goodAnswers()).toString()}&__proto__=x&constructor=y`, 400],
  ['a name twice', `${new URLSearchParams(goodAnswers()).toString()}&name=Eve`, 400],
  ['a megabyte', `name=${'a'.repeat(1_000_000)}`, 413],
  ['nothing', '', 422],
])('a form with %s is refused in words, with the phone number or the form', async (_what, body, status) => {
  const { origin, intake } = await startForm();
  const answer = await post(origin, body);
  const html = await answer.text();
  expect(answer.status).toBe(status);
  expect(html).toContain('<title>Error: ');
  expect(html).toContain('(555) 010-0199');
  expect(intake.posts()).toBe(0);
});

test.each([
  ['half of it', '{"name": "Canary', 400],
  ['a list', '[]', 422],
  ['__proto__', '{"__proto__": {"name": "x"}}', 400],
  ['nothing', '', 400],
])('JSON that is %s is refused', async (_what, body, status) => {
  const { origin } = await startForm();
  const answer = await post(origin, body, { 'content-type': 'application/json' });
  expect(answer.status).toBe(status);
  expect(await answer.text()).not.toContain('Unexpected');
});

test('answers 429 with the phone number and every answer, and does not read what is far above', async () => {
  const { origin } = await startForm({ limits: { perAddress: 2, perAddressUnread: 3 }, trustProxy: 1 });
  const from = (address: string) => post(origin, goodAnswers(), { 'x-forwarded-for': address });
  expect([(await from('10.0.0.1')).status, (await from('10.0.0.1')).status]).toEqual([303, 303]);
  const soft = await from('10.0.0.1');
  const html = await soft.text();
  expect(soft.status).toBe(429);
  expect(Number(soft.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(html).toContain('Too many requests');
  expect(html).toContain('(555) 010-0199');
  expect(field(html, 'name')).toContain('value="Zoë O’Hara"');
  const hard = await from('10.0.0.1');
  expect(hard.status).toBe(429);
  expect(await hard.text()).not.toContain('<form');
  expect((await from('10.0.0.2')).status).toBe(303);
  // One home has one IPv6 network, not one address.
  for (const [last, status] of [
    ['1', 303],
    ['2', 303],
    ['3', 429],
  ] as const) {
    expect((await from(`2001:db8::${last}`)).status).toBe(status);
  }
});

test('limits all together', async () => {
  const { origin } = await startForm({ limits: { all: 2 }, trustProxy: 1 });
  const statuses = [];
  for (const last of [1, 2, 3])
    statuses.push((await post(origin, goodAnswers(), { 'x-forwarded-for': `10.0.0.${last}` })).status);
  expect(statuses).toEqual([303, 303, 429]);
});

test('pretends nothing when the spool cannot be written', async () => {
  const { origin, dataDir, consultation, intake } = await startForm();
  await consultation.stop();
  const { rm } = await import('node:fs/promises');
  await rm(join(dataDir, 'spool'), { recursive: true });
  await writeFile(join(dataDir, 'spool'), '');
  const answer = await post(origin, goodAnswers());
  const html = await answer.text();
  expect(answer.status).toBe(503);
  expect(html).toContain('We could not take your request');
  expect(html).toContain('(555) 010-0199');
  expect(field(html, 'name')).toContain('value="Zoë O’Hara"');
  expect(intake.posts()).toBe(0);
});

test('a body that never ends is given up, and others go on', async () => {
  const { origin } = await startForm();
  const { hostname, port } = new URL(origin);
  const head = `POST /consultation/ HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: application/x-www-form-urlencoded\r\n`;
  const refused = await askRaw(origin, `${head}Content-Length: 99999999\r\nConnection: close\r\n\r\nname=`);
  expect(refused).toContain(' 413 ');
  expect((await post(origin, goodAnswers())).status).toBe(303);
});
