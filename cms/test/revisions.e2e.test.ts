import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshSettings, removeData, startCms, type Cms } from './cms.ts';
import { startPostgres, type Postgres } from './databases.ts';
import { call, logInOwner } from './people.ts';
import { startSiteServer, type SiteServer } from './site-server.ts';

interface Changes {
  data: { revision: number; type: string; documentId: string; action: string }[];
  meta: { revision: number; complete: boolean };
}

type Type = 'article' | 'page' | 'provider' | 'topic';

const ARTICLE = 'collection-types/api::article.article';
const PICTURE = join(import.meta.dirname, '../content/media/coast-path.webp');

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres.stop();
});

describe.each(['SQLite', 'Postgres'])('the revision log on %s', (database) => {
  let cms: Cms;
  let owner: string;
  let site: SiteServer;

  beforeAll(async () => {
    site = await startSiteServer();
    const settings = await freshSettings({
      SITE_SERVERS: site.url,
      ...(database === 'Postgres' ? { DATABASE_URL: await postgres.createDatabase('revisions') } : {}),
    });
    cms = await startCms(settings);
    owner = await logInOwner(cms);
  });
  afterAll(async () => {
    await cms.stop();
    await site.stop();
    await removeData(cms.settings);
  });

  const admin = (method: string, path: string, body?: unknown) =>
    call(cms, method, `/content-manager/${path}`, owner, body);
  const changes = async (since: string | number = 0): Promise<Changes> => {
    const build = `Bearer ${cms.settings['CMS_BUILD_TOKEN'] ?? ''}`;
    return (await call(cms, 'GET', `/api/changes?since=${String(since)}`, build)).body as Changes;
  };
  const latest = async (): Promise<number> => (await changes()).meta.revision;
  /** What the log gained, as `action type documentId`. */
  const gained = async (work: () => Promise<unknown>): Promise<string[]> => {
    const before = await latest();
    await work();
    return (await changes(before)).data.map((each) => `${each.action} ${each.type} ${each.documentId}`);
  };
  let count = 0;
  const makeDraft = async (type: Type = 'article', more: object = {}): Promise<string> => {
    count += 1;
    const slug = `entry-${String(count)}`;
    const name = `Entry ${String(count)}`;
    const own = {
      article: { title: name, summary: 'A summary.' },
      page: { title: name },
      provider: { name },
      topic: { name, kind: 'treatment', summary: 'A summary.' },
    }[type];
    const { status, text } = await admin('POST', `collection-types/api::${type}.${type}`, {
      slug,
      ...own,
      ...more,
    });
    expect(status, text).toBe(201);
    return (JSON.parse(text) as { data: { documentId: string } }).data.documentId;
  };
  const publish = async (id: string, type: Type = 'article'): Promise<void> => {
    const { status, text } = await admin(
      'POST',
      `collection-types/api::${type}.${type}/${id}/actions/publish`,
      {},
    );
    expect(status, text).toBe(200);
  };
  const makePublished = async (type: Type = 'article', more: object = {}): Promise<string> => {
    const id = await makeDraft(type, more);
    await publish(id, type);
    return id;
  };
  const upload = async (
    path = '/upload',
    name = 'a.webp',
  ): Promise<{ id: number; documentId: string; url: string }> => {
    const form = new FormData();
    form.append('files', new Blob([await readFile(PICTURE)], { type: 'image/webp' }), name);
    form.append('fileInfo', JSON.stringify({ name, alternativeText: 'A path' }));
    const response = await fetch(`${cms.url}${path}`, {
      method: 'POST',
      headers: { authorization: owner },
      body: form,
    });
    expect(response.status).toBeLessThan(300);
    const body = (await response.json()) as { id: number; documentId: string; url: string }[];
    return [body].flat()[0] as { id: number; documentId: string; url: string };
  };

  it.each(['article', 'provider', 'topic', 'page'] as const)(
    'notes publish, unpublish and delete of a %s',
    async (type) => {
      let id = '';
      expect(
        await gained(async () => {
          id = await makeDraft(type);
        }),
      ).toEqual([]);
      const path = `collection-types/api::${type}.${type}/${id}`;
      expect(await gained(() => publish(id, type))).toEqual([`publish ${type} ${id}`]);
      expect(await gained(() => admin('POST', `${path}/actions/unpublish`, {}))).toEqual([
        `unpublish ${type} ${id}`,
      ]);
      await publish(id, type);
      expect(await gained(() => admin('DELETE', path))).toEqual([`delete ${type} ${id}`]);
    },
  );

  it.each(['clinic', 'home-page', 'navigation', 'consultation-page'])(
    'notes the publish of %s',
    async (type) => {
      const data =
        type === 'clinic'
          ? { name: 'A clinic', telephone: '(310) 555-0123', timeZone: 'America/Los_Angeles' }
          : type === 'navigation'
            ? {}
            : { title: 'A title', summary: 'A summary.' };
      const rows = await gained(async () => {
        const { status, text } = await admin(
          'POST',
          `single-types/api::${type}.${type}/actions/publish`,
          data,
        );
        expect(status, text).toBeLessThan(300);
      });
      expect(rows).toEqual([expect.stringMatching(new RegExp(`^publish ${type} [a-z0-9]{24}$`))]);
    },
  );

  it('notes nothing that touches drafts alone', async () => {
    const id = await makePublished();
    expect(
      await gained(async () => {
        await admin('PUT', `${ARTICLE}/${id}`, { title: 'Another title' });
        await admin('POST', `${ARTICLE}/${id}/actions/discard`, {});
        const clone = await admin('POST', `${ARTICLE}/clone/${id}`, { slug: 'a-clone', title: 'A clone' });
        expect(clone.status, clone.text).toBe(200);
        await admin(
          'DELETE',
          `${ARTICLE}/${(clone.body as { data: { documentId: string } }).data.documentId}`,
        );
        await admin('DELETE', `${ARTICLE}/${await makeDraft()}`);
      }),
    ).toEqual([]);
  });

  it('notes the published entries that a publish relates to its own, and those alone', async () => {
    const target = await makeDraft();
    const needing = await makePublished('article', { relatedArticles: [target] });
    const related = async (): Promise<string> => {
      const build = `Bearer ${cms.settings['CMS_BUILD_TOKEN'] ?? ''}`;
      const query = `filters[documentId]=${needing}&populate[relatedArticles][fields][0]=slug`;
      return (await call(cms, 'GET', `/api/articles?${query}`, build)).text;
    };
    expect(await related()).not.toContain(target);
    expect(await gained(() => publish(target))).toEqual([
      `publish article ${target}`,
      `update article ${needing}`,
    ]);
    expect(await related()).toContain(target);
    expect(await gained(() => publish(target))).toEqual([`publish article ${target}`]);
  });

  it('keeps the order in which published entries relate to what is published', async () => {
    const [first, second, third] = [await makeDraft(), await makePublished(), await makePublished()];
    const needing = await makePublished('article', { relatedArticles: [second, third] });
    const order = async (): Promise<string[]> => {
      const build = `Bearer ${cms.settings['CMS_BUILD_TOKEN'] ?? ''}`;
      const query = `filters[documentId]=${needing}&populate[relatedArticles][fields][0]=slug`;
      const { body } = await call(cms, 'GET', `/api/articles?${query}`, build);
      const [entry] = (body as { data: { relatedArticles: { documentId: string }[] }[] }).data;
      return (entry?.relatedArticles ?? []).map(({ documentId }) => documentId);
    };
    // The draft puts another article first; that one's publish brings it into the published entry.
    const wanted = { relatedArticles: [first, second, third] };
    expect((await admin('PUT', `${ARTICLE}/${needing}`, wanted)).status).toBe(200);
    expect(await order()).toEqual([second, third]);
    await publish(first);
    const now = await order();
    expect(now.filter((each) => each !== first)).toEqual([second, third]);
    expect(now).toHaveLength(3);
    for (const each of [first, third, second, first, second, third]) {
      expect(await gained(() => publish(each))).toEqual([`publish article ${each}`]);
      expect(await order()).toEqual(now);
    }
  });

  it('notes each entry of a bulk publish, unpublish and delete', async () => {
    const ids = [await makeDraft(), await makeDraft(), await makeDraft()];
    for (const [bulk, action] of [
      ['bulkPublish', 'publish'],
      ['bulkUnpublish', 'unpublish'],
      ['bulkPublish', 'publish'],
      ['bulkDelete', 'delete'],
    ] as const) {
      const rows = await gained(async () => {
        const { status, text } = await admin('POST', `${ARTICLE}/actions/${bulk}`, { documentIds: ids });
        expect(status, text).toBe(200);
      });
      expect(rows.sort(), bulk).toEqual(ids.map((id) => `${action} article ${id}`).sort());
    }
  });

  it('publishes entries in bulk that all relate to each other, again and again', async () => {
    const ids = await Promise.all([makeDraft(), makeDraft(), makeDraft()]);
    for (const id of ids) {
      const relatedArticles = ids.filter((other) => other !== id);
      expect((await admin('PUT', `${ARTICLE}/${id}`, { relatedArticles })).status).toBe(200);
    }
    for (let round = 0; round < 4; round += 1) {
      const { status, text } = await admin('POST', `${ARTICLE}/actions/bulkPublish`, { documentIds: ids });
      expect(status, text).toBe(200);
    }
    const build = `Bearer ${cms.settings['CMS_BUILD_TOKEN'] ?? ''}`;
    const query = `filters[documentId][$in][0]=${ids[0]}&populate[relatedArticles][fields][0]=slug`;
    const { body } = await call(cms, 'GET', `/api/articles?${query}`, build);
    const [first] = (body as { data: { relatedArticles: { documentId: string }[] }[] }).data;
    expect(first?.relatedArticles.map(({ documentId }) => documentId)).toEqual(ids.slice(1));
  });

  it('notes a picture that is described anew, replaced and deleted, and no upload', async () => {
    const picture = { id: 0, documentId: '' };
    expect(
      await gained(async () => {
        Object.assign(picture, await upload());
      }),
    ).toEqual([]);
    const { id, documentId } = picture;
    const described = await gained(async () => {
      const form = new FormData();
      form.append('fileInfo', JSON.stringify({ alternativeText: 'A path' }));
      const headers = { authorization: owner };
      const response = await fetch(`${cms.url}/upload?id=${String(id)}`, {
        method: 'POST',
        headers,
        body: form,
      });
      expect(response.status).toBe(200);
    });
    expect(described).toEqual([`update media ${documentId}`]);
    expect(await gained(() => upload(`/upload?id=${String(id)}`))).toEqual([`update media ${documentId}`]);
    expect(await gained(() => call(cms, 'DELETE', `/upload/files/${String(id)}`, owner))).toEqual([
      `delete media ${documentId}`,
    ]);
  });

  it('notes nothing of a publish that is refused, and keeps the draft as it was', async () => {
    const id = await makeDraft();
    expect(
      await gained(async () => {
        const { status } = await admin('POST', `${ARTICLE}/${id}/actions/publish`, { slug: 'page' });
        expect(status).toBe(400);
      }),
    ).toEqual([]);
    expect((await admin('GET', `${ARTICLE}/${id}`)).text).not.toContain('"slug":"page"');
  });

  describe('what published entries need', () => {
    it('is not unpublished or deleted, and the message names them', async () => {
      const provider = await makePublished('provider');
      const article = await makePublished('article', { title: 'By somebody', author: provider });
      for (const [method, path] of [
        ['POST', `collection-types/api::provider.provider/${provider}/actions/unpublish`],
        ['DELETE', `collection-types/api::provider.provider/${provider}`],
      ] as const) {
        const rows = await gained(async () => {
          const { status, text } = await admin(method, path, method === 'POST' ? {} : undefined);
          expect(status).toBe(400);
          expect(text).toMatch(
            /Provider \\"Entry \d+\\" cannot be (unpublished|deleted): it is shown or linked to by Article \\"By somebody\\"/,
          );
        });
        expect(rows).toEqual([]);
      }
      await admin('POST', `${ARTICLE}/${article}/actions/unpublish`, {});
      expect((await admin('DELETE', `collection-types/api::provider.provider/${provider}`)).status).toBe(200);
    });

    it('counts links in text, at any depth of components', async () => {
      const slug = `linked-${String(count)}`;
      const target = await makePublished('article', { slug });
      const question = { question: 'Where?', answer: `See [there](/articles/${slug}/#top).` };
      const linker = await makePublished('article', {
        title: 'A linker',
        sections: [{ __component: 'section.faq', heading: 'Questions', questions: [question] }],
      });
      const refused = await admin('POST', `${ARTICLE}/${target}/actions/unpublish`, {});
      expect(refused.status).toBe(400);
      expect(refused.text).toContain('Article \\"A linker\\"');
      await admin('DELETE', `${ARTICLE}/${linker}`);
      expect((await admin('POST', `${ARTICLE}/${target}/actions/unpublish`, {})).status).toBe(200);
    });

    it('refuses a whole bulk action, unless the needing ones go with it', async () => {
      const target = await makePublished();
      const free = await makePublished();
      const needing = await makePublished('article', { title: 'A needing one', relatedArticles: [target] });
      const rows = await gained(async () => {
        const { status, text } = await admin('POST', `${ARTICLE}/actions/bulkUnpublish`, {
          documentIds: [free, target],
        });
        expect(status).toBe(400);
        expect(text).toContain('A needing one');
      });
      expect(rows).toEqual([]);
      const both = await admin('POST', `${ARTICLE}/actions/bulkDelete`, { documentIds: [target, needing] });
      expect(both.status, both.text).toBe(200);
      expect((await admin('DELETE', `${ARTICLE}/${free}`)).status).toBe(200);
    });

    it('keeps pictures that published entries show', async () => {
      const picture = await upload('/upload', 'needed.webp');
      const free = await upload('/upload', 'free.webp');
      const text = `![A path](${picture.url})`;
      const shown = await makePublished('article', { title: 'With a picture', heroImage: picture.id });
      const written = await makePublished('article', {
        title: 'With a picture in its text',
        sections: [{ __component: 'section.rich-text', body: text }],
      });
      const one = await call(cms, 'DELETE', `/upload/files/${String(picture.id)}`, owner);
      expect(one.status).toBe(400);
      expect(one.text).toContain('The file \\"needed.webp\\" cannot be deleted');
      expect(one.text).toContain('Article \\"With a picture\\"');
      expect(one.text).toContain('Article \\"With a picture in its text\\"');
      const bulk = await call(cms, 'POST', '/upload/actions/bulk-delete', owner, {
        fileIds: [free.id, picture.id],
        folderIds: [],
      });
      expect(bulk.status).toBe(400);
      for (const { url } of [picture, free]) expect((await fetch(`${cms.url}${url}`)).status).toBe(200);
      await admin('POST', `${ARTICLE}/actions/bulkDelete`, { documentIds: [shown, written] });
      expect((await call(cms, 'DELETE', `/upload/files/${String(picture.id)}`, owner)).status).toBe(200);
    });

    it('keeps the single types, and says why', async () => {
      const { status, text } = await admin('POST', 'single-types/api::clinic.clinic/actions/unpublish', {});
      expect(status).toBe(400);
      expect(text).toContain('Clinic cannot be unpublished: the site cannot be built without it');
    });
  });

  it('numbers concurrent publishers in the order of their commits, so that a reader misses nothing', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, () => makeDraft()));
    const begin = await latest();
    let done = false;
    let seen = begin;
    const read: string[] = [];
    const reader = async (): Promise<void> => {
      for (let last = false; !last;) {
        last = done;
        const { data } = await changes(seen);
        read.push(...data.map(({ documentId }) => documentId));
        seen = data.at(-1)?.revision ?? seen;
      }
    };
    const reading = reader();
    await Promise.all(ids.map((id) => publish(id)));
    done = true;
    await reading;
    expect(read.sort()).toEqual([...ids].sort());
  });

  it('shows everything to the build token, and lets nobody else read it', async () => {
    const status = async (authorization: string | null) =>
      (await call(cms, 'GET', '/api/changes?since=0', authorization)).status;
    expect(await status(`Bearer ${cms.settings['CMS_BUILD_TOKEN'] ?? ''}`)).toBe(200);
    expect(await status(`Bearer ${cms.settings['CMS_PREVIEW_TOKEN'] ?? ''}`)).toBe(403);
    expect(await status(`Bearer ${cms.settings['CMS_INTAKE_TOKEN'] ?? ''}`)).toBe(403);
    expect(await status(null)).toBeGreaterThanOrEqual(401);
    expect((await call(cms, 'GET', '/api/revisions', owner)).status).toBeGreaterThanOrEqual(401);
  });

  it.each(['-1', 'abc', '1e3', '1.5', '', '9'.repeat(400), '1&since=2', '0x10'])(
    'refuses since=%s',
    async (since) => {
      const build = `Bearer ${cms.settings['CMS_BUILD_TOKEN'] ?? ''}`;
      const { status, text } = await call(cms, 'GET', `/api/changes?since=${since}`, build);
      expect(status).toBe(400);
      expect(text).toContain('The parameter since must be the last revision that you have seen');
    },
  );

  it('tells a reader from the future, after a restore, to read everything', async () => {
    const revision = await latest();
    expect((await changes(revision)).meta).toEqual({ revision, complete: true });
    expect(await changes(revision + 1)).toEqual({ data: [], meta: { revision, complete: false } });
  });

  it('keeps the name of who acted, and none for nobody', async () => {
    await makePublished();
    if (database !== 'Postgres') return;
    const rows = await postgres.query(
      'revisions',
      'SELECT actor, title FROM revisions ORDER BY id DESC LIMIT 1',
    );
    expect(rows).toEqual([{ actor: 'Clinic Owner', title: `Entry ${String(count)}` }]);
  });

  describe('the message to the site server', () => {
    it('comes after a commit, signed, with the last revision', async () => {
      await makePublished();
      const revision = await latest();
      await expect.poll(() => site.told().at(-1)).toBe(revision);
      const { body, headers } = site.received.at(-1) ?? { body: '', headers: {} };
      const webhook = new Webhook(cms.settings['WEBHOOK_SECRET'] ?? '');
      expect(webhook.verify(body, headers as Record<string, string>)).toEqual({
        type: 'content.changed',
        data: { revision },
      });
      const other = new Webhook(`whsec_${Buffer.alloc(32).toString('base64')}`);
      expect(() => other.verify(body, headers as Record<string, string>)).toThrow();
    });

    it('is not sent for a draft or a refused publish', async () => {
      const before = site.received.length;
      const id = await makeDraft();
      await admin('POST', `${ARTICLE}/${id}/actions/publish`, { slug: 'page' });
      expect(site.received.length).toBe(before);
    });

    it('delays no save when the site server hangs, and is sent once for a burst', async () => {
      site.hangs = true;
      const before = site.received.length;
      const begin = performance.now();
      for (let each = 0; each < 5; each += 1) await makePublished();
      const during = site.received.length - before;
      // A message is given up after two seconds, and the next one follows.
      expect(during).toBeLessThanOrEqual(2 + Math.floor((performance.now() - begin) / 2000));
      const recovered = () => cms.output().split('takes messages again').length;
      const earlier = recovered();
      site.hangs = false;
      // What hangs may name the last revision already.
      await makePublished();
      const revision = await latest();
      await expect.poll(() => site.told().at(-1)).toBe(revision);
      await expect.poll(recovered).toBeGreaterThan(earlier);
      expect(site.received.length - before).toBeLessThanOrEqual(during + 3);
    });

    it('fails without harm, is logged once, and without the secret', async () => {
      const lines = () => cms.output().split('was not told of a change').length;
      site.refusal = 401;
      await makePublished();
      await expect.poll(() => cms.output()).toContain('it answered 401');
      const logged = lines();
      await makePublished();
      const revision = await latest();
      await expect.poll(() => site.told().at(-1)).toBe(revision);
      expect(lines()).toBe(logged);
      expect(cms.output()).not.toContain(cms.settings['WEBHOOK_SECRET']);
      site.refusal = null;
      await makePublished();
      await expect.poll(() => cms.output()).toContain('takes messages again');
    });
  });
});

describe('code within the CMS', () => {
  it('makes one revision when it publishes at once, none when its transaction is undone, and has no name', async () => {
    const settings = await freshSettings();
    const code = `
      require('./dist/src/cli/app.js').loadStrapi().then(async (strapi) => {
        const pages = strapi.documents('api::page.page');
        const data = { title: 'One', slug: 'one' };
        const { documentId } = await pages.create({ data, status: 'published' });
        await pages.update({ documentId, data: { title: 'Two' }, status: 'published' });
        await pages.update({ documentId, data: { title: 'Three' } });
        const undone = strapi.db.transaction(async () => {
          await pages.publish({ documentId });
          throw new Error('undone');
        });
        await undone.catch(() => undefined);
        const log = await strapi.db.query('api::revision.revision').findMany({ orderBy: 'id' });
        const rows = log.map(({ action, title, actor, entryId }) => [action, title, actor, entryId === documentId]);
        process.stdout.write('ROWS ' + JSON.stringify(rows) + '\\n', () => process.exit(0));
      });`;
    const cwd = join(import.meta.dirname, '..');
    const env = { PATH: process.env['PATH'] ?? '', ...settings };
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', code], { cwd, env });
    const rows = /^ROWS (.*)$/m.exec(stdout)?.[1] ?? 'null';
    expect(JSON.parse(rows)).toEqual([
      ['publish', 'One', null, true],
      ['publish', 'Two', null, true],
    ]);
    await removeData(settings);
  });
});

describe('a log that was swept', () => {
  it('pages by a thousand, keeps the last 10,000, and tells older readers to read everything', async () => {
    const DATABASE_URL = await postgres.createDatabase('swept');
    const settings = await freshSettings({ DATABASE_URL });
    const cms = await startCms(settings);
    const owner = await logInOwner(cms);
    const build = `Bearer ${settings['CMS_BUILD_TOKEN'] ?? ''}`;
    const changes = async (since: number): Promise<Changes> =>
      (await call(cms, 'GET', `/api/changes?since=${String(since)}`, build)).body as Changes;
    await postgres.query(
      'swept',
      `INSERT INTO revisions (entry_type, entry_id, action)
       SELECT 'article', 'x', 'publish' FROM generate_series(1, 11099)`,
    );

    const first = await changes(0);
    expect(first.meta).toEqual({ revision: 11_099, complete: true });
    expect(first.data.map(({ revision }) => revision)).toEqual(
      Array.from({ length: 1000 }, (_, at) => at + 1),
    );
    expect((await changes(1000)).data[0]?.revision).toBe(1001);

    const page = { title: 'A page', slug: 'a-page' };
    const { status } = await call(
      cms,
      'POST',
      '/content-manager/collection-types/api::page.page/actions/publish',
      owner,
      page,
    );
    expect(status).toBe(200);
    const [kept] = await postgres.query(
      'swept',
      'SELECT count(*)::int AS rows, min(id)::int AS oldest, max(id)::int AS latest FROM revisions',
    );
    expect(kept).toEqual({ rows: 10_000, oldest: 1101, latest: 11_100 });
    expect((await changes(1100)).meta.complete).toBe(true);
    expect(await changes(1099)).toEqual({ data: [], meta: { revision: 11_100, complete: false } });
    await cms.stop();
    await removeData(settings);
  });
});
