import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { documentId, type FakeCms, logChange, startFakeCms } from '../../../test/fake-cms.ts';
import type { BuildSettings } from '../../../settings.ts';
import type { Patience } from './client.ts';
import type { PulledEntries } from './entries.ts';
import { pull } from './pull.ts';

const fixture = path.resolve(import.meta.dirname, '../../../test/content');
const quick: Patience = { attempts: 3, firstDelay: 5, requestTimeout: 10_000, deadline: 60_000 };

let cms: FakeCms;
let settings: BuildSettings;

beforeEach(async () => {
  cms = await startFakeCms(fixture);
  settings = {
    cmsUrl: cms.url,
    buildToken: cms.token,
    siteUrl: 'https://clinic.example',
    dataDir: await mkdtemp(path.join(tmpdir(), 'pull-')),
    acceptEmptyContent: false,
  };
});

afterEach(async () => {
  await cms.close();
  await rm(settings.dataDir, { recursive: true });
});

/** The message of a pull that fails. */
async function refusal(limits: Patience = quick): Promise<string> {
  try {
    await pull(settings, limits);
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  throw new Error('The pull went through.');
}

function stateFile(): string {
  return path.join(settings.dataDir, 'cache', 'pull.json');
}

async function changeState(values: Record<string, unknown>): Promise<void> {
  const state: unknown = JSON.parse(await readFile(stateFile(), 'utf8'));
  await writeFile(stateFile(), JSON.stringify({ ...(typeof state === 'object' ? state : {}), ...values }));
}

function idsOf(entries: PulledEntries): string[] {
  return Object.values(entries).flatMap((ofType) => ofType.map(({ id }) => id));
}

const randomChange = fc.record({
  kind: fc.constantFrom('edit', 'add', 'remove', 'clinic', 'picture', 'empty', 'forget'),
  at: fc.nat(20),
  text: fc.string({ minLength: 1, maxLength: 20 }),
  pulls: fc.constantFrom('now', 'restarted', 'not yet'),
});

/** A change of the fake CMS after which its content still fits together. */
function applyChange({ kind, at, text }: { kind: string; at: number; text: string }): void {
  const { article, clinic, topic, provider } = cms.entries;
  const some = article[at % Math.max(article.length, 1)];
  if (kind === 'edit' && some !== undefined) article[article.indexOf(some)] = { ...some, title: `T ${text}` };
  if (kind === 'add')
    article.push({
      ...(article[0] ?? {}),
      title: `New ${text}`,
      slug: `new-${cms.log.length}-${article.length}-${at}`,
      documentId: `new-${cms.log.length}-${article.length}-${at}`,
    });
  if (kind === 'remove' && some !== undefined && article.length > 2) article.splice(article.indexOf(some), 1);
  if (kind === 'clinic') clinic[0] = { ...clinic[0], tagline: `Tag ${text}` };
  if (kind === 'picture') Object.assign(provider[0]?.['photo'] ?? {}, { alternativeText: `Alt ${text}` });
  if (kind === 'empty' && topic[0] !== undefined) topic[0] = { ...topic[0], summary: `Sum ${text}` };
  if (kind === 'forget') cms.forgotten = cms.log.at(-1)?.revision ?? 0;
}

function copies(count: number) {
  const [article] = cms.entries.article;
  return Array.from({ length: count }, (_, index) => ({
    ...article,
    slug: `copy-${index}`,
    documentId: `copy-${index}`,
  }));
}

describe('a pull', () => {
  test('brings every published entry and its pictures', async () => {
    const { entries, pictures, warnings } = await pull(settings, quick);
    expect(entries.article.map(({ id }) => id)).toEqual(['article-needles', 'article-sciatica']);
    expect(pictures.map(({ address }) => address)).toEqual([
      '/uploads/dot.png',
      '/uploads/portrait.jpg',
      'brand',
    ]);
    expect(warnings).toEqual([]);
  });

  test('pages through everything', async () => {
    cms.entries.article.push(...copies(230));
    const { entries } = await pull(settings, quick);
    expect(entries.article).toHaveLength(232);
    expect(cms.requests.filter((url) => url.startsWith('/api/articles'))).toHaveLength(3);
  });

  test('asks for exactly what the contract names, in a fixed order', async () => {
    await pull(settings, quick);
    const articles = cms.requests.find((url) => url.startsWith('/api/articles'));
    expect(articles).toContain('populate[sections][on][section.rich-text]');
    expect(articles).toContain('sort[0]=documentId%3Aasc');
    expect(articles).not.toContain('populate=*');
  });

  test('fetches only what changed since the pull before', async () => {
    await pull(settings, quick);
    cms.requests.length = 0;
    Object.assign(cms.entries.article[1] ?? {}, { title: 'Another title' });
    const { entries } = await pull(settings, quick);
    expect(entries.article[1]?.raw['title']).toBe('Another title');
    expect(cms.requests.filter((url) => !url.startsWith('/api/changes'))).toEqual([
      expect.stringContaining('filters[documentId][%24in][0]=article-sciatica'),
    ]);
  });

  test('takes out what was unpublished, and nothing else', async () => {
    await pull(settings, quick);
    cms.entries.article.pop();
    Object.assign(cms.entries.article[0] ?? {}, { sections: [], relatedArticles: [] });
    Object.assign(cms.entries['home-page'][0] ?? {}, { featuredArticles: [] });
    const { entries } = await pull(settings, quick);
    expect(entries.article.map(({ id }) => id)).toEqual(['article-needles']);
    expect(entries.topic).toHaveLength(cms.entries.topic.length);
  });

  test('fetches again the entries that show a picture which was described anew', async () => {
    await pull(settings, quick);
    Object.assign(cms.entries.provider[0]?.['photo'] ?? {}, { alternativeText: 'Another portrait' });
    const { entries } = await pull(settings, quick);
    expect(entries.provider[0]?.raw).toMatchObject({ photo: { alternativeText: 'Another portrait' } });
    expect(cms.log).toEqual([
      { revision: 1, type: 'media', documentId: 'media-portrait.jpg', action: 'update' },
    ]);
  });

  test('fetches a picture of Markdown again when the media library changed', async () => {
    const count = () => cms.requests.filter((url) => url === '/uploads/dot.png').length;
    const markdown = { __component: 'section.rich-text', heading: null, body: '![A dot](/uploads/dot.png)' };
    Object.assign(cms.entries.article[0] ?? {}, { heroImage: null, sections: [markdown] });
    await pull(settings, quick);
    await pull(settings, quick);
    expect(count()).toBe(1);
    logChange(cms, 'media', 'media-dot.png', 'update');
    await pull(settings, quick);
    expect(count()).toBe(2);
  });

  test('brings what is published in the middle of it', async () => {
    let late = true;
    cms.fault = (request) => {
      if (late && request.url?.startsWith('/api/articles') === true) {
        late = false;
        Object.assign(cms.entries.clinic[0] ?? {}, { tagline: 'Said a moment later' });
      }
      return false;
    };
    const { entries, revision } = await pull(settings, quick);
    expect(entries.clinic[0]?.raw['tagline']).toBe('Said a moment later');
    expect(revision).toBe(1);
  });

  test.each<[string, () => Promise<void> | void]>([
    ['the state is broken', () => writeFile(stateFile(), '{"entries":')],
    ['the state is of another shape', () => writeFile(stateFile(), '{"revision":-1}')],
    ['the state is of another contract', () => changeState({ source: 'another' })],
    [
      'the state holds an entry that does not fit',
      () => changeState({ entries: { article: [{ slug: 1 }] } }),
    ],
    ['the state is ahead of the CMS', () => changeState({ revision: 1_000 })],
    [
      'the log does not reach back',
      () => {
        cms.forgotten = 5;
      },
    ],
    [
      'the log names an entry that is not there',
      () => void logChange(cms, 'article', 'article-never-there', 'publish'),
    ],
  ])('brings everything when %s', async (_, spoil) => {
    const { entries } = await pull(settings, quick);
    await spoil();
    cms.requests.length = 0;
    expect(idsOf((await pull(settings, quick)).entries)).toEqual(idsOf(entries));
    expect(
      cms.requests.filter((url) => url.startsWith('/api/articles') && !url.includes('filters')),
    ).toHaveLength(1);
    cms.requests.length = 0;
    await pull(settings, quick);
    expect(cms.requests.every((url) => url.startsWith('/api/changes'))).toBe(true);
  });

  test('of random changes is the same as one that brings everything', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(randomChange, { minLength: 1, maxLength: 12 }), async (changes) => {
        await cms.close();
        cms = await startFakeCms(fixture);
        for (const page of [...cms.entries.article, ...cms.entries['home-page']])
          Object.assign(page, { relatedArticles: [], featuredArticles: [], sections: [] });
        const fresh = { ...settings, cmsUrl: cms.url, acceptEmptyContent: true };
        let kept = await pull(fresh, quick);
        for (const change of changes) {
          applyChange(change);
          // Sometimes several changes come together, sometimes the process is another one.
          if (change.pulls !== 'not yet')
            kept = await pull(fresh, quick, change.pulls === 'restarted' ? null : kept.contents);
        }
        kept = await pull(fresh, quick, kept.contents);
        await rm(stateFile());
        const whole = await pull(fresh, quick);
        expect(kept.digest).toBe(whole.digest);
        expect(kept.entries).toEqual(whole.entries);
        expect(kept.revision).toBe(whole.revision);
      }),
      { numRuns: 15 },
    );
  });

  test('fetches and processes a picture again only when it changed', async () => {
    const count = () => cms.requests.filter((url) => url === '/uploads/portrait.jpg').length;
    await pull(settings, quick);
    await pull(settings, quick);
    expect(count()).toBe(1);
    Object.assign(cms.entries.provider[0]?.['photo'] ?? {}, { updatedAt: '2026-02-02T00:00:00.000Z' });
    await pull(settings, quick);
    expect(count()).toBe(2);
  });
});

describe('a CMS that fails', () => {
  test('and is down is named with its address and how to start it', async () => {
    const url = cms.url;
    await cms.close();
    const message = await refusal();
    expect(message).toContain(`The CMS at ${url} cannot be reached (`);
    expect(message).toContain('Start it with "npm start", or set CMS_URL');
    expect(message).toContain(
      'It was asked 3 times. Nothing was built; the site that is live stays as it is.',
    );
    expect(await refusal({ ...quick, attempts: 1 })).toContain('It was asked once. Nothing was built');
    cms = await startFakeCms(fixture);
  });

  test('and does not answer in time is named with the time', async () => {
    cms.fault = () => true;
    expect(await refusal({ ...quick, requestTimeout: 50 })).toContain('did not answer within 0.1 s');
  });

  test('and is slow throughout is given up after the deadline of the whole pull', async () => {
    cms.fault = (_, response) => {
      response.writeHead(500).end();
      return true;
    };
    expect(await refusal({ attempts: 1_000, firstDelay: 20, requestTimeout: 50, deadline: 200 })).toContain(
      'did not deliver all content within 0.2 s. Last: The CMS at',
    );
  });

  test('and answers 500 is named with the place and the status', async () => {
    cms.fault = (request, response) => {
      if (request.url?.startsWith('/api/topics') !== true) return false;
      response.writeHead(500).end('{"error":{}}');
      return true;
    };
    expect(await refusal()).toContain(
      'answers /api/topics with status 500. Look at its log. It was asked 3 times.',
    );
  });

  test('and sends half of an answer is named with the place', async () => {
    cms.fault = (request, response) => {
      if (request.url?.startsWith('/api/articles') !== true) return false;
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":[{"documentId":"a');
      return true;
    };
    expect(await refusal()).toContain('sent an answer for /api/articles that is cut off or no JSON.');
  });

  test('and breaks the connection off is named with the place', async () => {
    cms.fault = (request, response) => {
      if (request.url?.startsWith('/api/articles') !== true) return false;
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"data":', () => response.destroy());
      return true;
    };
    expect(await refusal()).toContain('broke off its answer for /api/articles.');
  });

  test('and recovers is waited for', async () => {
    let failures = 2;
    cms.fault = (_, response) => {
      failures -= 1;
      if (failures < 0) return false;
      response.writeHead(503).end();
      return true;
    };
    expect((await pull(settings, quick)).entries.article).toHaveLength(2);
  });

  test('and refuses the token is asked once, and the token is not repeated', async () => {
    settings = { ...settings, buildToken: 'a-wrong-token' };
    const message = await refusal();
    expect(message).toContain('refuses /api/changes with status 401. Set CMS_BUILD_TOKEN');
    expect(message).not.toContain('a-wrong-token');
    expect(cms.requests).toHaveLength(1);
  });

  test('and is something else altogether is not believed', async () => {
    cms.fault = (_, response) => {
      response.writeHead(200).end('{"hello":"world"}');
      return true;
    };
    expect(await refusal()).toContain('answers /api/changes in a form that is not that of a revision log');
  });

  test('and sends fewer entries than it counts is asked again, then refused', async () => {
    cms.fault = (request, response) => {
      if (request.url?.startsWith('/api/articles') !== true) return false;
      const body = { data: cms.entries.article.slice(0, 1), meta: { pagination: { total: 2 } } };
      response.writeHead(200).end(JSON.stringify(body));
      return true;
    };
    expect(await refusal()).toContain(
      'it has 2 published entries of type article, but sent 1 different ones. It was asked 3 times.',
    );
  });
});

describe('content that is suddenly gone', () => {
  test('is refused when there were articles before, unless a person says so', async () => {
    await pull(settings, quick);
    cms.entries.article = [];
    expect(await refusal()).toContain('has no published article, and the build before had 2.');
    for (const page of [...cms.entries['home-page'], ...cms.entries.article]) page['featuredArticles'] = [];
    expect((await pull({ ...settings, acceptEmptyContent: true }, quick)).entries.article).toEqual([]);
  });

  test('is refused when there is nothing at all', async () => {
    for (const entries of Object.values(cms.entries)) entries.length = 0;
    expect(await refusal()).toContain('has no published content at all. Run "npm run seed" on a new system');
  });

  test('is refused when the clinic is not published', async () => {
    cms.entries.clinic = [];
    expect(await refusal()).toContain(
      '- clinic: is not published. Open it in the CMS, fill it in and publish it.',
    );
  });
});

describe('content that does not fit', () => {
  test('is named with every fault at once: type, entry, field and fix', async () => {
    const [needles, sciatica] = cms.entries.article;
    Object.assign(needles ?? {}, { title: '', sections: [{ __component: 'section.video', url: 'x' }] });
    Object.assign(sciatica ?? {}, { reviewedOn: '2026-02-30' });
    Object.assign(cms.entries.topic[0] ?? {}, { kind: 'miracle' });
    cms.entries.navigation = [];
    const message = await refusal();
    expect(message).toContain('The published content has 5 problems, so nothing was built:');
    expect(message).toContain(
      'article "needles" field title: is empty. Fill it in in the CMS and publish again.',
    );
    expect(message).toContain('article "needles" field sections.0');
    expect(message).toContain('has the unknown component "section.video"');
    expect(message).toContain('article "sciatica" field reviewedOn');
    expect(message).toContain('topic "acupuncture" field kind');
    expect(message).toContain('navigation: is not published');
  });

  test('such as a relation to an unpublished entry is named with its target', async () => {
    Object.assign(cms.entries.article[0] ?? {}, { reviewer: { documentId: 'provider-gone' } });
    expect(await refusal()).toContain(
      'article "needles" field reviewer: leads to the provider with document id "provider-gone", which is not published. Publish it, or take it out of the field.',
    );
  });

  test('such as slugs that differ in case alone is named with both entries', async () => {
    const [first] = cms.entries.article;
    cms.entries.article.push({ ...first, slug: 'NEEDLES', documentId: 'twin' });
    const message = await refusal();
    expect(message).toContain(
      `article "needles" (document id "${documentId('article', 'needles')}") and "NEEDLES" (document id "twin") field slug: the same address twice.`,
    );
    expect(message).toContain('Change the slug of one of them');
  });

  test('such as a time zone that is none is named, for no day could be told', async () => {
    Object.assign(cms.entries.clinic[0] ?? {}, { timeZone: 'Mars/Olympus' });
    const message = await refusal();
    expect(message).toContain('field timeZone: is no time zone. Write one such as America/Los_Angeles.');
  });

  test('such as a slug that the site keeps for itself is named with the fix', async () => {
    Object.assign(cms.entries.page[0] ?? {}, { slug: 'Articles' });
    expect(await refusal()).toContain(
      'page "Articles" field slug: the site keeps this address for itself. Choose another slug and publish it again.',
    );
  });
});

describe('a picture that cannot be shown', () => {
  async function warningsWith(bytes: Uint8Array): Promise<readonly string[]> {
    cms.uploads.set('portrait.jpg', bytes);
    const { pictures, warnings } = await pull(settings, quick);
    expect(pictures.map(({ address }) => address)).toEqual(['/uploads/dot.png', 'brand']);
    return warnings;
  }

  test('is left out with a warning when it is HTML, a drawing with script, empty or cut off', async () => {
    const whole = cms.uploads.get('portrait.jpg') ?? new Uint8Array();
    for (const bytes of [
      Buffer.from('<html><script>alert(1)</script>'),
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>1</script></svg>'),
      new Uint8Array(),
      whole.slice(0, whole.length / 2),
    ]) {
      expect(await warningsWith(bytes)).toEqual([
        expect.stringMatching(
          /^The picture \/uploads\/portrait\.jpg is not shown: .+ Replace it in the media library\.$/s,
        ),
      ]);
    }
  });

  test('is left out with a warning when it has too many pixels', async () => {
    const bomb = await sharp({ create: { width: 9_000, height: 9_000, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    expect(await warningsWith(bomb)).toHaveLength(1);
  });

  test('is left out with a warning when the CMS does not have it', async () => {
    cms.uploads.delete('portrait.jpg');
    const { warnings } = await pull(settings, quick);
    expect(warnings[0]).toContain('is not shown: the CMS answers with status 404');
  });

  test('stops the build while the CMS cannot give it, for it is not gone', async () => {
    cms.picturesAway = 1_000;
    const message = await refusal();
    expect(message).toMatch(/The CMS does not give the picture .*status 503.* Nothing was built/);
    cms.picturesAway = 2;
    const { pictures, warnings } = await pull(settings, quick);
    expect([pictures.length, warnings]).toEqual([3, []]);
  });

  test('is never fetched from another server', async () => {
    const other = await startFakeCms(fixture);
    Object.assign(cms.entries.provider[0]?.['photo'] ?? {}, { url: `${other.url}/uploads/portrait.jpg` });
    const { warnings } = await pull(settings, quick);
    expect(other.requests).toEqual([]);
    expect(warnings).toEqual([
      expect.stringContaining('it does not lie on the CMS. Upload it to the media library.'),
    ]);
    await other.close();
  });
});
