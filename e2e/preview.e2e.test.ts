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
import { adminApi, type AdminApi, invite } from './admin-api.ts';
import { openBrowser, STAFF_SCREEN } from './browser.ts';
import { canary, markedDraft } from './canary.ts';
import { untilLive } from './live.ts';
import { cleanEnvironment } from './system.ts';

const system = inject('systems').find(({ content }) => content === 'fixture');
if (system === undefined) throw new Error('No system with the fixture runs.');
const { siteUrl, cmsUrl, dataDir } = system;

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = process.env['PREVIEW_PICTURES'];
// A redirect is no page and has no draft.
const types = Object.values(contentTypes).filter(({ draftAndPublish }) => draftAndPublish);
const drafts = new Map<string, string>();
/** What takes back what the tests changed in the drafts of published entries. */
const undo: string[] = [];
let browser: Browser;
let owner: AdminApi;

async function linkTo(uid: string, who = owner): Promise<string | undefined> {
  const query = `documentId=${drafts.get(uid) ?? ''}&status=draft`;
  const { body } = await who('GET', `/content-manager/preview/url/${uid}?${query}`);
  return (body as { data?: { url?: string } } | undefined)?.data?.url;
}

const path = (uid: string, kind: string) =>
  kind === 'singleType' ? `/content-manager/single-types/${uid}` : `/content-manager/collection-types/${uid}`;

beforeAll(async () => {
  browser = await openBrowser();
  owner = await adminApi(system);
  for (const { uid, kind } of types) {
    const { body, status } =
      kind === 'singleType' ? await owner('GET', path(uid, kind)) : await owner('POST', path(uid, kind), {});
    expect([uid, status < 300]).toEqual([uid, true]);
    drafts.set(uid, (body as { data: { documentId: string } }).data.documentId);
  }
});

afterAll(async () => {
  for (const each of undo) await owner('POST', each, {});
  for (const { uid, kind } of types) {
    if (kind === 'singleType') await owner('POST', `${path(uid, kind)}/actions/discard`, {});
    else await owner('DELETE', `${path(uid, kind)}/${drafts.get(uid) ?? ''}`);
  }
  await untilLive(owner);
  await browser.close();
});

async function opened(uid: string, width = 1280, colorScheme: 'light' | 'dark' = 'light') {
  const context = await browser.newContext({
    ...STAFF_SCREEN,
    viewport: { width, height: 800 },
    colorScheme,
  });
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
    const { body } = await owner('GET', `${path(uid, kind)}?status=published&pageSize=1&sort=slug:desc`);
    const documentId = (body as { results: { documentId: string }[] }).results[0]?.documentId ?? '';
    edited.push([uid, `${path(uid, kind)}/${documentId}`]);
    undo.push(`${path(uid, kind)}/${documentId}/actions/discard`);
  }
  for (const [uid, own] of edited) {
    const { status, body } = await owner('PUT', own, markedDraft(uid, picture));
    expect([own, status, body]).toEqual([own, 200, expect.anything()]);
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
  expect(files.filter(leaks)).toEqual([]);
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
    const leaked = holdsCanary(Buffer.from(await answer.arrayBuffer()), address);
    expect([address, answer.status < 500, leaked]).toEqual([address, true, false]);
  }
});

/** Uploads a picture whose name, alternative text and caption hold the canary. */
async function uploadMarked(): Promise<number> {
  const form = new FormData();
  const picture = readFileSync(join(root, 'cms/content/media/coast-path.webp'));
  const other = await sharp(picture).resize(200).negate().webp().toBuffer();
  form.append('files', new Blob([new Uint8Array(other)], { type: 'image/webp' }), `${canary}.webp`);
  form.append('fileInfo', JSON.stringify({ alternativeText: `${canary} alt`, caption: `${canary} caption` }));
  const { body } = await owner('POST', '/upload', form);
  return (body as { id: number }[])[0]?.id ?? 0;
}

function filesBelow(folder: string): string[] {
  return globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name));
}

/** Whether a file holds the canary. One of an old release may be gone before it is read. */
function leaks(file: string): boolean {
  try {
    return holdsCanary(readFileSync(file), file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
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
  const apis: Record<string, AdminApi> = {};
  for (const code of ['meridian-front-desk', 'meridian-marketing']) {
    const [adminEmail, adminPassword] = [`preview-${code}@clinic.example`, 'Preview-Test-1'];
    await invite(owner, code, { email: adminEmail, firstname: 'A', lastname: 'B' }, adminPassword);
    apis[code] = await adminApi({ cmsUrl, adminEmail, adminPassword });
  }
  for (const { uid } of types) {
    expect([uid, await linkTo(uid, apis['meridian-front-desk'])]).toEqual([uid, undefined]);
    expect([uid, typeof (await linkTo(uid, apis['meridian-marketing']))]).toEqual([uid, 'string']);
  }
  const direct = await fetch(`${siteUrl}/preview/articles/${drafts.get('api::article.article') ?? ''}/`);
  expect(direct.status).toBe(403);
});
