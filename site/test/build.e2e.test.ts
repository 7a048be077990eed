import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Builder, makeBuilder } from '../server/publishing/builder.ts';
import { distFolder } from '../server/publishing/printer.ts';
import { makeRelease } from '../server/release/make.ts';
import { admit, goLive, liveId } from '../server/release/store.ts';
import { filePaths } from '../src/paths.ts';
import { type FakeCms, type FakeEntry, startFakeCms, timeZoneAtNoon } from './fake-cms.ts';
import { buildSite, filesIn } from './site-build.ts';

const content = path.join(import.meta.dirname, 'content');

let cms: FakeCms;
let folder: string;

beforeAll(async () => {
  cms = await startFakeCms(content);
  // No new day begins meanwhile.
  change(cms.entries.clinic[0], { timeZone: timeZoneAtNoon() });
  folder = await mkdtemp(path.join(tmpdir(), 'site-build-'));
});

afterAll(async () => {
  await cms.close();
  await rm(folder, { recursive: true });
});

function at(name: string): string {
  return path.join(folder, name);
}

function change(entry: FakeEntry | undefined, values: FakeEntry): void {
  if (entry === undefined) throw new Error('There is no such entry.');
  Object.assign(entry, values, { updatedAt: new Date().toISOString() });
}

describe('an incremental build', () => {
  let builder: Builder;

  beforeAll(async () => {
    change(cms.entries.article[1], { documentId: 'sciatica1' });
    change(cms.entries.page[0], {
      sections: [
        { __component: 'section.rich-text', heading: null, body: 'A [leg](entry:article/sciatica1#signs).' },
      ],
    });
    const { code, output } = await buildSite(cms, at('data'), at('kept'));
    expect(output).toContain('Complete!');
    expect(code).toBe(0);
    vi.stubEnv('CMS_URL', cms.url);
    vi.stubEnv('CMS_BUILD_TOKEN', cms.token);
    vi.stubEnv('SITE_URL', 'https://clinic.example');
    vi.stubEnv('DATA_DIR', at('warm-data'));
    builder = makeBuilder({ deadline: 300, memory: 2048, interval: 30 });
    await publishWarm();
  });

  afterAll(() => builder.stop());

  /** Publishes as the site server does, in the process that stays warm. Gives the folder of the release. */
  async function publishWarm(): Promise<string> {
    const { outcome } = await builder.build({ builtFrom: 'these tests', live: null });
    if (outcome.kind !== 'prepared') throw new Error(JSON.stringify(outcome));
    const releases = at('warm-data/releases');
    await admit(releases, outcome.id);
    await goLive(releases, outcome.id);
    return path.join(releases, outcome.id);
  }

  test('makes no file at the root that redirects do not know of', async () => {
    const releases = at('warm-data/releases');
    const live = path.join(releases, (await liveId(releases)) ?? '', 'public');
    const root = await readdir(live, { withFileTypes: true });
    const files = root.filter((entry) => entry.isFile() && !/^index\.html|\.(?:br|gz)$/.test(entry.name));
    expect(files.map(({ name }) => `/${name}`).toSorted()).toEqual(filePaths.toSorted());
  });

  test('keeps the pages that did not change, and makes all anew when the clinic did', async () => {
    const kept = '/articles/needles/index.html (restored)';
    expect((await buildSite(cms, at('data'), at('kept'))).output).toContain(kept);
    change(cms.entries.clinic[0], { tagline: 'Made for other tests' });
    expect((await buildSite(cms, at('data'), at('kept'))).output).not.toContain('(restored)');
  });

  test('in the process that stays warm prints only the pages that changed', async () => {
    await publishWarm();
    const page = (slug: string) =>
      stat(path.join(distFolder(at('warm-data')), 'articles', slug, 'index.html'));
    const before = [await page('needles'), await page('sciatica')];
    change(cms.entries.article[1], { references: [] });
    await publishWarm();
    const after = [await page('needles'), await page('sciatica')];
    expect(after.map(({ mtimeMs }, index) => mtimeMs !== before[index]?.mtimeMs)).toEqual([false, true]);
  });

  const ofEveryPage: [string, () => void][] = [
    ['the clinic', () => change(cms.entries.clinic[0], { telephone: '(555) 010-0199' })],
    [
      'the navigation',
      () => change(cms.entries.navigation[0], { header: [{ label: 'All topics', url: '/topics/' }] }),
    ],
    [
      'the hours and the days without',
      () =>
        change(cms.entries.clinic[0], {
          openingHours: [{ dayOfWeek: 'Tuesday', opens: '10:00:00.000', closes: '14:00:00.000' }],
          closures: [{ validFrom: '2099-12-24', validThrough: '2099-12-26', reason: 'Holidays' }],
        }),
    ],
  ];
  const ofSomePages: [string, () => void][] = [
    [
      'an article',
      () => change(cms.entries.article[1], { title: 'Sciatica, explained', summary: 'Another summary.' }),
    ],
    ['a provider', () => change(cms.entries.provider[0], { credentials: 'MD', jobTitle: 'Surgeon' })],
    ['a topic', () => change(cms.entries.topic[0], { name: 'Needling' })],
    ['a page', () => change(cms.entries.page[0], { title: 'Your privacy' })],
    ['the home page', () => change(cms.entries['home-page'][0], { title: 'Another title' })],
    [
      'the consultation page',
      () => change(cms.entries['consultation-page'][0], { title: 'Come and see us' }),
    ],
    [
      'a picture',
      () =>
        changePicture(cms.entries.provider[0], {
          alternativeText: 'Another portrait',
          focalPoint: { x: 90, y: 10 },
        }),
    ],
    [
      'the bytes of a picture and the words for another',
      () => {
        const { size } = replacePicture('portrait.jpg', 'dot.png');
        changePicture(cms.entries.provider[0], { size, mime: 'image/png' });
        changePicture(cms.entries.article[0], { alternativeText: 'Another dot' }, 'heroImage');
      },
    ],
    [
      'the slug of an article that a page names in its text, with a redirect from the old one',
      () => {
        change(cms.entries.article[1], { slug: 'leg-pain' });
        cms.entries.redirect.push({
          documentId: 'r1',
          createdAt: '2026-11-01T00:00:00.000Z',
          updatedAt: '2026-11-01T00:00:00.000Z',
          publishedAt: '2026-11-01T00:00:00.000Z',
          from: '/articles/sciatica/',
          to: 'entry:article/sciatica1',
          automatic: true,
          why: null,
        });
      },
    ],
    [
      'slugs that other pages link to',
      () => {
        change(cms.entries.provider[0], { slug: 'ada-short', name: 'Ada Short' });
        change(cms.entries.topic[0], { slug: 'needling' });
      },
    ],
    [
      'the order of things, by an article that comes first',
      () => {
        const [model] = cms.entries.article;
        cms.entries.article.splice(1, 0, {
          ...structuredClone(model),
          documentId: 'article-newest',
          slug: 'newest',
          title: 'The newest',
          sections: [],
          references: [],
          createdAt: '2026-11-01T00:00:00.000Z',
        });
      },
    ],
  ];
  describe.each([
    ['every page', ofEveryPage],
    ['some pages', ofSomePages],
  ])('of what is on %s', (_, changes) => {
    // What the first of the changes is compared with.
    beforeAll(buildClean);

    test.each(changes)(
      'after a change of %s is the same as a clean one, byte for byte',
      async (__, makeChange) => {
        const before = await filesIn(at('clean'));
        makeChange();
        await buildClean();
        expect(await filesIn(at('clean'))).not.toEqual(before);
        await expectWarmLikeClean();
      },
    );

    test('after all of them at once, by a process that starts anew, is the same too', async () => {
      const { code, output } = await buildSite(cms, at('data'), at('kept'));
      expect(code, output).toBe(0);
      expect(await filesIn(at('kept'))).toEqual(await filesIn(at('clean')));
    });
  });

  test('leads links that name an entry to its new address, and keeps the old one as a redirect', async () => {
    const page = await readFile(at('kept/privacy/index.html'), 'utf8');
    expect(page).toContain('href="/articles/leg-pain/#signs"');
    const { redirects } = JSON.parse(await readFile(at('kept/release.json'), 'utf8')) as {
      redirects: unknown;
    };
    expect(redirects).toEqual([{ from: '/articles/sciatica/', to: '/articles/leg-pain/' }]);
  });

  /** Builds as if nothing had been built before. */
  async function buildClean(): Promise<void> {
    await rm(at('clean-data'), { recursive: true, force: true });
    const { code, output } = await buildSite(cms, at('clean-data'), at('clean'));
    expect(code, output).toBe(0);
  }

  /** The next release of the warm process holds what one made of the clean build does, compressed twins and all. */
  async function expectWarmLikeClean(): Promise<void> {
    const { pid } = builder;
    const release = await publishWarm();
    expect(builder.pid).toBe(pid);
    await rm(at('clean-releases'), { recursive: true, force: true });
    const clean = await makeRelease({ dist: at('clean'), releasesDir: at('clean-releases') });
    expect(await filesIn(path.join(release, 'public'))).toEqual(
      await filesIn(at(`clean-releases/${clean.id}/public`)),
    );
    expect(await filesIn(distFolder(at('warm-data')))).toEqual(await filesIn(at('clean')));
  }

  test('after a deletion is the same as a clean one, byte for byte', async () => {
    cms.entries.article.pop();
    change(cms.entries.article[0], { sections: [] });
    change(cms.entries.page[0], { sections: [] });
    expect((await buildSite(cms, at('data'), at('kept'))).code).toBe(0);
    await buildClean();
    expect(await filesIn(at('kept'))).toEqual(await filesIn(at('clean')));
    expect(Object.keys(await filesIn(at('kept')))).not.toContain('articles/leg-pain/index.html');
    await expectWarmLikeClean();
  });
});

describe('a build that fails', () => {
  test('because an entry does not fit says why and leaves the last built site as it was', async () => {
    const before = await filesIn(at('kept'));
    change(cms.entries.clinic[0], { telephone: '' });
    const { code, output } = await buildSite(cms, at('data'), at('kept'));
    change(cms.entries.clinic[0], { telephone: '(555) 010-0100' });
    expect(output).toContain('field telephone: is empty. Fill it in in the CMS and publish again.');
    expect(code).not.toBe(0);
    expect(await filesIn(at('kept'))).toEqual(before);
  });

  test('because the CMS is down says why and leaves the last built site as it was', async () => {
    const before = await filesIn(at('kept'));
    const { code, output } = await buildSite(
      { url: 'http://127.0.0.1:9', token: cms.token },
      at('data'),
      at('kept'),
    );
    expect(output).toContain('The CMS at http://127.0.0.1:9 cannot be reached');
    expect(code).not.toBe(0);
    expect(await filesIn(at('kept'))).toEqual(before);
  });

  test('because links lead nowhere names them all', async () => {
    change(cms.entries.navigation[0], {
      header: [
        { label: 'Shop', url: '/shop/' },
        { label: 'Blog', url: '/blog/' },
      ],
    });
    const { code, output } = await buildSite(cms, at('data'), at('broken'));
    change(cms.entries.navigation[0], { header: [] });
    expect(output).toContain(
      'navigation field header.0.url: the link "Shop" leads to /shop/, but there is no such page',
    );
    expect(output).toContain(
      'navigation field header.1.url: the link "Blog" leads to /blog/, but there is no such page',
    );
    expect(code).not.toBe(0);
  });
});

test('two builds at once wait for each other and are both whole', async () => {
  const builds = await Promise.all([
    buildSite(cms, at('left-data'), at('left')),
    buildSite(cms, at('right-data'), at('right')),
  ]);
  expect(builds.map(({ code }) => code)).toEqual([0, 0]);
  const left = await filesIn(at('left'));
  expect(left).toEqual(await filesIn(at('right')));
  expect(Object.keys(left).filter((file) => file.endsWith('.css') && file.startsWith('_astro/'))).not.toEqual(
    [],
  );
});

test('a page carries what it needs and nothing that reveals the CMS', async () => {
  expect((await buildSite(cms, at('data'), at('whole'))).code).toBe(0);
  const html = await readFile(at('whole/articles/needles/index.html'), 'utf8');
  expect(html.match(/<h1[ >]/g)).toHaveLength(1);
  expect(html).toContain('application/ld+json');
  expect(html).not.toContain(cms.url);
  expect(html).not.toContain(cms.token);
  const pictures = [...html.matchAll(/\/media\/[\w.-]+/g)].map(([file]) => file.slice(1));
  expect(Object.keys(await filesIn(at('whole')))).toEqual(expect.arrayContaining(pictures));
});

/** Puts the bytes of one upload in the place of another's. */
function replacePicture(name: string, by: string): { size: number } {
  const bytes = cms.uploads.get(by);
  if (bytes === undefined) throw new Error('There is no such upload.');
  cms.uploads.set(name, bytes);
  return { size: bytes.length / 1000 };
}

/** The picture itself, not a copy, so that a change of it is seen. */
function changePicture(entry: FakeEntry | undefined, values: FakeEntry, field = 'photo'): void {
  const photo = entry?.[field];
  if (typeof photo !== 'object' || photo === null) throw new Error('There is no picture.');
  Object.assign(photo, values, { updatedAt: new Date().toISOString() });
}
