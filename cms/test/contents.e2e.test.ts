import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentTypes, describeIssues, queryString } from '@meridian/shared-types';
import { copySettings, freshSettings, removeData, runCms, startCms, type Cms, type Settings } from './cms.ts';
import { startPostgres, type Postgres } from './databases.ts';
import { call, logInOwner } from './people.ts';

const CANARY = 'canaryzebra';

interface Entry {
  documentId: string;
  title?: string;
  slug?: string;
}

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

describe.each(['SQLite', 'Postgres'])('the CMS on %s', (database) => {
  let settings: Settings;
  let cms: Cms;
  let owner: string;
  let build: string;
  let preview: string;

  const entries = async (path: string, token = build): Promise<Entry[]> => {
    const { status, body, text } = await call(cms, 'GET', `/api/${path}`, token);
    expect(status, text).toBe(200);
    const { data } = body as { data: Entry | Entry[] };
    return Array.isArray(data) ? data : [data];
  };
  const admin = (method: string, path: string, body?: unknown) =>
    call(cms, method, `/content-manager/${path}`, owner, body);
  const makeArticle = async (fields: Record<string, unknown>): Promise<string> => {
    const { status, body, text } = await admin('POST', 'collection-types/api::article.article', {
      summary: 'A summary.',
      ...fields,
    });
    expect(status, text).toBe(201);
    return (body as { data: Entry }).data.documentId;
  };
  const publish = (documentId: string) =>
    admin('POST', `collection-types/api::article.article/${documentId}/actions/publish`, {});

  beforeAll(async () => {
    const url = database === 'Postgres' ? { DATABASE_URL: await postgres.createDatabase('contents') } : {};
    settings = await freshSettings(url);
    const seeded = await runCms('seed', settings, '--fixture');
    expect(seeded.code, seeded.output).toBe(0);
    cms = await startCms(settings);
    owner = await logInOwner(cms);
    build = `Bearer ${settings['CMS_BUILD_TOKEN'] ?? ''}`;
    preview = `Bearer ${settings['CMS_PREVIEW_TOKEN'] ?? ''}`;
  });
  afterAll(async () => {
    await cms.stop();
    await removeData(settings);
  });

  it('gives entries of every type that satisfy the contract', async () => {
    await admin('POST', 'collection-types/api::redirect.redirect', { from: '/old/', to: '/consultation/' });
    for (const type of Object.values(contentTypes)) {
      const found = await entries(`${type.query.endpoint}?${queryString(type.query)}`);
      expect(found.length, type.singularName).toBeGreaterThan(0);
      for (const entry of found) {
        const parsed = type.schema.safeParse(entry);
        const faults = parsed.success ? [] : describeIssues(type.singularName, entry, parsed.error);
        expect(faults).toEqual([]);
      }
    }
  });

  it('keeps relations among entries that point at one another in circles', async () => {
    const articles = await entries(
      'articles?populate[relatedArticles][fields][0]=slug&pagination[pageSize]=100',
    );
    const related = articles.filter((article) => {
      const { relatedArticles } = article as Entry & { relatedArticles: Entry[] };
      return relatedArticles.length > 0;
    });
    expect(related.length).toBeGreaterThan(2);
  });

  it('seeds nothing over what staff edited, and brings nothing back that they deleted', async () => {
    const [first] = await entries('topics?fields[0]=slug&sort=slug');
    const path = `collection-types/api::topic.topic/${first?.documentId ?? ''}`;
    await admin('PUT', path, { name: 'Edited by staff' });
    const again = await runCms('seed', settings, '--fixture');
    expect(again.output).toContain('nothing was changed');
    const { body } = await admin('GET', path);
    expect((body as { data: { name: string } }).data.name).toBe('Edited by staff');

    const deleted = await deleteArticleThatNobodyNeeds();
    const ifEmpty = await runCms('seed', settings, '--fixture', '--if-empty');
    expect(ifEmpty.output).toContain('nothing was seeded');
    expect((await entries('articles?fields[0]=slug')).map(({ slug }) => slug)).not.toContain(deleted);
  });

  async function deleteArticleThatNobodyNeeds(): Promise<string> {
    for (const { documentId, slug } of await entries('articles?fields[0]=slug&sort=slug:desc')) {
      const { status } = await admin('DELETE', `collection-types/api::article.article/${documentId}`);
      if (status === 200) return slug;
    }
    throw new Error('Every article is needed by another entry.');
  }

  describe('with a canary word in drafts', () => {
    beforeAll(async () => {
      await makeArticle({ title: `Draft ${CANARY}`, slug: `draft-${CANARY}`, summary: CANARY });
      const [published] = await entries('articles?filters[slug][$eq]=acupuncture-for-spine-pain');
      await admin('PUT', `collection-types/api::article.article/${published?.documentId ?? ''}`, {
        title: `Changed ${CANARY}`,
      });
    });

    it('shows the preview token the drafts when it asks for them', async () => {
      const drafts = await entries(`articles?status=draft&filters[title][$contains]=${CANARY}`, preview);
      expect(drafts).toHaveLength(2);
    });

    it('shows the preview token published content when it does not ask', async () => {
      expect(await entries(`articles?filters[title][$contains]=${CANARY}`, preview)).toEqual([]);
    });

    const OPERATORS = [
      '$eq',
      '$eqi',
      '$contains',
      '$containsi',
      '$startsWith',
      '$endsWith',
      '$in',
      '$ne',
      '$notNull',
    ];
    const QUERIES = [
      'articles?status=draft&pagination[pageSize]=100',
      'articles?status[0]=draft&pagination[pageSize]=100',
      'articles?STATUS=draft',
      'articles?status=draft&status=published',
      'articles?publicationState=preview',
      'articles?status=draft&populate=*',
      'articles?status=draft&populate[relatedArticles][populate]=*',
      'articles?populate[relatedArticles][status]=draft',
      'articles?status=draft&sort=title:desc',
      `articles?status=draft&_q=${CANARY}`,
      `articles?_q=${CANARY}`,
      'home-page?status=draft&populate[featuredArticles]=true',
      ...OPERATORS.flatMap((operator) => [
        `articles?filters[title][${operator}]=${CANARY}`,
        `articles?status=draft&filters[title][${operator}]=${CANARY}`,
        `articles?filters[relatedArticles][title][${operator}]=${CANARY}`,
        `home-page?filters[featuredArticles][title][${operator}]=${CANARY}`,
      ]),
    ];

    it.each(QUERIES)('keeps it from the build token that asks for %s', async (query) => {
      const { status, text } = await call(cms, 'GET', `/api/${query}`, build);
      // An error may repeat what was asked, never what is stored.
      expect(status).toBeLessThan(500);
      if (status < 300) expect(text).not.toContain(CANARY);
    });

    it.each(['$eq', '$contains', '$startsWith'])(
      'is no oracle for drafts through the operator %s',
      async (operator) => {
        const hit = await call(cms, 'GET', `/api/articles?filters[summary][${operator}]=${CANARY}`, build);
        const miss = await call(
          cms,
          'GET',
          `/api/articles?filters[summary][${operator}]=nothinglikeit`,
          build,
        );
        expect(hit.text).toBe(miss.text);
      },
    );

    it('keeps a draft from the build token that knows its document id', async () => {
      const [draft] = await entries(`articles?status=draft&filters[slug][$eq]=draft-${CANARY}`, preview);
      const { status } = await call(
        cms,
        'GET',
        `/api/articles/${draft?.documentId ?? ''}?status=draft`,
        build,
      );
      expect(status).toBe(404);
    });
  });

  describe('bad input', () => {
    it.each([
      ['UPPER-Case', 'Use "upper-case"'],
      ['under_score', 'Use "under-score"'],
      ['page', 'an address that the site itself uses'],
      ['double--hyphen', 'Use "double-hyphen"'],
    ])('refuses to publish an article with the slug %s and says what to do', async (slug, advice) => {
      const documentId = await makeArticle({ title: `Slug ${slug}`, slug });
      const { status, text } = await publish(documentId);
      expect(status).toBe(400);
      expect(text).toContain(`Article \\"Slug ${slug}\\", field slug`);
      expect(text).toContain(advice.replaceAll('"', '\\"'));
      const kept = await admin('GET', `collection-types/api::article.article/${documentId}`);
      expect(kept.text).toContain(slug);
    });

    it('refuses to publish a slug with a letter of another script that looks like a Latin one', async () => {
      const { status, text } = await admin('POST', 'collection-types/api::article.article', {
        title: 'Twin',
        summary: 'A summary.',
        slug: 'acupunctur\u0435',
      });
      if (status === 201) {
        const refused = await publish((JSON.parse(text) as { data: Entry }).data.documentId);
        expect(refused.status).toBe(400);
        expect(refused.text).toContain('field slug');
      } else {
        expect(status).toBe(400);
      }
    });

    it('refuses to publish a slug that a published entry has, and names that entry', async () => {
      const [taken] = await entries(
        'articles?filters[slug][$eq]=acupuncture-for-spine-pain&fields[0]=slug&fields[1]=title',
      );
      const { status, text } = await admin('POST', 'collection-types/api::article.article', {
        title: 'A twin',
        summary: 'A summary.',
        slug: 'acupuncture-for-spine-pain',
      });
      if (status === 201) {
        const { data } = JSON.parse(text) as { data: Entry };
        const refused = await publish(data.documentId);
        expect(refused.status).toBe(400);
        expect(refused.text).toContain('is taken by');
      } else {
        expect(status).toBe(400);
        expect(text).toContain('unique');
      }
      expect(taken).toBeDefined();
    });

    it('refuses a relation to an entry that does not exist', async () => {
      const { status, text } = await admin('POST', 'collection-types/api::article.article', {
        title: 'Relation to nothing',
        slug: 'relation-to-nothing',
        topics: { connect: [{ documentId: 'thereisnosuchdocument00' }] },
      });
      expect(status, text).toBe(400);
      expect(text).toContain('Article \\"Relation to nothing\\", field topics: there is no topic');
    });

    it('refuses a body of 5 MB with 413 and goes on serving', async () => {
      const { status, text } = await admin('POST', 'collection-types/api::article.article', {
        title: 'x'.repeat(5 * 1024 * 1024),
      });
      expect(status).toBe(413);
      expect(text).not.toContain('node_modules');
      expect((await call(cms, 'GET', '/_health', null)).status).toBe(204);
    });

    it('refuses unknown query parameters', async () => {
      expect((await call(cms, 'GET', '/api/articles?surprise=1', build)).status).toBe(400);
    });

    it('gives 100 entries at most, however many are asked for', async () => {
      const { body } = await call(cms, 'GET', '/api/articles?pagination[pageSize]=100000', build);
      expect((body as { meta: { pagination: { pageSize: number } } }).meta.pagination.pageSize).toBe(100);
    });

    it.each([
      ['text/html', 'page.html'],
      ['image/svg+xml', 'drawing.svg'],
      ['application/pdf', 'leaflet.pdf'],
    ])('refuses an upload of %s', async (type, name) => {
      const form = new FormData();
      form.append('files', new Blob(['<svg xmlns="http://www.w3.org/2000/svg"/>'], { type }), name);
      const headers = { authorization: owner };
      const response = await fetch(`${cms.url}/upload`, { method: 'POST', headers, body: form });
      expect(response.status).toBe(400);
    });
  });

  it('shows staff plain labels and help at every field of every type', async () => {
    for (const { uid } of Object.values(contentTypes)) {
      const { body } = await admin('GET', `content-types/${uid}/configuration`);
      const { contentType, components } = (
        body as { data: { contentType: Configuration; components: Record<string, Configuration> } }
      ).data;
      for (const field of contentType.layouts.edit.flat()) {
        const { label, description } = contentType.metadatas[field.name]?.edit ?? {
          label: '',
          description: '',
        };
        expect(label, `${uid} ${field.name}`).toMatch(/^[A-Z]/);
        expect(description.length, `${uid} ${field.name}`).toBeGreaterThan(5);
      }
      for (const component of Object.values(components)) {
        for (const field of component.layouts.edit.flat()) {
          expect(component.metadatas[field.name]?.edit.label, field.name).toMatch(/^[A-Z]/);
        }
      }
    }
  });

  it('keeps a layout that staff changed through a restart', async () => {
    const path = 'content-types/api::topic.topic/configuration';
    const { body } = await admin('GET', path);
    const {
      settings: view,
      metadatas,
      layouts,
    } = (body as { data: { contentType: Configuration } }).data.contentType;
    const changed = {
      ...metadatas,
      name: { ...metadatas['name'], edit: { ...metadatas['name']?.edit, description: 'Ours' } },
    };
    const put = await admin('PUT', path, { settings: view, metadatas: omitSystem(changed), layouts });
    expect(put.status, put.text).toBe(200);
    await cms.stop();
    cms = await startCms(settings);
    owner = await logInOwner(cms);
    const after = await admin('GET', path);
    expect(after.text).toContain('"description":"Ours"');
  });

  it('writes no bound values of a failed statement to its log', async () => {
    await call(cms, 'GET', `/api/articles?filters[id][$eq]=${'9'.repeat(400)}`, build);
    await call(cms, 'GET', `/api/articles?filters[title][$eq]=%00secretvalue`, build);
    expect(cms.output()).not.toContain('secretvalue');
  });
});

describe('two replicas on one empty Postgres', () => {
  it('boot together, and make each role, token and the first admin once', async () => {
    const DATABASE_URL = await postgres.createDatabase('replicas');
    const one = await freshSettings({ DATABASE_URL });
    const two = await copySettings(one);
    const [first, second] = await Promise.all([startCms(one), startCms(two)]);
    await Promise.all([first.stop(), second.stop()]);
    const count = async (table: string): Promise<unknown> =>
      (await postgres.query('replicas', `SELECT count(*)::int AS n FROM ${table}`))[0]?.['n'];
    expect(await count('admin_users')).toBe(1);
    expect(await count('admin_roles')).toBe(4);
    expect(await count('strapi_api_tokens')).toBe(3);
    await Promise.all([removeData(one), removeData(two)]);
  });
});

describe('the data folder', () => {
  it('holds the uploads, and nothing else of it is served', async () => {
    const settings = await freshSettings();
    const dataDir = settings['DATA_DIR'] ?? '';
    expect((await runCms('seed', settings)).code).toBe(0);
    const uploads = await readdir(join(dataDir, 'public', 'uploads'));
    expect(uploads.length).toBeGreaterThan(5);
    await writeFile(join(dataDir, 'secrets.json'), '{}');

    const cms = await startCms(settings);
    const status = async (path: string): Promise<number> => (await call(cms, 'GET', path, null)).status;
    expect(await status(`/uploads/${uploads[0] ?? ''}`)).toBe(200);
    for (const path of [
      '/cms.sqlite',
      '/secrets.json',
      '/uploads/../../cms.sqlite',
      '/uploads/%2e%2e/%2e%2e/cms.sqlite',
    ]) {
      expect(await status(path), path).toBeGreaterThanOrEqual(400);
    }
    await cms.stop();
    await removeData(settings);
  });

  it('is named in the message when it cannot be written', async () => {
    const settings = await freshSettings();
    const file = join(settings['DATA_DIR'] ?? '', 'a-file');
    await writeFile(file, '');
    const { code, output } = await runCms('start', { ...settings, DATA_DIR: file });
    expect(code).toBe(1);
    expect(output).toContain(`The data folder ${file} cannot be written`);
    await removeData(settings);
  });
});

describe('a CMS that cannot start', () => {
  it.each([
    ['DATABASE_URL', 'mysql://x:y@127.0.0.1/z', 'only Postgres is supported'],
    ['DATABASE_URL', 'not a url', 'is no URL'],
    ['DATABASE_URL', 'postgres://meridian:hunter22@127.0.0.1:1/none', 'cannot be reached'],
    ['API_TOKEN_SALT', '', 'API_TOKEN_SALT is not set'],
    ['ADMIN_JWT_SECRET', 'tobemodified', 'ADMIN_JWT_SECRET is a sample'],
  ])('says what is wrong with %s=%s in one message', async (name, value, message) => {
    const settings = await freshSettings({ [name]: value });
    const { code, output } = await runCms('start', settings);
    expect(code).toBe(1);
    expect(output).toContain(message);
    expect(output).not.toContain('    at ');
    expect(output).not.toContain('hunter22');
    await removeData(settings);
  });
});

interface Configuration {
  settings: unknown;
  metadatas: Record<string, { edit: { label: string; description: string }; list: unknown }>;
  layouts: { edit: { name: string; size: number }[][]; list: string[] };
}

/** Strapi refuses to take back what it gives for its own columns. */
function omitSystem(metadatas: Record<string, unknown>): Record<string, unknown> {
  const system = ['id', 'documentId', 'createdBy', 'updatedBy'];
  return Object.fromEntries(Object.entries(metadatas).filter(([name]) => !system.includes(name)));
}
