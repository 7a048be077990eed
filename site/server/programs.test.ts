import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { brotliDecompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { freePort } from '../../scripts/free-port.ts';
import { makeRelease } from './release/make.ts';
import { readFiles } from './release/manifest.ts';
import { goLive, liveId } from './release/store.ts';
import { ask } from './test/http.ts';
import { page, passage, smallSite, temporaryFolder, writeDist } from './test/site.ts';
import { killAfter, neededSettings, startProgram, startSite } from './test/programs.ts';

/** Every file that the live release lists is there, as long as it should be, and of the content that it should have. */
async function expectWholeRelease(releasesDir: string): Promise<string> {
  const id = (await liveId(releasesDir)) ?? '';
  const { files } = await readFiles(join(releasesDir, id));
  for (const [path, file] of Object.entries(files)) {
    const bytes = await readFile(join(releasesDir, id, 'public', path));
    expect(createHash('sha256').update(bytes).digest('base64url').slice(0, 27)).toBe(file.hash);
    if (file.br === null) continue;
    expect((await stat(join(releasesDir, id, 'public', `${path}.gz`))).size).toBe(file.gzip);
    expect(brotliDecompressSync(await readFile(join(releasesDir, id, 'public', `${path}.br`)))).toEqual(
      bytes,
    );
  }
  return id;
}

test('200 swaps under load: every answer is whole and of one release', { timeout: 300_000 }, async () => {
  const dataDir = await temporaryFolder();
  const releasesDir = join(dataDir, 'releases');
  const words = ['calm', 'clear', 'steady'];
  const dists = await Promise.all(words.map((word) => writeDist(smallSite(word))));
  await makeRelease({ dist: dists[0] ?? '', releasesDir, id: 'swap-0' });
  const { origin } = await startSite(dataDir);

  let swapping = true;
  let answers = 0;
  const seen = new Set<string>();
  async function keepReading(path: string, file: string): Promise<void> {
    while (swapping) {
      const { status, headers, body } = await ask(origin, path, { 'accept-encoding': 'br' });
      expect(status).toBe(200);
      const read = (headers['content-encoding'] === 'br' ? brotliDecompressSync(body) : body).toString();
      const word = words.find((each) => read === smallSite(each)[file]);
      expect(word).toBeDefined();
      seen.add(word ?? '');
      answers += 1;
    }
  }
  const readers = [
    keepReading('/articles/', 'articles/index.html'),
    keepReading('/articles/neck-pain/', 'articles/neck-pain/index.html'),
    keepReading('/search/', 'search/index.html'),
    keepReading('/media/dot.webp', 'media/dot.webp'),
  ];
  try {
    // Two releases stay, so that most are removed while somebody still reads them.
    for (let made = 1; made <= 40; made += 1) {
      await makeRelease({ dist: dists[made % words.length] ?? '', releasesDir, id: `swap-${made}`, keep: 2 });
      for (const swap of [made - 1, made, made - 1, made]) await goLive(releasesDir, `swap-${swap}`);
    }
  } finally {
    swapping = false;
  }
  await Promise.all(readers);
  expect(answers).toBeGreaterThan(200);
  expect([...seen].sort()).toEqual(words.toSorted());
  const health = await ask(origin, '/healthz');
  expect(JSON.parse(health.body.toString())).toEqual({ status: 'ok', release: 'swap-40' });
});

test('a maker killed at any moment leaves a whole release live', { timeout: 300_000 }, async () => {
  const dataDir = await temporaryFolder();
  const releasesDir = join(dataDir, 'releases');
  const many = (word: string) =>
    Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [
        `more/${index}/index.html`,
        page(`More ${index}`, passage(word)),
      ]),
    );
  const first = await writeDist({ ...smallSite('first'), ...many('first') });
  const second = await writeDist({ ...smallSite('second'), ...many('second') });
  const made = startProgram('release/cli.ts', [first, '--id', 'first'], {
    ...neededSettings,
    DATA_DIR: dataDir,
  });
  expect(await made.ended).toBe(0);
  expect(made.output()).toMatch(
    /^Release first is live after .* 64 pages, 68 files \(\d+ kB\), 0 of them unchanged\.\n$/,
  );

  let killed = 0;
  for (let moment = 100; moment <= 1000; moment += 60) {
    const maker = startProgram('release/cli.ts', [second, '--id', `at-${moment}`], {
      ...neededSettings,
      DATA_DIR: dataDir,
    });
    await Promise.race([wait(moment), maker.ended]);
    if (maker.child.kill('SIGKILL')) killed += 1;
    await maker.ended;
    const id = await expectWholeRelease(releasesDir);
    expect(['first', `at-${moment}`]).toContain(id.startsWith('at-') ? `at-${moment}` : id);
  }
  expect(killed).toBeGreaterThan(0);
  await makeRelease({ dist: second, releasesDir, id: 'last' });
  expect(await expectWholeRelease(releasesDir)).toBe('last');
  expect((await readdir(releasesDir)).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('a maker killed after any of its last steps leaves nothing that the next one does not sweep up', async () => {
  const dataDir = await temporaryFolder();
  const releasesDir = join(dataDir, 'releases');
  const dist = await writeDist(smallSite());
  const make = (id: string, more: Record<string, string> = {}) =>
    startProgram('release/cli.ts', [dist, '--id', id], { ...neededSettings, DATA_DIR: dataDir, ...more });
  expect(await make('first').ended).toBe(0);
  let killed = 0;
  for (;;) {
    const id = `after-${killed + 1}`;
    if ((await make(id, { NODE_OPTIONS: killAfter(killed + 1) }).ended) === 0) break;
    killed += 1;
    expect(['first', id]).toContain(await expectWholeRelease(releasesDir));
    await goLive(releasesDir, 'first');
    // As one that was just made: it must not be the oldest, which goes.
    await utimes(join(releasesDir, 'first'), new Date(), new Date());
  }
  expect(killed).toBeGreaterThanOrEqual(3);
  expect((await readdir(releasesDir)).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('the maker tells a person what is wrong and ends with 1', async () => {
  const dataDir = await temporaryFolder();
  const dist = await writeDist({ ...smallSite(), 'index.html': page('Home', '<a href="/gone/">Gone</a>') });
  const maker = startProgram('release/cli.ts', [dist], { ...neededSettings, DATA_DIR: dataDir });
  expect(await maker.ended).toBe(1);
  expect(maker.output()).toBe(
    'The built site has faults, so the live site stays as it is. Mend them and build again.\n' +
      '- On / the link "Gone" (/gone/) leads nowhere.\n',
  );
  const unused = startProgram('release/cli.ts', [], { ...neededSettings, DATA_DIR: dataDir });
  expect(await unused.ended).toBe(1);
  expect(unused.output()).toContain('Usage: ');
});

/** Asks for an address and waits for the head of the answer; the body stays where it is until somebody reads it. */
function startReading(address: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(address, { agent: false }, resolve).on('error', reject);
  });
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  'on %s the server finishes what it sends, then ends with 0',
  async (signal) => {
    const dataDir = await temporaryFolder();
    const large = 'x'.repeat(20_000_000);
    const dist = await writeDist({ ...smallSite(), 'media/large.bin': large });
    await makeRelease({ dist, releasesDir: join(dataDir, 'releases') });
    const site = await startSite(dataDir);
    const response = await startReading(`${site.origin}/media/large.bin`);
    site.child.kill(signal);
    await expect
      .poll(() =>
        ask(site.origin, '/').then(
          () => 'answers',
          () => 'refuses',
        ),
      )
      .toBe('refuses');
    expect(site.child.exitCode).toBeNull();
    expect(await text(response)).toHaveLength(large.length);
    expect(await site.ended).toBe(0);
  },
);

test('a record of releases that cannot be read is told, and the live release is served', async () => {
  const dataDir = await temporaryFolder();
  const releasesDir = join(dataDir, 'releases');
  await makeRelease({ dist: await writeDist(smallSite('calm')), releasesDir, id: 'one' });
  await writeFile(join(releasesDir, 'publishing.json'), '{ half of');
  const { origin, output } = await startSite(dataDir);
  expect((await ask(origin, '/')).status).toBe(200);
  expect(output()).toContain('publishing.json cannot be read. The live release stays');
});

test('a taken port gives one clear message and ends with 1', async () => {
  const port = await freePort();
  const taken = createServer().listen(port, '127.0.0.1');
  await once(taken, 'listening');
  const site = startProgram('main.ts', [], {
    ...neededSettings,
    DATA_DIR: await temporaryFolder(),
    SITE_PORT: String(port),
  });
  expect(await site.ended).toBe(1);
  expect(site.output()).toBe(
    `Port ${port} on 127.0.0.1 is taken by another program. Stop that program, or set SITE_PORT to a free port.\n`,
  );
  taken.close();
});

test('a setting that cannot be used is named', async () => {
  const site = startProgram('main.ts', [], {
    ...neededSettings,
    DATA_DIR: await temporaryFolder(),
    SITE_PORT: 'eighty',
  });
  expect(await site.ended).toBe(1);
  expect(site.output()).toMatch(/^The setting SITE_PORT cannot be used\. .*\n$/);
});

test('nothing about a reader reaches the log', async () => {
  const dataDir = await temporaryFolder();
  const releasesDir = join(dataDir, 'releases');
  await makeRelease({ dist: await writeDist(smallSite()), releasesDir, id: 'one' });
  const site = await startSite(dataDir);
  const canary = 'Canary-Patient';
  const headers = { 'x-forwarded-for': canary, 'user-agent': canary, cookie: canary, referer: canary };
  for (const path of ['/', '/nowhere', '/%zz', '/articles', `/${'a'.repeat(3000)}`]) {
    await ask(site.origin, `${path}?name=${canary}`, headers);
    await ask(site.origin, `${path}?name=${canary}`, headers, 'POST');
  }
  await writeFile(join(releasesDir, 'one/files.json'), '{');
  await makeRelease({ dist: await writeDist(smallSite('next')), releasesDir, id: 'two' });
  await writeFile(join(releasesDir, 'two/files.json'), '{');
  await ask(site.origin, `/?name=${canary}`, headers);
  site.child.kill('SIGTERM');
  expect(await site.ended).toBe(0);
  expect(site.output()).toContain('A release cannot be read');
  expect(site.output()).not.toMatch(/Canary|127\.0\.0\.1"|remoteAddress|"url"/);
});
