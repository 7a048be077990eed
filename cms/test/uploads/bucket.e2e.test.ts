import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createBackup } from '../../../scripts/backup/create.ts';
import { restoreBackup } from '../../../scripts/backup/restore.ts';
import { readSettings } from '../../../scripts/settings.ts';
import { freshSettings, removeData, runCms, startCms, type Cms, type Settings } from '../cms.ts';
import { call, logInOwner } from '../people.ts';
import { startStore, type Store } from '../s3.ts';

interface File {
  id: number;
  url: string;
  formats: { thumbnail: { url: string } } | null;
}

const SVG = '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';

let store: Store;
let settings: Settings;
let cms: Cms;
let owner: string;
let restored: string[];

beforeAll(async () => {
  restored = [
    await mkdtemp(join(tmpdir(), 'meridian-restored-')),
    await mkdtemp(join(tmpdir(), 'meridian-restored-')),
  ];
  store = await startStore();
  settings = await freshSettings();
  await start(settings);
});
afterAll(async () => {
  await cms.kill();
  await store.remove();
  await removeData(settings);
  for (const folder of restored) await rm(folder, { recursive: true, force: true });
});

async function start(changed: Settings): Promise<void> {
  cms = await startCms(changed);
  owner = await logInOwner(cms);
}

function picture(background: string): Promise<Buffer> {
  return sharp({ create: { width: 600, height: 400, channels: 3, background } })
    .png()
    .toBuffer();
}

async function send(bytes: Buffer, name: string, query = ''): Promise<{ status: number; files: File[] }> {
  const form = new FormData();
  form.append('files', new Blob([new Uint8Array(bytes)], { type: 'image/png' }), name);
  const answer = await fetch(`${cms.url}/upload${query}`, {
    method: 'POST',
    headers: { authorization: owner },
    body: form,
  });
  const body = (await answer.json()) as File | File[];
  return { status: answer.status, files: Array.isArray(body) ? body : [body] };
}

async function upload(bytes: Buffer, name: string): Promise<File> {
  const { status, files } = await send(bytes, name);
  expect(status).toBe(201);
  return files[0] as File;
}

async function served(url: string): Promise<Buffer | number> {
  const answer = await fetch(`${cms.url}${url}`);
  if (!answer.ok) return answer.status;
  expect(answer.headers.get('content-type')).toMatch(/^image\/(png|webp)$/);
  return Buffer.from(await answer.arrayBuffer());
}

const objects = (file: File): string[] =>
  [file.url, ...(file.formats === null ? [] : [file.formats.thumbnail.url])]
    .map((url) => url.slice('/uploads/'.length))
    .sort();

let blue: File;
let red: File;

it('moves the pictures of the data folder into the bucket at the first start with it', async () => {
  const bytes = await picture('blue');
  blue = await upload(bytes, 'blue.png');
  const stored = await served(blue.url);
  await cms.stop();
  await start({ ...settings, ...store.settings });
  await expect.poll(() => store.names()).toEqual(objects(blue));
  await rm(join(settings['DATA_DIR'] ?? '', 'public/uploads'), { recursive: true });
  expect(await served(blue.url)).toEqual(stored);
});

it('keeps uploads in the bucket, under the addresses that they have on the disk', async () => {
  red = await upload(await picture('red'), 'red.png');
  expect(red.url).toMatch(/^\/uploads\/red_\w+\.png$/);
  expect(await store.names()).toEqual([...objects(blue), ...objects(red)].sort());
  expect(existsSync(join(settings['DATA_DIR'] ?? '', 'public', red.url))).toBe(false);
  const bytes = await served(red.url);
  expect((await sharp(bytes as Buffer).metadata()).width).toBe(600);
  const head = await fetch(`${cms.url}${red.url}`, { method: 'HEAD' });
  expect(head.headers.get('content-length')).toBe(String((bytes as Buffer).length));
  const etag = head.headers.get('etag') ?? '';
  const again = await fetch(`${cms.url}${red.url}`, { headers: { 'if-none-match': etag } });
  expect(again.status).toBe(304);
});

it('gives nobody what is no picture or lies elsewhere in the store', async () => {
  expect((await send(Buffer.from(SVG), 'evil.png')).status).toBe(400);
  expect(await store.names()).toEqual([...objects(blue), ...objects(red)].sort());
  for (const path of [
    '/uploads/',
    '/uploads/..%2fother/a.png',
    '/uploads/%2e%2e/x.png',
    '/uploads/none.png',
  ]) {
    expect(await served(path), path).toBe(404);
  }
});

it('replaces a picture under its address', async () => {
  const { status, files } = await send(await picture('green'), 'green.png', `?id=${String(red.id)}`);
  expect([status, files[0]?.url]).toEqual([200, red.url]);
  const { dominant } = await sharp((await served(red.url)) as Buffer).stats();
  expect(dominant.g).toBeGreaterThan(dominant.r);
});

it('is backed up with everything else, and put back with what it replaces put aside', async () => {
  const here = readSettings({ ...settings, ...store.settings }, '/none');
  const { file, manifest } = await createBackup(here, 'six random words', join(here.dataDir, 'backups'));
  const pictures = manifest.files.map(({ path }) => path).filter((path) => path.includes('uploads'));
  expect(pictures.sort()).toEqual(
    [...objects(blue), ...objects(red)].sort().map((name) => `data/public/uploads/${name}`),
  );
  const before = await served(red.url);
  await send(await picture('black'), 'black.png', `?id=${String(red.id)}`);
  const options = {
    file,
    passphrase: 'six random words',
    force: true,
    remembering: [],
    makeTables: () => Promise.resolve(),
  };
  const there = readSettings({ ...settings, ...store.settings, DATA_DIR: restored[0] ?? '' }, '/none');
  const { pictures: put } = await restoreBackup({ ...options, settings: there });
  expect(put.replaced).toBe(2);
  expect((await store.names()).filter((name) => name.startsWith(put.folder))).toHaveLength(2);
  expect(await served(red.url)).toEqual(before);
  // The same backup without a bucket: the pictures lie in DATA_DIR.
  const plain = readSettings({ ...settings, DATA_DIR: restored[1] ?? '' }, '/none');
  await restoreBackup({ ...options, settings: plain });
  expect((await readdir(join(plain.dataDir, 'public/uploads'))).sort()).toEqual(
    [...objects(blue), ...objects(red)].sort(),
  );
});

it('loses the objects of a file that is deleted', async () => {
  expect((await call(cms, 'DELETE', `/upload/files/${String(red.id)}`, owner)).status).toBe(200);
  await expect
    .poll(async () => (await store.names()).filter((name) => !name.startsWith('replaced-')))
    .toEqual(objects(blue));
  expect(await served(red.url)).toBe(404);
});

it('says that it cannot be reached, and works again by itself', async () => {
  await store.stop();
  expect(await served(blue.url)).toBe(503);
  expect(cms.output()).toContain('The bucket pictures cannot be read');
  const refused = await send(await picture('white'), 'white.png');
  expect([refused.status, JSON.stringify(refused.files)]).toEqual([
    400,
    expect.stringContaining('The store for pictures does not answer'),
  ]);
  expect(cms.output()).not.toContain('S3RVER');
  await store.start();
  expect(await served(blue.url)).toBeInstanceOf(Buffer);
});

it('stops the start when its settings are incomplete, and names what is missing', async () => {
  const { code, output } = await runCms('start', {
    ...settings,
    S3_BUCKET: 'pictures',
    S3_ENDPOINT: 'http://s3',
  });
  expect(code).toBe(1);
  expect(output).toContain('S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY are not');
});
