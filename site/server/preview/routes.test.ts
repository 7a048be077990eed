import { createServer } from 'node:http';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { contentTypes } from '@meridian/shared-types';
import { signPreview } from '@meridian/shared-types/preview-token';
import { expect, onTestFinished, test } from 'vitest';
import { ask, startServer } from '../test/http.ts';
import { temporaryFolder } from '../test/site.ts';
import { readPreviewRequest } from './guard.ts';

const adminOrigin = 'http://admin.example';
const secret = 's'.repeat(64);
const now = new Date('2026-11-23T18:00:00Z');
const claims = {
  uid: 'api::article.article',
  documentId: 'abc',
  adminOrigin,
  exp: now.getTime() / 1000 + 600,
};
const article = {
  documentId: 'abc',
  createdAt: '2026-11-23T18:00:00.000Z',
  updatedAt: '2026-11-23T18:00:00.000Z',
  publishedAt: null,
  title: 'Draft title',
  slug: null,
  summary: null,
  heroImage: { url: '/uploads/hero.png', mime: 'image/png' },
  sections: [],
};

async function fakeCms() {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    asked.push(url);
    const send = (status: number, type: string, body: string) =>
      response.writeHead(status, { 'content-type': type }).end(body);
    if (url === '/uploads/inline.png') send(200, 'image/png', 'picture');
    else if (url === '/uploads/evil.png') send(200, 'text/html', '<script>');
    else if (url.startsWith('/api/articles/abc?'))
      send(
        200,
        'application/json',
        JSON.stringify({
          data: {
            ...article,
            sections: [
              {
                __component: 'section.rich-text',
                heading: null,
                body: '![a](/uploads/inline.png) ![b](/uploads/evil.png)',
              },
            ],
          },
        }),
      );
    else if (url.startsWith('/api/') && !url.includes('pagination')) send(404, 'application/json', '{}');
    else send(200, 'application/json', '{"data":[]}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port.');
  return { cmsUrl: `http://127.0.0.1:${address.port}`, asked };
}

async function start(cmsUrl: string, siteUrl = 'http://clinic.example') {
  const folder = await temporaryFolder();
  const pagesDir = join(folder, 'pages');
  await mkdir(join(pagesDir, 'server'), { recursive: true });
  await mkdir(join(pagesDir, 'client', '_astro'), { recursive: true });
  await writeFile(join(pagesDir, 'client', '_astro', 'a.css'), 'a{}');
  await writeFile(
    join(pagesDir, 'server', 'entry.mjs'),
    'export async function handler(request, response, next, { preview }) { response.end(JSON.stringify(preview)); }',
  );
  const preview = { cmsUrl, token: 't', secret, siteUrl, adminOrigin, pagesDir };
  return startServer({ releasesDir: join(folder, 'releases'), siteUrl, preview, now: () => now });
}

const session = (changes: Partial<typeof claims> = {}) => ({
  cookie: `meridian_preview=${signPreview('session', { ...claims, ...changes }, secret)}`,
});
const page = '/preview/articles/abc/';

test('a link is exchanged for a cookie of that document alone', async () => {
  const origin = await start((await fakeCms()).cmsUrl);
  const answer = await ask(origin, `/preview/open?token=${signPreview('link', claims, secret)}`);
  expect(answer.status).toBe(303);
  expect(answer.headers.location).toBe(page);
  expect(answer.headers['set-cookie']?.[0]).toMatch(
    /^meridian_preview=[\w.-]+; Path=\/preview\/articles\/abc\/; Max-Age=3600; HttpOnly; SameSite=Lax$/,
  );
  const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  expect((await ask(origin, page, { cookie })).status).toBe(200);
});

test('the cookie is secure on https, and reaches the frame of an admin elsewhere', async () => {
  const origin = await start((await fakeCms()).cmsUrl, 'https://clinic.example');
  const answer = await ask(origin, `/preview/open?token=${signPreview('link', claims, secret)}`);
  expect(answer.headers['set-cookie']?.[0]).toMatch(/; SameSite=None; Partitioned; Secure$/);
  expect(answer.headers['strict-transport-security']).toBe('max-age=31536000');
});

test('an expired link says what to do', async () => {
  const origin = await start((await fakeCms()).cmsUrl);
  const token = signPreview('link', { ...claims, exp: now.getTime() / 1000 - 1 }, secret);
  const answer = await ask(origin, `/preview/open?token=${token}`);
  expect(answer.status).toBe(410);
  expect(answer.body.toString()).toContain('Go back to the editor and press Preview again');
});

test('every answer is unkept, unlisted and framed by the admin alone', async () => {
  const origin = await start((await fakeCms()).cmsUrl);
  for (const path of [
    page,
    `${page}version`,
    `${page}media/inline.png`,
    '/preview/_astro/a.css',
    '/preview/x',
  ]) {
    const { headers } = await ask(origin, path, session());
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex, nofollow' });
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'.*frame-ancestors http:\/\/admin\.example$/,
    );
    expect(headers).not.toHaveProperty('x-frame-options');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=()') as string,
    });
    expect(headers).not.toHaveProperty('strict-transport-security');
  }
});

test.each([
  ['no cookie', {}],
  ['a link for a cookie', { cookie: `meridian_preview=${signPreview('link', claims, secret)}` }],
  ["another document's cookie", session({ documentId: 'other' })],
  ["another type's cookie", session({ uid: 'api::topic.topic' })],
  ["another admin's cookie", session({ adminOrigin: 'http://evil.example' })],
  ['an expired cookie', session({ exp: 1 })],
  ['a forged cookie', { cookie: `${session().cookie}x` }],
  ["another secret's cookie", { cookie: `meridian_preview=${signPreview('session', claims, 'x')}` }],
] as Array<[string, Record<string, string>]>)(
  '%s opens nothing, and the CMS is not asked',
  async (_name, headers) => {
    const { cmsUrl, asked } = await fakeCms();
    const origin = await start(cmsUrl);
    for (const path of [page, `${page}version`, `${page}media/inline.png`])
      expect((await ask(origin, path, headers)).status).toBe(403);
    expect(asked).toEqual([]);
  },
);

test.each(['HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('%s is refused', async (method) => {
  const { cmsUrl, asked } = await fakeCms();
  const origin = await start(cmsUrl);
  expect((await ask(origin, page, { ...session(), 'content-length': '0' }, method)).status).toBe(405);
  expect(asked).toEqual([]);
});

test.each([
  '/preview/',
  '/preview/articles/',
  '/preview/articles/abc',
  '/preview/articles/abc/../abc/',
  '/preview/articles/abc/%2e%2e/abc/',
  '/preview/articles/abc/..%2fxyz/',
  '/preview/articles%2fabc/',
  '/preview//articles/abc/',
  '/preview/articles//abc/',
  '/preview/articles/ABC/',
  '/preview/Articles/abc/',
  '/preview/articles/abc/?x=1',
  '/preview/articles/abc/#x',
  '/preview/articles/abc/media/../../xyz',
  '/preview/articles/abc/media/%2e%2e',
  '/preview/articles/abc/media/a/b.png',
  '/preview/_astro/../server/entry.mjs',
  '/preview/_astro/..%2fserver',
  '/preview/consultation-requests/abc/',
  '/preview/open',
  '/preview/open?token=',
  '/preview/open?token=a&token=b',
  '/%70review/articles/abc/',
  '/Preview/articles/abc/',
  '//preview/articles/abc/',
  '/preview/\\articles/abc/',
])('%s is nothing that previews have', async (path) => {
  expect(readPreviewRequest(path)).toBeNull();
  const { cmsUrl, asked } = await fakeCms();
  const origin = await start(cmsUrl);
  expect([400, 404, 503]).toContain((await ask(origin, path, session())).status);
  expect(asked).toEqual([]);
});

test('pictures are those of the page, and only pictures', async () => {
  const { cmsUrl, asked } = await fakeCms();
  const origin = await start(cmsUrl);
  const picture = await ask(origin, `${page}media/inline.png`, session());
  expect([picture.status, picture.headers['content-type'], picture.body.toString()]).toEqual([
    200,
    'image/png',
    'picture',
  ]);
  expect((await ask(origin, `${page}media/evil.png`, session())).status).toBe(404);
  expect((await ask(origin, `${page}media/other.png`, session())).status).toBe(404);
  expect(asked).not.toContain('/uploads/other.png');
});

test('an unfinished draft is shown with hints', async () => {
  const origin = await start((await fakeCms()).cmsUrl);
  const shown = (await ask(origin, page, session())).body.toString();
  expect(JSON.parse(shown)).toMatchObject({
    page: { kind: 'article', view: { title: 'Draft title', summary: 'There is no summary yet.' } },
  });
  expect(shown).toContain('Summary is not filled in yet.');
});

test('a missing CMS or build takes nothing but the preview away', async () => {
  const origin = await start('http://127.0.0.1:1');
  const answer = await ask(origin, page, session());
  expect(answer.status).toBe(503);
  expect(answer.body.toString()).toContain('The preview is not available now');
  expect((await ask(origin, '/healthz')).status).toBe(200);
  const without = await startServer({ releasesDir: join(await temporaryFolder(), 'releases') });
  expect((await ask(without, page, session())).status).toBe(503);
});

test('every public type has an address', () => {
  for (const type of Object.values(contentTypes)) {
    expect(readPreviewRequest(`/preview/${type.query.endpoint}/abc/`)).toMatchObject({
      kind: 'page',
      document: { type: type.singularName },
    });
  }
});
