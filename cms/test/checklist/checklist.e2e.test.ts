import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, STAFF_SCREEN } from '../../../e2e/browser.ts';
import type { ChecklistAnswer } from '../../src/checklist/route-answers.ts';
import { freshSettings, removeData, runCms, startCms, type Cms } from '../cms.ts';
import { call, principals, type Principals } from '../people.ts';

// Its pictures are those of docs/staff.md: CHECKLIST_PICTURES=.tmp/pictures npm test -- cms/test/checklist/checklist.e2e

const ARTICLE = 'api::article.article';
const PICTURES = process.env['CHECKLIST_PICTURES'];
const PICTURE = join(import.meta.dirname, '../../content/media/coast-path.webp');
const MARKETING = 'meridian-marketing';

let cms: Cms;
let people: Principals;

beforeAll(async () => {
  const settings = await freshSettings();
  const seeded = await runCms('seed', settings);
  expect(seeded.code, seeded.output).toBe(0);
  cms = await startCms(settings);
  people = await principals(cms);
});
afterAll(async () => {
  await cms.stop();
  await removeData(cms.settings);
});

const as = (who: string, method: string, path: string, body?: unknown) =>
  call(cms, method, path, people[who] ?? null, body);

const whole = {
  summary: 'What a stiff neck is, what helps, and when to see a doctor.',
  sections: [{ __component: 'section.rich-text', heading: 'What helps', body: 'Move gently.' }],
};
let count = 0;
/** As the owner, for Marketing may not write reviews. */
async function draft(fields: object, type = 'article'): Promise<string> {
  count += 1;
  const slug = `checked-${String(count)}`;
  const { status, body, text } = await as(
    'Super Admin',
    'POST',
    `/content-manager/collection-types/api::${type}.${type}`,
    { title: `Checked ${String(count)}`, slug, ...whole, ...fields },
  );
  expect(status, text).toBe(201);
  return (body as { data: { documentId: string } }).data.documentId;
}
const publish = (documentId: string, fields: object = {}, type = 'article') =>
  as(
    'Marketing',
    'POST',
    `/content-manager/collection-types/api::${type}.${type}/${documentId}/actions/publish`,
    fields,
  );
const bulkPublish = (documentIds: string[]) =>
  as('Marketing', 'POST', `/content-manager/collection-types/${ARTICLE}/actions/bulkPublish`, {
    documentIds,
  });
async function isPublic(documentId: string): Promise<boolean> {
  const { text } = await as('build token', 'GET', `/api/articles?filters[documentId]=${documentId}`);
  return text.includes(documentId);
}
const body = (text: string): object => ({ sections: [{ __component: 'section.rich-text', body: text }] });

describe('what may not be published', () => {
  it.each([
    ['a slug of the site', { slug: 'page' }, 'is an address that the site itself uses'],
    ['a slug that is taken', { slug: 'sciatica' }, '\\"sciatica\\" is taken by'],
    ['no summary', { summary: '' }, 'Summary: is empty. Fill it in.'],
    ['an empty section', body(' '), 'Section 1: the section is empty.'],
    ['a script', body('<script>alert(1)</script>'), 'Section 1, text: HTML (<script>) is not carried out'],
    ['a first heading', body('# Title'), 'is a heading of the first level'],
    ['an unsafe link', body('[x](javascript:alert)'), 'to which the site does not link'],
    [
      'a broken link',
      body('[x](/articles/nowhere/)'),
      'leads to /articles/nowhere/, but there is no such page',
    ],
    ['a broken place', body('[x](/articles/sciatica/#nowhere)'), 'but that page has no part \\"nowhere\\"'],
    ['a review of tomorrow', { reviewedOn: '2100-01-01' }, 'this day has not come yet'],
    ['a review by nobody', { reviewedOn: '2026-01-01' }, 'nobody who reviewed'],
  ])('is an article with %s', async (_name, fields, words) => {
    const documentId = await draft(fields);
    const { status, text } = await publish(documentId);
    expect(status).toBe(400);
    expect(text).toContain(words);
    expect(await isPublic(documentId)).toBe(false);
  });

  it('is an article with a broken link among more links than a query takes alternatives', async () => {
    const links = Array.from({ length: 1500 }, (_none, index) => `[x](/articles/sciatica-${String(index)}/)`);
    const fields = body(['[y](/articles/sciatica/#references)', ...links].join(' '));
    const { status, text } = await publish(await draft(fields));
    expect(status, text.slice(0, 1000)).toBe(400);
    expect(text).toContain('leads to /articles/sciatica-1499/, but there is no such page');
    expect(text).not.toContain('leads to /articles/sciatica/');
  });

  it('is told in the words and with the fields that the rules give', async () => {
    const documentId = await draft(body('[the guide](/articles/nowhere/)'));
    const { body: answer } = await publish(documentId);
    expect(answer).toMatchObject({
      error: {
        name: 'ValidationError',
        details: {
          errors: [
            {
              path: ['sections', '0', 'body'],
              message:
                'The link "the guide" leads to /articles/nowhere/, but there is no such page. Correct the link, or take it out.',
            },
          ],
        },
      },
    });
  });

  it('is a picture that nobody described, until somebody has', async () => {
    const form = new FormData();
    form.append('files', new Blob([await readFile(PICTURE)], { type: 'image/webp' }), 'bare.webp');
    const headers = { authorization: people['Marketing'] ?? '' };
    const sent = await fetch(`${cms.url}/upload`, { method: 'POST', headers, body: form });
    const [file] = (await sent.json()) as { id: number }[];
    const documentId = await draft({ heroImage: file?.id });
    expect((await publish(documentId)).text).toContain('Hero image: the picture has no alternative text');
    const described = new FormData();
    described.append('fileInfo', JSON.stringify({ alternativeText: 'decorative' }));
    await fetch(`${cms.url}/upload?id=${String(file?.id)}`, { method: 'POST', headers, body: described });
    expect((await publish(documentId)).status).toBe(200);
  });

  it('is an entry that shows or links to a draft, until that one is published', async () => {
    const page = await draft({ summary: undefined }, 'page');
    const documentId = await draft(body(`[the other page](entry:page/${page})`));
    const refused = await publish(documentId);
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('is not published. Publish it first');
    expect((await publish(page, {}, 'page')).status).toBe(200);
    const allowed = await publish(documentId);
    expect(allowed.status, allowed.text).toBe(200);
  });

  it('is an article without a review where the clinic wants one', async () => {
    const path = '/content-manager/single-types/api::clinic.clinic/actions/publish';
    const current = (await as('Marketing', 'GET', '/content-manager/single-types/api::clinic.clinic')).body;
    const { documentId: clinic } = (current as { data: { documentId: string } }).data;
    const set = async (allowsUnreviewed: boolean): Promise<void> => {
      const saved = await as('Marketing', 'PUT', '/content-manager/single-types/api::clinic.clinic', {
        allowsUnreviewed,
      });
      expect(saved.status, saved.text).toBe(200);
      const { status, text } = await as('Marketing', 'POST', path, { documentId: clinic });
      expect(status, text).toBe(200);
    };
    const documentId = await draft({});
    await set(false);
    expect((await publish(documentId)).text).toContain('the clinic publishes reviewed articles only');
    await set(true);
    expect((await publish(documentId)).status).toBe(200);
  });
});

describe('a write that publishes at once', () => {
  let token: string;
  beforeAll(async () => {
    const made = await as('Super Admin', 'POST', '/admin/api-tokens', {
      name: 'Full access',
      description: '',
      type: 'full-access',
      lifespan: null,
    });
    token = `Bearer ${(made.body as { data: { accessKey: string } }).data.accessKey}`;
  });

  it('is refused as well, and leaves nothing behind', async () => {
    const data = { title: 'By the API', slug: 'by-the-api', ...whole, ...body('<iframe></iframe>') };
    const refused = await call(cms, 'POST', '/api/articles?status=published', token, { data });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('HTML (<iframe>) is not carried out');
    const { body: list } = await as(
      'Marketing',
      'GET',
      `/content-manager/collection-types/${ARTICLE}?filters[slug][$eq]=by-the-api`,
    );
    expect((list as { results: unknown[] }).results).toEqual([]);
  });

  it('leaves a published entry as it was', async () => {
    const documentId = await draft({});
    expect((await publish(documentId)).status).toBe(200);
    const path = `/api/articles/${documentId}?status=published`;
    const refused = await call(cms, 'PUT', path, token, { data: { title: 'Changed', summary: '' } });
    expect(refused.status).toBe(400);
    const { text } = await as('build token', 'GET', `/api/articles/${documentId}`);
    expect(text).not.toContain('Changed');
  });
});

describe('a selection that is published at once', () => {
  it('names every entry that is blocked, and publishes none', async () => {
    const [good, bad, worse] = [
      await draft({ title: 'Good one' }),
      await draft({ title: 'Bad one', ...body('# No') }),
      await draft({ title: 'Worse one', summary: '' }),
    ];
    const { status, text } = await bulkPublish([good, bad, worse]);
    expect(status).toBe(400);
    expect(text).toContain('Nothing was published: 2 of 3 entries cannot be.');
    expect(text).toContain('Article \\"Bad one\\": Section 1, text:');
    expect(text).toContain('Article \\"Worse one\\": Summary: is empty.');
    expect(text).not.toContain('Good one');
    expect(await Promise.all([good, bad, worse].map(isPublic))).toEqual([false, false, false]);
    expect((await bulkPublish([good])).status).toBe(200);
  });

  it('may hold entries that need one another', async () => {
    const first = await draft({});
    const second = await draft(body(`See [the first part](entry:article/${first}#what-helps).`));
    await as('Marketing', 'PUT', `/content-manager/collection-types/${ARTICLE}/${first}`, {
      sections: [
        {
          __component: 'section.rich-text',
          heading: 'What helps',
          body: `See [part two](entry:article/${second}).`,
        },
      ],
    });
    expect((await publish(first)).status).toBe(400);
    expect((await publish(second)).status).toBe(400);
    const both = await bulkPublish([first, second]);
    expect(both.status, both.text).toBe(200);
    expect(await isPublic(first)).toBe(true);
  });
});

describe('what the panel asks', () => {
  const questions = {
    documentId: '',
    slug: 'sciatica',
    addresses: ['/articles/sciatica/', '/articles/nowhere/', '/topics/sciatica/', '/consultation/'],
    anchorsOf: ['/articles/sciatica/'],
    urls: ['https://example.org/'],
    files: ['/uploads/nothing.webp'],
  };

  it('is answered from what is published', async () => {
    const { status, body: answer } = await as(
      'Marketing',
      'POST',
      `/meridian/checklist/${ARTICLE}`,
      questions,
    );
    expect(status).toBe(200);
    const { around, relations } = answer as ChecklistAnswer;
    expect(around).toMatchObject({
      allowsUnreviewed: true,
      slugTakenBy: expect.any(String) as string,
      files: [],
    });
    expect(around.today).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(around.entries.map(({ address, isPublished }) => [address, isPublished])).toEqual(
      expect.arrayContaining([
        ['/articles/sciatica/', true],
        ['/topics/sciatica/', true],
      ]),
    );
    const article = around.entries.find(({ address }) => address === '/articles/sciatica/');
    expect(article?.anchors).toContain('references');
    expect(relations).toEqual({ topics: [], author: null, reviewer: null, relatedArticles: [] });
  });

  it('is answered however much is asked at once', async () => {
    const many = (name: string) => Array.from({ length: 1000 }, (_none, index) => `${name}${String(index)}/`);
    const { status, text } = await as('Marketing', 'POST', `/meridian/checklist/${ARTICLE}`, {
      ...questions,
      addresses: many('/articles/a'),
      anchorsOf: many('/articles/a'),
      urls: many('https://example.org/'),
      files: many('/uploads/'),
    });
    expect(status, text.slice(0, 1000)).toBe(200);
  });

  it('is answered to those who may read the type, and to nobody else', async () => {
    const ask = async (who: string, type = ARTICLE) =>
      (await as(who, 'POST', `/meridian/checklist/${type}`, questions)).status;
    expect(await ask('Clinical reviewer')).toBe(200);
    expect(await ask('Front desk')).toBe(403);
    expect(await ask('build token')).toBe(401);
    expect(await ask('nobody')).toBe(401);
    expect(await ask('Super Admin', 'admin::user')).toBe(403);
    expect(await ask('Super Admin', 'api::consultation-request.consultation-request')).toBe(403);
  });

  it.each([
    [{}],
    [[]],
    [{ ...questions, addresses: 'x' }],
    [{ ...questions, addresses: [{ $ne: '' }] }],
    [{ ...questions, slug: { $ne: '' } }],
    [{ ...questions, urls: Array.from({ length: 1001 }, () => 'x') }],
    [{ ...questions, documentId: 'x'.repeat(101) }],
  ])('is refused when it is none: %#', async (wrong) => {
    const { status, text } = await as('Marketing', 'POST', `/meridian/checklist/${ARTICLE}`, wrong);
    expect(status).toBe(400);
    expect(text).toContain('Reload the page');
  });
});

describe('the check of links to other sites', () => {
  const heard: string[] = [];
  const answers = new Map<string, number>();
  let outside: Server;
  let inside: Server;

  beforeAll(async () => {
    const serve = async (host: string, name: string): Promise<Server> => {
      const server = createServer((request, response) => {
        heard.push(`${name}${request.url ?? ''}`);
        response.writeHead(answers.get(request.url ?? '') ?? 200).end();
      }).listen(0, host);
      await once(server, 'listening');
      return server;
    };
    outside = await serve('127.0.0.2', 'outside');
    inside = await serve('127.0.0.1', 'inside');
  });
  afterAll(() => {
    outside.close();
    inside.close();
  });

  const at = (server: Server, path: string): string => {
    const { address, port } = server.address() as AddressInfo;
    return `http://${address}:${String(port)}${path}`;
  };
  const dead = async (urls: string[]): Promise<{ url: string; reason: string }[]> => {
    const questions = { documentId: '', slug: '', addresses: [], anchorsOf: [], files: [], urls };
    const { body: answer } = await as('Marketing', 'POST', `/meridian/checklist/${ARTICLE}`, questions);
    return (answer as ChecklistAnswer).around.deadLinks;
  };

  it('tries those of published entries, never within the own network, and remembers those that are dead', async () => {
    const [works, gone, unsaid, mine] = [
      at(outside, '/works'),
      at(outside, '/gone'),
      at(outside, '/draft'),
      at(inside, '/secret'),
    ];
    answers.set('/gone', 404);
    const linking = await draft(body(`[one](${works}) [two](${gone}) [three](${mine})`));
    await draft(body(`[four](${unsaid})`));
    const published = await publish(linking);
    expect(published.status, published.text).toBe(200);
    expect(heard).toEqual([]);

    const run = (now: string) =>
      runCms('links', cms.settings, '--only', 'http://127.', '--allow', '127.0.0.2', '--now', now);
    const first = await run('2026-12-01T00:00:00Z');
    expect(first.code, first.output).toBe(0);
    expect(heard.sort()).toEqual(['outside/gone', 'outside/gone', 'outside/works']);
    expect((await dead([works, gone, mine, unsaid])).sort((a, b) => (a.url < b.url ? 1 : -1))).toEqual([
      { url: gone, reason: 'it answered 404' },
      { url: mine, reason: 'it is not on the public internet, so it was not tried' },
    ]);

    await run('2026-12-02T00:00:00Z');
    expect(heard).toHaveLength(3);
    answers.clear();
    await run('2026-12-09T00:00:00Z');
    expect(heard).toHaveLength(5);
    expect(await dead([gone])).toEqual([]);
  });
});

describe('in the admin, as Marketing', () => {
  let browser: Browser;
  let page: Page;
  const faults: string[] = [];

  beforeAll(async () => {
    browser = await openBrowser();
    page = await browser.newPage(STAFF_SCREEN);
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(`${cms.url}/admin`);
    await page.locator('input[name="email"]').fill(`${MARKETING}@clinic.example`);
    await page.locator('input[name="password"]').fill(`Aa1-${MARKETING}`);
    await page.getByRole('button', { name: 'Login' }).click();
    await page.waitForURL((url) => !url.pathname.includes('/auth/'));
  });
  afterAll(async () => {
    await browser.close();
  });

  const open = async (documentId: string): Promise<void> => {
    await page.goto(`${cms.url}/admin/content-manager/collection-types/${ARTICLE}/${documentId}`);
    await page.locator('input[name="title"]').waitFor();
  };
  const picture = async (name: string): Promise<void> => {
    if (PICTURES === undefined) return;
    mkdirSync(PICTURES, { recursive: true });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const width of [1280, 768, 360]) {
        await page.setViewportSize({ width, height: 900 });
        await page.screenshot({ path: `${PICTURES}/${name}-${String(width)}-${colorScheme}.png` });
      }
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1280, height: 900 });
  };

  it('the list follows what is typed, leads to the field, and a refused publish keeps what was typed', async () => {
    const documentId = await draft({
      title: 'A stiff neck',
      sections: [
        { __component: 'section.rich-text', heading: 'What helps', body: 'Move gently.' },
        {
          __component: 'section.rich-text',
          heading: 'Read on',
          body: 'See [the guide](/articles/nowhere/).',
        },
      ],
    });
    await open(documentId);
    await page.getByText('Blocks publishing (1)').waitFor();
    await page.getByText('The link "the guide" leads to /articles/nowhere/').waitFor();
    await page.getByText('The article names no source.').waitFor();

    await page.locator('input[name="slug"]').fill('page');
    await page.getByText('Blocks publishing (2)').waitFor();
    await page.getByText('"page" is an address that the site itself uses.').first().waitFor();
    await picture('checklist');

    await page.locator('textarea[name="summary"]').fill('Typed with care, and long enough to say something.');
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page
      .getByText(/cannot be published/)
      .first()
      .waitFor();
    expect(await page.locator('input[name="slug"]').inputValue()).toBe('page');
    expect(await page.locator('textarea[name="summary"]').inputValue()).toContain('Typed with care');
    expect(await isPublic(documentId)).toBe(false);

    await page.reload();
    await page.getByText('Blocks publishing (1)').waitFor();
    const jump = page.getByRole('button', { name: 'Go to Section 2, text' });
    await jump.focus();
    await page.keyboard.press('Enter');
    await page.locator('.CodeMirror-focused').waitFor();
    await picture('checklist-jump');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('See [the guide](/articles/sciatica/).');
    await page.getByText(/^Blocks publishing/).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page
      .getByText(/^Published/)
      .first()
      .waitFor();
    await expect.poll(() => isPublic(documentId)).toBe(true);
    expect(faults).toEqual([]);
  });

  it('the list tells of a pasted picture, and is there for very long and very many addresses', async () => {
    const picture = `![A path](data:image/png;base64,${'iVBORw0KGgo'.repeat(300)})`;
    const tracked = `[the study](https://example.org/?id=${'x'.repeat(3000)})`;
    await open(await draft(body(`${picture} ${tracked} [the guide](/articles/nowhere/)`)));
    await page.getByText('Blocks publishing (2)').waitFor();
    await page.getByText(/The picture data:image.* is not in the Media Library/).waitFor();
    await page.getByText('The link "the guide" leads to /articles/nowhere/').waitFor();
    expect(await page.getByText('can be looked up while you write').count()).toBe(0);

    const urls = Array.from({ length: 1100 }, (_none, index) => `https://a${String(index)}.example/`);
    await open(await draft(body(['[the guide](/articles/nowhere/)', ...urls].join('\n'))));
    await page.getByText('Blocks publishing (1)').waitFor();
    await page.getByText('more links and pictures than can be looked up while you write').waitFor();
    expect(await page.getByText('The CMS does not answer').count()).toBe(0);
    expect(faults).toEqual([]);
  });

  it('says to screen readers, once typing stops, how many things there are', async () => {
    await open(
      await draft({
        title: 'Nothing wrong',
        references: [{ title: 'A', publisher: 'B', url: 'https://example.org/' }],
      }),
    );
    await page.getByText('Nothing stands in the way.').first().waitFor();
    await picture('checklist-empty');
    await page.locator('input[name="title"]').fill('');
    await page.getByRole('status').filter({ hasText: 'Checklist: 1 thing blocks publishing' }).waitFor();
  });

  it.each(['references.0.url', 'heroImage', 'author', 'seo.title'])('leads to %s', async (path) => {
    const provider = await as(
      'Marketing',
      'POST',
      '/content-manager/collection-types/api::provider.provider',
      {
        name: 'Draft Person',
        slug: `draft-person-${String(count)}`,
      },
    );
    const { documentId: person } = (provider.body as { data: { documentId: string } }).data;
    const files = await as('Marketing', 'GET', '/upload/files?filters[name]=coast-path.webp');
    const [file] = (files.body as { results: { id: number }[] }).results;
    const form = new FormData();
    form.append('fileInfo', JSON.stringify({ alternativeText: path === 'heroImage' ? '' : 'A path' }));
    const headers = { authorization: people['Marketing'] ?? '' };
    await fetch(`${cms.url}/upload?id=${String(file?.id)}`, { method: 'POST', headers, body: form });
    const fields = {
      'references.0.url': { references: [{ title: 'A', publisher: 'B', url: 'https://user@evil.example/' }] },
      heroImage: { heroImage: file?.id },
      author: { author: { connect: [{ documentId: person }] } },
      'seo.title': { seo: { title: 'x'.repeat(65) } },
    }[path];
    await open(await draft(fields ?? {}));
    const names = {
      'references.0.url': 'Reference 1, address',
      heroImage: 'Hero image',
      author: 'Author',
      'seo.title': 'Search and sharing, title',
    };
    await page.getByRole('button', { name: `Go to ${names[path as keyof typeof names]}` }).click();
    await expect
      .poll(() =>
        page.evaluate<boolean>(
          `document.activeElement !== document.body && document.activeElement.closest('aside') === null`,
        ),
      )
      .toBe(true);
    await picture(`jump-${path}`);
  });
});
