import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshSettings, removeData, startCms, type Cms } from './cms.ts';
import { startPostgres, type Postgres } from './databases.ts';
import { call, logInOwner, principals, type Principals } from './people.ts';

type Type = 'article' | 'page' | 'provider' | 'topic';

interface Redirect {
  documentId: string;
  from: string;
  to: string;
  automatic: boolean | null;
  why: string | null;
}

const REDIRECTS = 'collection-types/api::redirect.redirect';

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres.stop();
});

describe.each(['SQLite', 'Postgres'])('redirects on %s', (database) => {
  let cms: Cms;
  let people: Principals;

  beforeAll(async () => {
    const settings = await freshSettings(
      database === 'Postgres' ? { DATABASE_URL: await postgres.createDatabase('redirects') } : {},
    );
    cms = await startCms(settings);
    people = await principals(cms);
  });
  afterAll(async () => {
    await cms.stop();
    await removeData(cms.settings);
  });

  const admin = (method: string, path: string, body?: unknown) =>
    call(cms, method, `/content-manager/${path}`, people['Marketing'] ?? null, body);
  const build = (path: string) => call(cms, 'GET', path, people['build token'] ?? null);

  let count = 0;
  const fresh = (): string => {
    count += 1;
    return `entry-${String(count)}`;
  };
  const makeDraft = async (type: Type, slug = fresh(), more: object = {}): Promise<string> => {
    const own = {
      article: { title: slug, summary: 'A summary.' },
      page: { title: slug },
      provider: { name: slug },
      topic: { name: slug, kind: 'treatment', summary: 'A summary.' },
    }[type];
    const { status, text } = await admin('POST', `collection-types/api::${type}.${type}`, {
      slug,
      ...own,
      ...more,
    });
    expect(status, text).toBe(201);
    return (JSON.parse(text) as { data: { documentId: string } }).data.documentId;
  };
  const entry = (type: Type, id: string) => `collection-types/api::${type}.${type}/${id}`;
  const publish = async (type: Type, id: string, more: object = {}): Promise<void> => {
    const { status, text } = await admin('POST', `${entry(type, id)}/actions/publish`, more);
    expect(status, text).toBe(200);
  };
  const makePublished = async (type: Type, slug = fresh(), more: object = {}): Promise<string> => {
    const id = await makeDraft(type, slug, more);
    await publish(type, id);
    return id;
  };
  const rename = (type: Type, id: string, slug: string) => publish(type, id, { slug });
  const redirects = async (): Promise<Redirect[]> => {
    const { body, status, text } = await build('/api/redirects?pagination[pageSize]=100');
    expect(status, text).toBe(200);
    return (body as { data: Redirect[] }).data;
  };
  /** Where an old address leads; undefined when it is none. */
  const target = async (from: string): Promise<string | undefined> =>
    (await redirects()).find((each) => each.from === from)?.to;
  const make = (from: string, to: string, more: object = {}) =>
    admin('POST', REDIRECTS, { from, to, ...more });
  const makeRedirect = async (from: string, to: string): Promise<string> => {
    const { status, text } = await make(from, to);
    expect(status, text).toBe(201);
    return (JSON.parse(text) as { data: { documentId: string } }).data.documentId;
  };
  const gained = async (work: () => Promise<unknown>): Promise<string[]> => {
    const latest = async () =>
      ((await build('/api/changes?since=0')).body as { meta: { revision: number } }).meta.revision;
    const before = await latest();
    await work();
    const { body } = await build(`/api/changes?since=${String(before)}`);
    return (body as { data: { action: string; type: string }[] }).data.map(
      ({ action, type }) => `${action} ${type}`,
    );
  };

  it.each([
    ['article', '/articles/'],
    ['provider', '/providers/'],
    ['topic', '/topics/'],
    ['page', '/'],
  ] as const)('come by themselves when a published %s is renamed', async (type, folder) => {
    const [first, second] = [fresh(), fresh()];
    const id = await makePublished(type, first);
    expect(await gained(() => rename(type, id, second))).toEqual(['publish redirect', `publish ${type}`]);
    const [redirect] = (await redirects()).filter(({ from }) => from === `${folder}${first}/`);
    expect(redirect).toMatchObject({ to: `entry:${type}/${id}`, automatic: true });
    expect(redirect?.why).toContain(`moved to ${folder}${second}/`);
  });

  it('make none for a draft, for a first publish, and for a publish under the same slug', async () => {
    const before = (await redirects()).length;
    const id = await makeDraft('article');
    await admin('PUT', entry('article', id), { slug: fresh() });
    await publish('article', id);
    await publish('article', id, { title: 'Another title' });
    await admin('PUT', entry('article', id), { slug: fresh() });
    expect(await redirects()).toHaveLength(before);
  });

  it('lead from every earlier address to the entry, and go when it takes one of them back', async () => {
    const [a, b, c] = [fresh(), fresh(), fresh()];
    const id = await makePublished('article', a);
    await rename('article', id, b);
    await rename('article', id, c);
    const link = `entry:article/${id}`;
    expect([await target(`/articles/${a}/`), await target(`/articles/${b}/`)]).toEqual([link, link]);
    expect(await gained(() => rename('article', id, a))).toEqual([
      'delete redirect',
      'publish redirect',
      'publish article',
    ]);
    expect(await target(`/articles/${a}/`)).toBeUndefined();
    expect([await target(`/articles/${b}/`), await target(`/articles/${c}/`)]).toEqual([link, link]);
  });

  it('give way to another entry that is published at the old address', async () => {
    const [a, b] = [fresh(), fresh()];
    const id = await makePublished('article', a);
    await rename('article', id, b);
    await makePublished('article', a);
    expect(await target(`/articles/${a}/`)).toBeUndefined();
  });

  it('come with a bulk publish', async () => {
    const slugs = [fresh(), fresh()];
    const ids = await Promise.all(slugs.map((slug) => makePublished('article', slug)));
    for (const id of ids) await admin('PUT', entry('article', id), { slug: fresh() });
    const bulk = await admin('POST', 'collection-types/api::article.article/actions/bulkPublish', {
      documentIds: ids,
    });
    expect(bulk.status, bulk.text).toBe(200);
    for (const [index, slug] of slugs.entries()) {
      expect(await target(`/articles/${slug}/`)).toBe(`entry:article/${ids[index] ?? ''}`);
    }
  });

  it('are not made when the publish is refused', async () => {
    const [a, b] = [fresh(), fresh()];
    const id = await makePublished('article', a);
    await makePublished('article', b);
    const refused = await admin('POST', `${entry('article', id)}/actions/publish`, { slug: b });
    expect(refused.status).toBe(400);
    expect(await target(`/articles/${a}/`)).toBeUndefined();
  });

  it('by hand are kept in one form, name the entry, and each write makes a revision', async () => {
    const slug = fresh();
    const id = await makePublished('article', slug);
    let redirect = '';
    expect(
      await gained(async () => {
        redirect = await makeRedirect(' /old/x', `/articles/${slug}#risks`);
      }),
    ).toEqual(['publish redirect']);
    expect(await target('/old/x/')).toBe(`entry:article/${id}#risks`);
    expect(
      await gained(() => admin('PUT', `${REDIRECTS}/${redirect}`, { to: '/consultation?topic=spine' })),
    ).toEqual(['publish redirect']);
    expect(await target('/old/x/')).toBe('/consultation/?topic=spine');
    expect(await gained(() => admin('DELETE', `${REDIRECTS}/${redirect}`))).toEqual(['delete redirect']);
    expect(await target('/old/x/')).toBeUndefined();
  });

  it('by hand that lead to an old address lead to where that one leads', async () => {
    const [a, b] = [fresh(), fresh()];
    const id = await makePublished('topic', a);
    await rename('topic', id, b);
    await makeRedirect('/even-older/', `/topics/${a}/`);
    expect(await target('/even-older/')).toBe(`entry:topic/${id}`);
  });

  it('are refused with the reason when patients could not follow them, or never would', async () => {
    const slug = fresh();
    const id = await makePublished('article', slug);
    await makeRedirect('/taken/', `entry:article/${id}`);
    const message = async (from: string, to: string): Promise<string> => {
      const { status, body } = await make(from, to);
      expect([from, to, status]).toEqual([from, to, 400]);
      return (body as { error: { message: string } }).error.message;
    };
    const there = `entry:article/${id}`;
    expect(await message(`/articles/${slug}`, '/consultation/')).toContain(
      `is the address of the article "${slug}"`,
    );
    expect(await message('/taken', there)).toContain('has a redirect already: /taken/');
    expect(await message('/', there)).toContain('cannot be the home page');
    expect(await message('/admin/x', there)).toContain('which the site itself uses');
    expect(await message('/articles/', there)).toContain('a page that the site always has');
    expect(await message('https://elsewhere.example/x', there)).toContain('leads to another site');
    expect(await message('/circle/', '/circle/')).toContain('round in circles');
    expect(await message('/lost/', '/no-such-page/')).toContain('there is no such page');
    const clone = await admin('POST', `${REDIRECTS}/clone/${await makeRedirect('/original/', there)}`, {
      from: '/original/',
    });
    expect(clone.status).toBe(400);
  });

  it('that links need are kept, and an entry that is linked to by an old address stays published', async () => {
    const [a, b] = [fresh(), fresh()];
    const id = await makePublished('article', a);
    const body = `See [this](/articles/${a}/).`;
    const linking = await makePublished('page', fresh(), {
      sections: [{ __component: 'section.rich-text', body }],
    });
    await rename('article', id, b);
    const redirect = (await redirects()).find(({ from }) => from === `/articles/${a}/`);
    const kept = await admin('DELETE', `${REDIRECTS}/${redirect?.documentId ?? ''}`);
    expect(kept.status).toBe(400);
    expect(kept.text).toContain('cannot be deleted: it is shown or linked to by Page');
    const stays = await admin('POST', `${entry('article', id)}/actions/unpublish`, {});
    expect(stays.status).toBe(400);
    await publish('page', linking, {
      sections: [{ __component: 'section.rich-text', body: `See [this](entry:article/${id}).` }],
    });
    const named = await admin('POST', `${entry('article', id)}/actions/unpublish`, {});
    expect(named.text).toContain('it is shown or linked to by Page');
    await publish('page', linking, { sections: [] });
    expect((await admin('POST', `${entry('article', id)}/actions/unpublish`, {})).status).toBe(200);
  });

  it('are unique in the database itself', async () => {
    await makeRedirect('/only-once/', '/consultation/');
    if (database !== 'Postgres') return;
    const rows = await postgres.query(
      'redirects',
      "SELECT indexdef FROM pg_indexes WHERE tablename = 'redirects' AND indexdef LIKE 'CREATE UNIQUE%'",
    );
    expect(rows.map(({ indexdef }) => String(indexdef)).join('\n')).toContain('"from"');
  });

  it('are read by everybody who reads content, and written by Marketing alone', async () => {
    const path = `/content-manager/${REDIRECTS}`;
    const statuses = await Promise.all(
      ['Marketing', 'Clinical reviewer', 'Front desk'].map(async (name) => [
        name,
        (await call(cms, 'GET', path, people[name] ?? null)).status,
        (await call(cms, 'POST', path, people[name] ?? null, { from: '/a b/', to: '/' })).status,
      ]),
    );
    expect(statuses).toEqual([
      ['Marketing', 200, 400],
      ['Clinical reviewer', 200, 403],
      ['Front desk', 403, 403],
    ]);
  });
});

it('the right to keep redirects reaches roles of an earlier version, once', async () => {
  const settings = await freshSettings();
  let cms = await startCms(settings);
  const restart = async (between: () => void = () => undefined): Promise<void> => {
    await cms.stop();
    between();
    cms = await startCms(settings);
  };
  const marketing = async () => {
    const owner = await logInOwner(cms);
    const { body } = await call(cms, 'GET', '/admin/roles', owner);
    const { id } = (body as { data: { id: number; code: string }[] }).data.find(
      ({ code }) => code === 'meridian-marketing',
    ) ?? { id: 0 };
    const path = `/admin/roles/${String(id)}/permissions`;
    const { data } = (await call(cms, 'GET', path, owner)).body as { data: { subject: string | null }[] };
    return { owner, path, permissions: data };
  };
  const redirectRights = async () =>
    (await marketing()).permissions.filter(({ subject }) => subject === 'api::redirect.redirect').length;
  const takeAway = async (): Promise<void> => {
    const { owner, path, permissions } = await marketing();
    const kept = permissions.filter(({ subject }) => subject !== 'api::redirect.redirect');
    const { status, text } = await call(cms, 'PUT', path, owner, {
      permissions: kept.map((permission) =>
        pick(permission, ['action', 'subject', 'properties', 'conditions']),
      ),
    });
    expect(status, text).toBe(200);
  };
  try {
    expect(await redirectRights()).toBe(4);
    await restart(() => {
      const database = new DatabaseSync(join(settings['DATA_DIR'] ?? '', 'cms.sqlite'), { timeout: 10_000 });
      database.exec("DELETE FROM admin_permissions WHERE subject = 'api::redirect.redirect'");
      database.exec("DELETE FROM strapi_core_store_settings WHERE key LIKE '%offered-types'");
      database.close();
    });
    expect(await redirectRights()).toBe(4);
    await takeAway();
    await restart();
    expect(await redirectRights()).toBe(0);
  } finally {
    await cms.stop();
    await removeData(settings);
  }
});

function pick(from: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));
}
