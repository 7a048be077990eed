import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { buildApp } from './app.ts';
import { makeRelease } from './release/make.ts';
import { ask, askRaw, startServer } from './test/http.ts';
import { page, passage, smallSite, slot, temporaryFolder, writeDist } from './test/site.ts';

const monday = () => new Date('2026-11-23T18:00:00Z');

async function served(
  files: Record<string, string> = smallSite(),
  redirects: { from: string; to: string }[] = [],
) {
  const releasesDir = join(await temporaryFolder(), 'releases');
  await makeRelease({ dist: await writeDist(files, { redirects }), releasesDir, id: 'one' });
  return { releasesDir, origin: await startServer({ releasesDir, now: monday }) };
}

test('serves a page of the live release', async () => {
  const { origin } = await served();
  const answer = await ask(origin, '/articles/');
  expect(answer.status).toBe(200);
  expect(answer.body.toString()).toBe(smallSite()['articles/index.html']);
  expect(answer.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'content-length': String(answer.body.byteLength),
    'cache-control': 'public, max-age=0, must-revalidate',
    vary: 'accept-encoding',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'cross-origin-opener-policy': 'same-origin',
  });
  expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
  expect(answer.headers).not.toHaveProperty('content-encoding');
  expect(answer.headers).not.toHaveProperty('x-powered-by');
  expect(answer.headers).not.toHaveProperty('strict-transport-security');
});

test('sends what the release has prepared in the encoding that is asked for', async () => {
  const { origin, releasesDir } = await served();
  const br = await ask(origin, '/articles/', { 'accept-encoding': 'gzip, br' });
  expect(br.headers['content-encoding']).toBe('br');
  expect(br.body).toEqual(await readFile(join(releasesDir, 'one/public/articles/index.html.br')));
  expect(brotliDecompressSync(br.body).toString()).toBe(smallSite()['articles/index.html']);
  const gzip = await ask(origin, '/articles/', { 'accept-encoding': 'gzip' });
  expect(gzip.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(gzip.body).toString()).toBe(smallSite()['articles/index.html']);
  const picture = await ask(origin, '/media/dot.webp', { 'accept-encoding': 'br' });
  expect(picture.headers).not.toHaveProperty('content-encoding');
  expect(picture.headers).not.toHaveProperty('vary');
});

test('tags each encoding for itself and answers 304 to who has it', async () => {
  const { origin } = await served();
  const tags = new Set<string>();
  for (const encoding of ['br', 'gzip', 'identity']) {
    const first = await ask(origin, '/articles/', { 'accept-encoding': encoding });
    const etag = first.headers.etag ?? '';
    expect(etag).toMatch(/^"[\w-]+"$/);
    tags.add(etag);
    const second = await ask(origin, '/articles/', { 'accept-encoding': encoding, 'if-none-match': etag });
    expect(second.status).toBe(304);
    expect(second.body.byteLength).toBe(0);
    expect(second.headers).toMatchObject({ etag, vary: 'accept-encoding' });
    const other = encoding === 'br' ? 'gzip' : 'br';
    const third = await ask(origin, '/articles/', { 'accept-encoding': other, 'if-none-match': etag });
    expect(third.status).toBe(200);
  }
  expect(tags.size).toBe(3);
});

test('answers HEAD with the same headers and no body', async () => {
  const { origin } = await served();
  for (const path of ['/', '/articles/', '/media/dot.webp', '/nowhere/', '/healthz']) {
    const get = await ask(origin, path);
    const head = await ask(origin, path, {}, 'HEAD');
    expect(head.body.byteLength).toBe(0);
    expect({ ...head.headers, date: '' }).toEqual({ ...get.headers, date: '' });
    expect(head.status).toBe(get.status);
  }
});

test('lets browsers keep hashed files for ever', async () => {
  const { origin } = await served();
  for (const path of ['/_astro/style.calm.css', '/media/dot.webp']) {
    expect((await ask(origin, path)).headers['cache-control']).toBe('public, max-age=31536000, immutable');
  }
});

test('moves addresses for good, keeps the query, and stays on the site', async () => {
  const { origin } = await served(smallSite(), [{ from: '/old', to: '/articles/' }]);
  for (const [from, to] of [
    ['/articles', '/articles/'],
    ['/articles?topic=a&b', '/articles/?topic=a&b'],
    ['/articles/index.html', '/articles/'],
    ['/old', '/articles/'],
    ['/old/?x=1', '/articles/?x=1'],
  ] as const) {
    const answer = await ask(origin, from);
    expect([from, answer.status, answer.headers.location]).toEqual([from, 301, to]);
  }
});

test('answers an unknown address with the page of the release', async () => {
  const { origin } = await served();
  for (const path of ['/nowhere', '/nowhere/?x', '/404.html', '/media/gone.webp']) {
    const answer = await ask(origin, path, { 'if-none-match': '*' });
    expect([path, answer.status]).toEqual([path, 404]);
    expect(answer.body.toString()).toContain('Our own page');
    expect(answer.headers['cache-control']).toBe('no-cache');
  }
});

test('answers an unknown address with a plain page when the release has none', async () => {
  const { '404.html': own, ...files } = smallSite();
  expect(own).toBeDefined();
  const { origin } = await served(files);
  const answer = await ask(origin, '/nowhere/');
  expect(answer.status).toBe(404);
  expect(answer.body.toString()).toContain('This page cannot be found');
  expect(answer.body.toString()).toContain(
    'Harbor &lt;Spine&gt; Clinic: <a href="tel:+15550100199">(555) 010-0199</a>',
  );
});

test.each([
  '//evil.com/',
  '//evil.com/%2e%2e',
  '/\\evil.com/',
  '/../../../../etc/passwd',
  '/articles/../../release.json',
  '/%2e%2e/release.json',
  '/..%2frelease.json',
  '/%252e%252e/release.json',
  '/release.json',
  '/files.json',
  '/.env',
  '/.git/config',
  '/articles/index.html.br',
  '/_astro/../../release.json',
  '/_astro/..%2f..%2frelease.json',
  '/media/%2e%2e/%2e%2e/release.json',
  '/__proto__',
])('shows nothing of the machine at %s', async (path) => {
  const { origin } = await served();
  const answer = await ask(origin, path);
  expect(answer.status).toBe(404);
  expect(answer.headers).not.toHaveProperty('location');
  expect(answer.body.toString()).toContain('Our own page');
});

test.each(['/%', '/%zz', '/%c0%ae%c0%ae/', '/a%00b', '/a%0d%0aSet-Cookie:%20x=1', '/media/%ff'])(
  'calls %s unreadable, with all headers',
  async (path) => {
    const { origin } = await served();
    const answer = await ask(origin, path);
    expect(answer.status).toBe(400);
    expect(answer.body.toString()).toContain('This address cannot be read');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'; style-src 'sha256-");
    expect(answer.headers).not.toHaveProperty('set-cookie');
  },
);

test.each([
  ['GET http://evil.com/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 400],
  ['GET * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 400],
  ['GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: a\0b\r\n\r\n', 400],
  ['GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
  ['garbage\r\n\r\n', 400],
  [`GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ['OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 405],
])('answers the raw request %j with %i', async (text, status) => {
  const { origin } = await served();
  const answer = await askRaw(origin, text);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(answer).not.toMatch(/evil|node_modules|at .*:\d+:\d+/);
});

test('refuses addresses that are too long', async () => {
  const { origin } = await served();
  expect((await ask(origin, `/${'a'.repeat(1000)}/`)).status).toBe(404);
  const answer = await ask(origin, `/${'a'.repeat(3000)}`);
  expect(answer.status).toBe(414);
  expect(answer.body.toString()).toContain('This address is too long');
});

test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'])(
  'only reads: %s is refused',
  async (method) => {
    const { origin } = await served();
    for (const path of ['/articles/', '/nowhere', '/healthz']) {
      const answer = await ask(
        origin,
        path,
        { 'content-type': 'application/json', 'content-length': '0' },
        method,
      );
      expect([path, answer.status, answer.headers.allow]).toEqual([path, 405, 'GET, HEAD']);
    }
  },
);

test('fills slots at request time and leaves the rest of the page as it is', async () => {
  const { origin } = await served();
  const expected = (smallSite()['index.html'] ?? '').replace(
    '<p>Monday, 9 am to 6 pm</p>',
    '<p data-state="open">Open now, until 6 pm.</p>',
  );
  const plain = await ask(origin, '/');
  expect(plain.body.toString()).toBe(expected);
  expect(plain.headers['cache-control']).toBe('no-cache');
  const br = await ask(origin, '/', { 'accept-encoding': 'br' });
  expect(br.headers['content-encoding']).toBe('br');
  expect(brotliDecompressSync(br.body).toString()).toBe(expected);
  const gzip = await ask(origin, '/', { 'accept-encoding': 'gzip' });
  expect(gunzipSync(gzip.body).toString()).toBe(expected);
  expect(new Set([plain, br, gzip].map(({ headers }) => headers.etag)).size).toBe(3);
  expect(
    (await ask(origin, '/', { 'accept-encoding': 'br', 'if-none-match': br.headers.etag ?? '' })).status,
  ).toBe(304);
});

test('says something else, under another tag, when the clinic has closed', async () => {
  const { releasesDir } = await served();
  let now = monday();
  const origin = await startServer({ releasesDir, now: () => now });
  const open = await ask(origin, '/');
  now = new Date('2026-11-24T03:00:00Z');
  const closed = await ask(origin, '/', { 'if-none-match': open.headers.etag ?? '' });
  expect(closed.status).toBe(200);
  expect(closed.body.toString()).toContain('data-state="closed"');
});

test('leaves slots as they were built when the hours are not known', async () => {
  const releasesDir = join(await temporaryFolder(), 'releases');
  const clinic = { name: 'A', telephone: '1', timeZone: 'UTC', openingHours: [], closures: [] };
  await makeRelease({ dist: await writeDist(smallSite(), { clinic }), releasesDir });
  const origin = await startServer({ releasesDir });
  expect((await ask(origin, '/')).body.toString()).toBe(smallSite()['index.html']);
  const br = await ask(origin, '/', { 'accept-encoding': 'br' });
  expect(brotliDecompressSync(br.body).toString()).toBe(smallSite()['index.html']);
});

test('fills the slot of the page for unknown addresses too', async () => {
  const { origin } = await served({ ...smallSite(), '404.html': page('Not here', slot + passage('lost')) });
  const answer = await ask(origin, '/nowhere/', { 'accept-encoding': 'gzip' });
  expect(answer.status).toBe(404);
  expect(gunzipSync(answer.body).toString()).toContain('Open now, until 6 pm.');
});

test('says that the site is being prepared until there is a release, and then serves it', async () => {
  const releasesDir = join(await temporaryFolder(), 'releases');
  const origin = await startServer({ releasesDir });
  const before = await ask(origin, '/');
  expect(before.status).toBe(503);
  expect(before.headers).toMatchObject({ 'retry-after': '60', 'cache-control': 'no-store' });
  expect(before.body.toString()).toContain('The site is being prepared');
  expect(JSON.parse((await ask(origin, '/healthz')).body.toString())).toEqual({
    status: 'ok',
    release: null,
  });
  await makeRelease({ dist: await writeDist(smallSite()), releasesDir, id: 'one' });
  expect((await ask(origin, '/')).status).toBe(200);
  expect(JSON.parse((await ask(origin, '/healthz')).body.toString())).toEqual({
    status: 'ok',
    release: 'one',
  });
});

test('finds hashed files of older releases, and nothing else of them', async () => {
  const { releasesDir, origin } = await served(smallSite('old'));
  const second: Record<string, string> = { ...smallSite('new'), 'robots.txt': 'User-agent: *\nDisallow:\n' };
  await makeRelease({ dist: await writeDist(second), releasesDir, id: 'two' });
  expect((await ask(origin, '/_astro/style.new.css')).status).toBe(200);
  const old = await ask(origin, '/_astro/style.old.css', { 'accept-encoding': 'br' });
  expect(old.status).toBe(200);
  expect(brotliDecompressSync(old.body).toString()).toBe(smallSite('old')['_astro/style.old.css']);
  const { 'search/index.html': search, ...third } = second;
  expect(search).toBeDefined();
  await makeRelease({ dist: await writeDist(third), releasesDir, id: 'three' });
  expect((await ask(origin, '/search/')).status).toBe(404);
});

test('goes on with the last good release when the next one cannot be read', async () => {
  const { releasesDir, origin } = await served();
  await ask(origin, '/');
  await makeRelease({ dist: await writeDist(smallSite('next')), releasesDir, id: 'two' });
  const whole = await readFile(join(releasesDir, 'two/files.json'));
  await writeFile(join(releasesDir, 'two/files.json'), '{"half":');
  expect((await ask(origin, '/articles/')).body.toString()).toBe(smallSite()['articles/index.html']);
  await writeFile(join(releasesDir, 'two/files.json'), whole);
  expect((await ask(origin, '/articles/')).body.toString()).toBe(smallSite('next')['articles/index.html']);
  await rm(join(releasesDir, 'current'));
  expect((await ask(origin, '/articles/')).status).toBe(200);
});

test('answers a fault of the disk with a plain page that tells the telephone number', async () => {
  const { releasesDir, origin } = await served();
  await rm(join(releasesDir, 'one/public/articles/index.html'));
  await mkdir(join(releasesDir, 'one/public/articles/index.html'));
  const answer = await ask(origin, '/articles/');
  expect(answer.status).toBe(500);
  expect(answer.body.toString()).toContain('Something went wrong');
  expect(answer.body.toString()).toContain('(555) 010-0199');
  expect(answer.body.toString()).not.toMatch(/EISDIR|Error|releases/);
  expect(answer.headers['cache-control']).toBe('no-store');
});

test('asks for https for a year where the site has it', async () => {
  const { releasesDir } = await served();
  const origin = await startServer({ releasesDir, siteUrl: 'https://clinic.example' });
  expect((await ask(origin, '/')).headers['strict-transport-security']).toBe('max-age=31536000');
});

test('sends files that are larger than one read', async () => {
  const large = 'x'.repeat(3_000_000);
  const { origin } = await served({ ...smallSite(), 'media/large.bin': large });
  const answer = await ask(origin, '/media/large.bin');
  expect(answer.body.toString()).toBe(large);
  expect((await ask(origin, '/media/large.bin', {}, 'HEAD')).headers['content-length']).toBe('3000000');
});

test('waits for slow clients only so long', async () => {
  const app = buildApp({
    releasesDir: await temporaryFolder(),
    siteUrl: 'http://clinic.example',
    trustProxy: 0,
  });
  expect(app.server).toMatchObject({
    headersTimeout: 10_000,
    requestTimeout: 15_000,
    keepAliveTimeout: 30_000,
  });
  await app.close();
});
