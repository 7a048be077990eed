import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { root } from '../scripts/settings.ts';
import { contentTypes } from '../shared-types/src/index.ts';
import { openBrowser } from './browser.ts';
import { canary, markedDraft } from './canary.ts';
import { cleanEnvironment } from './system.ts';

const system = inject('systems').find(({ content }) => content === 'fixture');
if (system === undefined) throw new Error('No system with the fixture runs.');
const { siteUrl, cmsUrl, dataDir, adminEmail, adminPassword } = system;

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = process.env['PREVIEW_PICTURES'];
// A redirect is no page and has no draft.
const types = Object.values(contentTypes).filter(({ draftAndPublish }) => draftAndPublish);
const drafts = new Map<string, string>();
/** What takes back what the tests changed in the drafts of published entries. */
const undo: string[] = [];
let browser: Browser;
let owner: string;

async function call(method: string, path: string, body?: unknown, token = owner) {
  const answer = await fetch(`${cmsUrl}${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const json: unknown = text === '' ? null : JSON.parse(text);
  return { status: answer.status, json };
}

async function logIn(email: string, password: string): Promise<string> {
  const { json } = await call('POST', '/admin/login', { email, password }, '');
  return (json as { data: { token: string } }).data.token;
}

async function linkTo(uid: string, token = owner): Promise<string | undefined> {
  const query = `documentId=${drafts.get(uid) ?? ''}&status=draft`;
  const { json } = await call('GET', `/content-manager/preview/url/${uid}?${query}`, undefined, token);
  return (json as { data?: { url?: string } } | undefined)?.data?.url;
}

const path = (uid: string, kind: string) =>
  kind === 'singleType' ? `/content-manager/single-types/${uid}` : `/content-manager/collection-types/${uid}`;

beforeAll(async () => {
  browser = await openBrowser();
  owner = await logIn(adminEmail, adminPassword);
  for (const { uid, kind } of types) {
    const { json, status } =
      kind === 'singleType' ? await call('GET', path(uid, kind)) : await call('POST', path(uid, kind), {});
    expect([uid, status < 300]).toEqual([uid, true]);
    drafts.set(uid, (json as { data: { documentId: string } }).data.documentId);
  }
});

afterAll(async () => {
  for (const each of undo) await call('POST', each, {});
  for (const { uid, kind } of types) {
    if (kind === 'singleType') await call('POST', `${path(uid, kind)}/actions/discard`, {});
    else await call('DELETE', `${path(uid, kind)}/${drafts.get(uid) ?? ''}`);
  }
  await browser.close();
});

async function opened(uid: string, width = 1280, colorScheme: 'light' | 'dark' = 'light') {
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
  const page = await context.newPage();
  const link = (await linkTo(uid)) ?? '';
  expect(link).toMatch(/\/preview\/open\?token=/);
  const answer = await page.goto(link);
  return { page, status: answer?.status(), headers: answer?.headers() ?? {} };
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const found = await window.axe.run(document, { resultTypes: ['violations'] });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
}

test.each(types.map(({ uid, singularName }) => [singularName, uid] as const))(
  'an empty draft of type %s shows as a page, marked, at phone and desktop width',
  async (name, uid) => {
    for (const [width, colors] of [
      [360, 'light'],
      [1280, 'dark'],
    ] as const) {
      const { page, status, headers } = await opened(uid, width, colors);
      expect([name, status]).toEqual([name, 200]);
      expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex, nofollow' });
      expect(headers['content-security-policy']).toContain(`frame-ancestors ${cmsUrl}`);
      const mark = page.getByRole('complementary', { name: 'Preview' });
      expect(await mark.innerText()).toContain('Draft preview — not public');
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      expect([name, await violations(page)]).toEqual([name, []]);
      if (pictures !== undefined) {
        await page.screenshot({ path: join(pictures, `${name}-${width}-${colors}.png`) });
      }
      await page.context().close();
    }
  },
);

test('a saved edit shows by itself in an open preview, and nowhere in public', async () => {
  const { page } = await opened('api::article.article');
  const before = publicFiles();
  const picture = await uploadMarked();
  const edited: [string, string][] = [];
  for (const { uid, kind } of types) {
    const own = kind === 'singleType' ? path(uid, kind) : `${path(uid, kind)}/${drafts.get(uid) ?? ''}`;
    edited.push([uid, own]);
    if (kind === 'singleType') continue;
    // The draft of an entry that patients see says other things than what they see.
    const { json } = await call('GET', `${path(uid, kind)}?status=published&pageSize=1&sort=slug:desc`);
    const documentId = (json as { results: { documentId: string }[] }).results[0]?.documentId ?? '';
    edited.push([uid, `${path(uid, kind)}/${documentId}`]);
    undo.push(`${path(uid, kind)}/${documentId}/actions/discard`);
  }
  for (const [uid, own] of edited) {
    const { status, json } = await call('PUT', own, markedDraft(uid, picture));
    expect([own, status, json]).toEqual([own, 200, expect.anything()]);
  }
  await page.getByRole('heading', { level: 1, name: `${canary} api::article.article` }).waitFor();
  await page.context().close();
  for (const { uid } of types) {
    const { page: shown } = await opened(uid);
    expect([uid, (await shown.content()).includes(canary)]).toEqual([uid, true]);
    await shown.context().close();
  }

  const env = cleanEnvironment({
    DATA_DIR: dataDir,
    CMS_PORT: new URL(cmsUrl).port,
    SITE_PORT: new URL(siteUrl).port,
  });
  const build = spawnSync(process.execPath, ['scripts/build.ts'], { cwd: root, env, encoding: 'utf8' });
  expect(build.status, `${build.stdout}${build.stderr}`).toBe(0);
  const files = ['releases', 'cache'].flatMap((folder) => filesBelow(join(dataDir, folder)));
  expect(files.length).toBeGreaterThan(50);
  expect(files.filter((file) => holdsCanary(readFileSync(file), file))).toEqual([]);
  // A picture that drafts alone show has no words to look for: no file comes of it.
  const media = (list: string[]) => list.filter((file) => file.startsWith('media/'));
  expect(media(publicFiles())).toEqual(media(before));
  const addresses = publicFiles().map((file) => `/${file.replace(/(^|\/)index\.html$/, '$1')}`);
  const beside = ['/healthz', '/readyz', '/release.json', `/search/?q=${canary}`];
  const guessed = types.map(
    ({ query, singularName }) => `/${query.endpoint}/${canary.toLowerCase()}-${singularName}/`,
  );
  for (const address of [...addresses, ...beside, ...guessed]) {
    const answer = await fetch(`${siteUrl}${address}`);
    const leaks = holdsCanary(Buffer.from(await answer.arrayBuffer()), address);
    expect([address, answer.status < 500, leaks]).toEqual([address, true, false]);
  }
});

/** Uploads a picture whose name, alternative text and caption hold the canary. */
async function uploadMarked(): Promise<number> {
  const form = new FormData();
  const picture = readFileSync(join(root, 'cms/content/media/coast-path.webp'));
  const other = await sharp(picture).resize(200).negate().webp().toBuffer();
  form.append('files', new Blob([new Uint8Array(other)], { type: 'image/webp' }), `${canary}.webp`);
  form.append('fileInfo', JSON.stringify({ alternativeText: `${canary} alt`, caption: `${canary} caption` }));
  const headers = { authorization: `Bearer ${owner}` };
  const answer = await fetch(`${cmsUrl}/upload`, { method: 'POST', headers, body: form });
  return ((await answer.json()) as { id: number }[])[0]?.id ?? 0;
}

function filesBelow(folder: string): string[] {
  return globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name));
}

/** The files that patients can ask for, without their compressed twins. */
function publicFiles(): string[] {
  const folder = join(dataDir, 'releases', 'current', 'public');
  return filesBelow(folder)
    .map((file) => file.slice(folder.length + 1))
    .filter((file) => !/\.(br|gz)$/.test(file))
    .toSorted();
}

function holdsCanary(bytes: Buffer, name: string): boolean {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const text = isGzip ? gunzipSync(bytes) : name.endsWith('.br') ? brotliDecompressSync(bytes) : bytes;
  return text.toString('latin1').toLowerCase().includes(canary.toLowerCase());
}

test('who may not read an entry gets no link, and nobody enters without one', async () => {
  const { json } = await call('GET', '/admin/roles');
  const roles = (json as { data: { id: number; code: string }[] }).data;
  const tokens: Record<string, string> = {};
  for (const code of ['meridian-front-desk', 'meridian-marketing']) {
    const email = `preview-${code}@clinic.example`;
    const role = roles.find((each) => each.code === code)?.id ?? 0;
    const made = await call('POST', '/admin/users', { email, firstname: 'A', lastname: 'B', roles: [role] });
    const { id } = (made.json as { data: { id: number } }).data;
    await call('PUT', `/admin/users/${id}`, { password: 'Preview-Test-1', isActive: true });
    tokens[code] = await logIn(email, 'Preview-Test-1');
  }
  for (const { uid } of types) {
    expect([uid, await linkTo(uid, tokens['meridian-front-desk'])]).toEqual([uid, undefined]);
    expect([uid, typeof (await linkTo(uid, tokens['meridian-marketing']))]).toEqual([uid, 'string']);
  }
  const direct = await fetch(`${siteUrl}/preview/articles/${drafts.get('api::article.article') ?? ''}/`);
  expect(direct.status).toBe(403);
});
