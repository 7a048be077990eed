import { mkdir, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ServerError } from '../errors.ts';
import { page, passage, smallSite, temporaryFolder, writeDist } from '../test/site.ts';
import { compress } from './compress.ts';
import { makeRelease, prepareRelease } from './make.ts';
import { readFiles } from './manifest.ts';
import { goLive, liveId, waitingFolder } from './store.ts';
import { weighPage } from './weight.ts';

async function releasesFolder(): Promise<string> {
  return join(await temporaryFolder(), 'releases');
}

/** A site with `count` more pages than the small one. */
function siteWith(count: number): Record<string, string> {
  const more = Array.from({ length: count }, (_, index): [string, string] => [
    `more/${index}/index.html`,
    page(`More ${index}`, ''),
  ]);
  return { ...smallSite(), ...Object.fromEntries(more) };
}

async function faultOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ServerError);
  return error instanceof ServerError ? error.message : '';
}

test('makes a whole release and makes it live', async () => {
  const releasesDir = await releasesFolder();
  const files = {
    ...smallSite(),
    '.env': 'SECRET=1',
    'hidden/.git/config': 'x',
    'articles/index.html.br': 'not ours',
  };
  const made = await makeRelease({
    dist: await writeDist(files),
    releasesDir,
  });
  expect(made.id).toMatch(/^r0-[0-9a-f]{8}$/);
  expect(made).toMatchObject({ pages: 4, files: 8, unchanged: 0, removed: [] });
  expect(await readlink(join(releasesDir, 'current'))).toBe(made.id);
  expect((await readdir(releasesDir)).sort()).toEqual(['current', made.id]);

  const release = join(releasesDir, made.id);
  expect((await readdir(release)).sort()).toEqual(['files.json', 'public', 'release.json']);
  const listed = (await readFiles(release)).files;
  expect(Object.keys(listed).sort()).toEqual(Object.keys(smallSite()).sort());
  expect(listed['index.html']?.slots).toEqual(['open-now']);
  for (const [path, text] of Object.entries(smallSite())) {
    const file = join(release, 'public', path);
    expect(await readFile(file, 'utf8')).toBe(text);
    expect(listed[path]?.size).toBe(Buffer.byteLength(text));
    if (typeof listed[path]?.br !== 'number') continue;
    const br = await readFile(`${file}.br`);
    expect(br.byteLength).toBe(listed[path].br);
    expect(brotliDecompressSync(br).toString()).toBe(text);
    expect(gunzipSync(await readFile(`${file}.gz`)).toString()).toBe(text);
  }
  expect(listed['media/dot.webp']).toMatchObject({ br: null, gzip: null });
  expect(listed['robots.txt']).toMatchObject({ br: null, gzip: null });
  expect(listed['articles/index.html']?.br).toBeGreaterThan(0);
});

test('shares the place of unchanged files with the release before', async () => {
  const releasesDir = await releasesFolder();
  await makeRelease({ dist: await writeDist(smallSite()), releasesDir, id: '1' });
  const changed = { ...smallSite(), 'articles/index.html': page('Articles', 'new') };
  const made = await makeRelease({ dist: await writeDist(changed), releasesDir, id: '2' });
  expect(made.unchanged).toBe(7);
  async function inode(release: string, path: string): Promise<number> {
    return (await stat(join(releasesDir, release, 'public', path))).ino;
  }
  for (const path of ['index.html', 'index.html.br', 'index.html.gz', 'media/dot.webp']) {
    expect(await inode('2', path)).toBe(await inode('1', path));
  }
  expect(await inode('2', 'articles/index.html')).not.toBe(await inode('1', 'articles/index.html'));
  expect(await readFile(join(releasesDir, '2/public/articles/index.html'), 'utf8')).toContain('new');
  expect((await readFiles(join(releasesDir, '2'))).files['index.html']).toEqual(
    (await readFiles(join(releasesDir, '1'))).files['index.html'],
  );
});

test('compresses quickly where there is very much to compress', async () => {
  const releasesDir = await releasesFolder();
  const large = Array.from({ length: 300_000 }, (_, index) => `.rule-${index} { order: ${index} }`).join(
    '\n',
  );
  await makeRelease({
    dist: await writeDist({ ...smallSite(), '_astro/large.css': large }),
    releasesDir,
    id: '1',
  });
  const twin = await readFile(join(releasesDir, '1/public/_astro/large.css.br'));
  expect(brotliDecompressSync(twin).toString()).toBe(large);
  expect(twin).toEqual(await compress(Buffer.from(large), 'br', 'quick'));
});

test('compresses quickly when much changed, and makes up for it in the releases after', async () => {
  const releasesDir = await releasesFolder();
  const siteOf = (word: string) => ({
    ...smallSite(),
    ...Object.fromEntries(
      ['a', 'b', 'c'].map((name) => [
        `${name}/index.html`,
        page(name, passage(`${word} ${name}`).repeat(100)),
      ]),
    ),
  });
  await makeRelease({ dist: await writeDist(siteOf('calm')), releasesDir, id: '1' });
  const dist = await writeDist(siteOf('slow'));
  const hasty = async (id: string) => {
    const { files } = await readFiles(join(releasesDir, id));
    return Object.keys(files).filter((path) => files[path]?.quick === true);
  };
  await makeRelease({ dist, releasesDir, id: '2' });
  expect(await hasty('2')).toEqual(['c/index.html']);
  expect(await readFile(join(releasesDir, '2/public/c/index.html.br'))).toEqual(
    await compress(Buffer.from(siteOf('slow')['c/index.html'] ?? ''), 'br', 'quick'),
  );
  await makeRelease({ dist, releasesDir, id: '3' });
  expect(await hasty('3')).toEqual([]);
  expect(await readFile(join(releasesDir, '3/public/c/index.html.br'))).toEqual(
    await compress(Buffer.from(siteOf('slow')['c/index.html'] ?? ''), 'br', 'full'),
  );
});

test('writes anew what the live release has lost', async () => {
  const releasesDir = await releasesFolder();
  const dist = await writeDist(smallSite());
  await makeRelease({ dist, releasesDir, id: '1' });
  await rm(join(releasesDir, '1/public/index.html.gz'));
  await makeRelease({ dist, releasesDir, id: '2' });
  expect(gunzipSync(await readFile(join(releasesDir, '2/public/index.html.gz'))).toString()).toBe(
    smallSite()['index.html'],
  );
});

test('keeps the newest five and never removes the live one', async () => {
  const releasesDir = await releasesFolder();
  const dist = await writeDist(smallSite());
  for (const id of ['a', 'b', 'c', 'd', 'e']) await makeRelease({ dist, releasesDir, id });
  const made = await makeRelease({ dist, releasesDir, id: 'f' });
  expect(made.removed).toEqual(['a']);
  expect((await readdir(releasesDir)).sort()).toEqual(['b', 'c', 'current', 'd', 'e', 'f']);
});

test('goes back to a kept release, and refuses one that is not whole', async () => {
  const releasesDir = await releasesFolder();
  const dist = await writeDist(smallSite());
  await makeRelease({ dist, releasesDir, id: '1' });
  await makeRelease({ dist, releasesDir, id: '2' });
  await goLive(releasesDir, '1');
  expect(await liveId(releasesDir)).toBe('1');
  await mkdir(join(releasesDir, '3'));
  await faultOf(goLive(releasesDir, '3'));
  await faultOf(goLive(releasesDir, '../outside'));
  expect(await liveId(releasesDir)).toBe('1');
});

test('refuses a build with faults, names them, and leaves everything as it was', async () => {
  const releasesDir = await releasesFolder();
  await makeRelease({ dist: await writeDist(smallSite()), releasesDir, id: '1' });
  const broken = {
    ...smallSite(),
    'articles/index.html': page('Articles', '<a href="/nowhere/">Far away</a>'),
  };
  const fault = await faultOf(makeRelease({ dist: await writeDist(broken), releasesDir, id: '2' }));
  expect(fault).toContain('On /articles/ the link "Far away" (/nowhere/) leads nowhere.');
  expect((await readdir(releasesDir)).sort()).toEqual(['1', 'current']);
  expect(await liveId(releasesDir)).toBe('1');
});

test('writes what is there while the rest is made, and holds what came last', async () => {
  const releasesDir = await releasesFolder();
  const dist = await writeDist(smallSite());
  const whole = await prepareRelease({ dist, releasesDir, about: { revision: 1 } });
  const done = mkdir(join(dist, 'pagefind')).then(() =>
    writeFile(join(dist, 'pagefind/late.js'), 'export {};'),
  );
  const late = { folder: 'pagefind', done };
  const made = await prepareRelease({ dist, releasesDir, late });
  expect(made.files).toBe(whole.files + 1);
  const { files } = await readFiles(waitingFolder(releasesDir, made.id));
  expect(Object.keys(files)).toEqual([...Object.keys(smallSite()), 'pagefind/late.js'].sort());
});

test.each([
  ['the rest cannot be made', '/', () => Promise.reject(new ServerError('The search index is broken.'))],
  ['a page has faults', '/gone/', () => Promise.resolve()],
])('leaves nothing of what was written when %s', async (_fault, href, make) => {
  const releasesDir = await releasesFolder();
  const more = page('More', `<a href="${href}">x</a>`);
  const dist = await writeDist({ ...smallSite(), 'more/index.html': more, 'pagefind/late.js': 'export {};' });
  await faultOf(prepareRelease({ dist, releasesDir, late: { folder: 'pagefind', done: make() } }));
  expect(await readdir(releasesDir)).toEqual([]);
});

test('shows the first faults of many and counts the rest', async () => {
  const links = Array.from({ length: 25 }, (_, index) => `<a href="/gone/${index}/">x</a>`).join('');
  const dist = await writeDist({ ...smallSite(), 'articles/index.html': page('Articles', links) });
  const fault = await faultOf(makeRelease({ dist, releasesDir: await releasesFolder() }));
  expect(fault).toContain('- and 5 more');
  expect(fault).not.toContain('/gone/20/');
});

test('refuses a site that has collapsed until a person approves', async () => {
  const releasesDir = await releasesFolder();
  await makeRelease({ dist: await writeDist(siteWith(20)), releasesDir, id: '1' });
  const dist = await writeDist(smallSite());
  expect(await faultOf(makeRelease({ dist, releasesDir, id: '2' }))).toContain('from 24 pages to 4');
  expect(await liveId(releasesDir)).toBe('1');
  await makeRelease({ dist, releasesDir, id: '2', approve: true });
  expect(await liveId(releasesDir)).toBe('2');
});

test.each([
  ['{', 'is not JSON'],
  ['{"clinic":{}}', 'has another shape'],
  [JSON.stringify({ pages: [] }), 'has another shape'],
])('refuses a build whose release.json is %s', async (text, fault) => {
  const dist = await writeDist(smallSite());
  await writeFile(join(dist, 'release.json'), text);
  expect(await faultOf(makeRelease({ dist, releasesDir: await releasesFolder() }))).toContain(fault);
});

test('refuses redirects that lead off the site, and time zones that are none', async () => {
  const releasesDir = await releasesFolder();
  for (const to of ['//evil.com/', '/\\evil.com', 'https://evil.com/']) {
    const dist = await writeDist(smallSite(), { redirects: [{ from: '/old/', to }] });
    expect(await faultOf(makeRelease({ dist, releasesDir }))).toContain('must be a path of this site');
  }
  const dist = await writeDist(smallSite());
  const content = await readFile(join(dist, 'release.json'), 'utf8');
  await writeFile(join(dist, 'release.json'), content.replace('America/Los_Angeles', 'Mars/Olympus'));
  expect(await faultOf(makeRelease({ dist, releasesDir }))).toContain('must be the name of a time zone');
});

test('refuses a folder that is no build', async () => {
  const fault = await faultOf(
    makeRelease({ dist: '/nonexistent/dist', releasesDir: await releasesFolder() }),
  );
  expect(fault).toContain('/nonexistent/dist/release.json: it does not exist');
});

test('refuses links in a build', async () => {
  const dist = await writeDist(smallSite());
  await symlink('/etc/hostname', join(dist, 'media/secret.txt'));
  expect(await faultOf(makeRelease({ dist, releasesDir: await releasesFolder() }))).toContain(
    'secret.txt is a link',
  );
});

test.each(['current', '../up', '.hidden', 'a/b', ''])('refuses to name a release "%s"', async (id) => {
  const work = makeRelease({ dist: await writeDist(smallSite()), releasesDir: await releasesFolder(), id });
  expect(await faultOf(work)).toContain('cannot name a release');
});

test('refuses to write over the live release', async () => {
  const releasesDir = await releasesFolder();
  const dist = await writeDist(smallSite());
  await makeRelease({ dist, releasesDir, id: '1' });
  expect(await faultOf(makeRelease({ dist, releasesDir, id: '1' }))).toContain('is live already');
  expect((await readdir(releasesDir)).sort()).toEqual(['1', 'current']);
});

test('says what to do when something else is in the place of the releases', async () => {
  const releasesDir = await releasesFolder();
  await writeFile(releasesDir, 'a file');
  const fault = await faultOf(makeRelease({ dist: await writeDist(smallSite()), releasesDir }));
  expect(fault).toContain('move it away, then build again');
});

test('cleans up when the release cannot go live', async () => {
  const releasesDir = await releasesFolder();
  await mkdir(join(releasesDir, 'current/occupied'), { recursive: true });
  await faultOf(makeRelease({ dist: await writeDist(smallSite()), releasesDir, id: '1' }));
  expect(await readdir(releasesDir)).toEqual(['current']);
});

test('replaces a live release that cannot be read', async () => {
  const releasesDir = await releasesFolder();
  const dist = await writeDist(smallSite());
  await makeRelease({ dist, releasesDir, id: '1' });
  await writeFile(join(releasesDir, '1/files.json'), '{"id":');
  const made = await makeRelease({ dist, releasesDir, id: '2' });
  expect(made.unchanged).toBe(0);
  expect(await liveId(releasesDir)).toBe('2');
});

test('sweeps up what killed makers left, but not what others are making', async () => {
  const releasesDir = await releasesFolder();
  // No process has this number: it is above what the system hands out.
  await mkdir(join(releasesDir, '.making-99999999-x/public'), { recursive: true });
  await mkdir(join(releasesDir, '.removed-99999999-x/public'), { recursive: true });
  // In a container the next server has the number of the one before.
  await mkdir(join(releasesDir, `.removed-${process.pid}-x/public`), { recursive: true });
  await mkdir(join(releasesDir, `.making-${process.ppid}-y`));
  await makeRelease({ dist: await writeDist(smallSite()), releasesDir, id: '1' });
  expect((await readdir(releasesDir)).sort()).toEqual([`.making-${process.ppid}-y`, '1', 'current'].sort());
});

test('weighs a page with its stylesheets', async () => {
  const releasesDir = await releasesFolder();
  const linked = page('Articles', '<link rel="stylesheet" href="/_astro/style.calm.css">');
  await makeRelease({
    dist: await writeDist({ ...smallSite(), 'articles/index.html': linked }),
    releasesDir,
    id: '1',
  });
  const { files } = await readFiles(join(releasesDir, '1'));
  const weight = await weighPage(join(releasesDir, '1'), '/articles/');
  expect(weight.stylesheets).toEqual([
    { path: '/_astro/style.calm.css', bytes: files['_astro/style.calm.css']?.br },
  ]);
  expect(weight.total).toBe(weight.html + (files['_astro/style.calm.css']?.br ?? 0));
  await faultOf(weighPage(join(releasesDir, '1'), '/nowhere/'));
});
