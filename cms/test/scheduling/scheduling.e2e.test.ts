import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshSettings, removeData, runCms, startCms, type Cms, type Settings } from '../cms.ts';
import { startPostgres, type Postgres } from '../databases.ts';
import { call, logInOwner, principals, type Principals } from '../people.ts';

const ARTICLE = 'api::article.article';
const LATER = '2100-01-01T00:00:00Z';

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

describe.each(['SQLite', 'Postgres'])('scheduling on %s', (database) => {
  let settings: Settings;
  let cms: Cms;
  let people: Principals;
  const inAMonth = `${new Date(Date.now() + 30 * 24 * 3600_000).toISOString().slice(0, 10)}T12:00`;

  const as = (who: string, method: string, path: string, body?: unknown) =>
    call(cms, method, path, people[who] ?? null, body);
  const make = async (fields: Record<string, unknown>): Promise<string> => {
    const { status, body, text } = await as(
      'Super Admin',
      'POST',
      `/content-manager/collection-types/${ARTICLE}`,
      {
        summary: 'A summary.',
        ...fields,
      },
    );
    expect(status, text).toBe(201);
    return (body as { data: { documentId: string } }).data.documentId;
  };
  const plan = (who: string, documentId: string, action: string, localTime = inAMonth) =>
    as(who, 'POST', '/meridian/schedule/actions', { type: ARTICLE, documentId, action, localTime });
  const planned = async (
    documentId: string,
  ): Promise<{ id: number; state: string; reason: string | null }[]> => {
    const { body } = await as('Super Admin', 'GET', `/meridian/schedule/entries/${ARTICLE}/${documentId}`);
    return (body as { actions: { id: number; state: string; reason: string | null }[] }).actions;
  };
  const isPublic = async (documentId: string): Promise<boolean> =>
    (await as('build token', 'GET', `/api/articles?filters[documentId]=${documentId}`)).text.includes(
      documentId,
    );

  beforeAll(async () => {
    const url = database === 'Postgres' ? { DATABASE_URL: await postgres.createDatabase('scheduling') } : {};
    settings = await freshSettings(url);
    const seeded = await runCms('seed', settings);
    expect(seeded.code, seeded.output).toBe(0);
    cms = await startCms(settings);
    people = await principals(cms);
  });
  afterAll(async () => {
    await cms.stop();
    await removeData(settings);
  });

  it('plans only for those who may publish, and only times that can be', async () => {
    const id = await make({ title: 'Rights', slug: 'rights' });
    expect((await plan('Clinical reviewer', id, 'publish')).status).toBe(403);
    expect((await plan('Front desk', id, 'publish')).status).toBe(403);
    const past = await plan('Marketing', id, 'publish', '2020-01-01T09:00');
    expect([past.status, past.text]).toEqual([400, expect.stringContaining('has passed')]);
    expect((await plan('Marketing', 'nothing', 'publish')).status).toBe(404);
    expect((await plan('Marketing', id, 'explode')).status).toBe(400);
    expect((await plan('Marketing', id, 'publish')).status).toBe(201);
  });

  it('does what is due once with runners that race, in order, and says why what cannot be published is not', async () => {
    const good = await make({ title: 'Good', slug: 'good-one' });
    const bad = await make({ title: 'Bad', slug: 'Not A Slug' });
    const blocked = await make({
      title: 'Blocked',
      slug: 'blocked-one',
      sections: [{ __component: 'section.rich-text', body: 'See [this](/articles/nowhere-to-be-found/).' }],
    });
    const gone = await make({ title: 'Gone', slug: 'gone-one' });
    const twice = await make({ title: 'Twice', slug: 'twice-one' });
    const cancelled = await make({ title: 'Cancelled', slug: 'cancelled-one' });
    const renamed = await make({ title: 'Renamed', slug: 'before-one' });
    const document = `/content-manager/collection-types/${ARTICLE}/${renamed}`;
    expect((await as('Super Admin', 'POST', `${document}/actions/publish`, {})).status).toBe(200);
    expect((await as('Super Admin', 'PUT', document, { slug: 'after-one' })).status).toBe(200);
    for (const id of [good, bad, blocked, gone, twice, cancelled, renamed]) {
      expect((await plan('Marketing', id, 'publish')).status).toBe(201);
    }
    expect((await plan('Marketing', twice, 'unpublish')).status).toBe(201);
    const [waiting] = await planned(cancelled);
    const path = `/meridian/schedule/actions/${String(waiting?.id)}/cancel`;
    expect((await as('Clinical reviewer', 'POST', path, {})).status).toBe(403);
    expect((await as('Marketing', 'POST', path, {})).status).toBe(200);
    expect((await as('Marketing', 'POST', path, {})).status).toBe(400);
    await as('Super Admin', 'DELETE', `/content-manager/collection-types/${ARTICLE}/${gone}`);
    // Down when the time comes.
    await cms.stop();
    const run = await runCms('due', settings, '--now', LATER, '--runners', '3');
    expect(run.code, run.output).toBe(0);
    cms = await startCms(settings);
    people = { ...people, ...(await relogIn()) };

    expect(await isPublic(good)).toBe(true);
    expect(await isPublic(bad)).toBe(false);
    expect(await isPublic(blocked)).toBe(false);
    expect(await isPublic(twice)).toBe(false);
    expect(await isPublic(cancelled)).toBe(false);
    expect((await as('build token', 'GET', '/api/redirects')).body).toMatchObject({
      data: [{ from: '/articles/before-one/', to: `entry:article/${renamed}` }],
    });
    expect(await planned(good)).toEqual([]);
    expect(await planned(twice)).toEqual([]);
    expect(await planned(bad)).toMatchObject([
      { state: 'refused', reason: expect.stringContaining('slug') as string },
    ]);
    expect(await planned(blocked)).toMatchObject([
      { state: 'refused', reason: expect.stringContaining('/articles/nowhere-to-be-found/') as string },
    ]);
    expect(await planned(gone)).toMatchObject([
      { state: 'refused', reason: expect.stringContaining('deleted') as string },
    ]);
  });

  it.runIf(database === 'SQLite')(
    'bears a time zone that does not exist, and plans nothing in it',
    async () => {
      const id = await make({ title: 'Nowhere', slug: 'nowhere' });
      const upcoming = async () =>
        ((await as('Marketing', 'GET', '/meridian/schedule/upcoming')).body as { timeZone: string }).timeZone;
      const zone = await upcoming();
      const write = (timeZone: string) => {
        const file = new DatabaseSync(join(settings['DATA_DIR'] ?? '', 'cms.sqlite'), { timeout: 10_000 });
        expect(file.prepare('UPDATE clinics SET time_zone = ?').run(timeZone).changes).toBeGreaterThan(0);
        file.close();
      };
      write('Mars/Olympus');
      expect(await upcoming()).toBe('UTC');
      const refused = await plan('Marketing', id, 'publish');
      write(zone);
      expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('is unknown')]);
      expect(await upcoming()).toBe(zone);
    },
  );

  it('refuses when the person lost the right meanwhile', async () => {
    const id = await make({ title: 'Left', slug: 'left-one' });
    expect((await plan('Marketing', id, 'publish')).status).toBe(201);
    const { body } = await as('Super Admin', 'GET', '/admin/users?pageSize=100');
    const users = (body as { data: { results: { id: number; email: string }[] } }).data.results;
    const user = users.find(({ email }) => email.startsWith('meridian-marketing'));
    await as('Super Admin', 'PUT', `/admin/users/${String(user?.id)}`, { isActive: false });
    await cms.stop();
    await runCms('due', settings, '--now', LATER);
    cms = await startCms(settings);
    people = { ...people, ...(await relogIn()) };
    expect(await isPublic(id)).toBe(false);
    expect(await planned(id)).toMatchObject([
      { state: 'refused', reason: expect.stringContaining('any more') as string },
    ]);
  });

  it('lets one replica a day try links to other sites', async () => {
    const round = (now: string) =>
      runCms('links', settings, '--claim', '--only', 'http://nowhere', '--now', now);
    const day = '2100-12-01T03:41:00Z';
    const rounds =
      database === 'Postgres'
        ? await Promise.all([round(day), round(day)])
        : [await round(day), await round(day)];
    expect(rounds.map(({ code }) => code)).toEqual([0, 0]);
    const outputs = rounds.map(({ output }) => output);
    expect(outputs.filter((output) => output.includes('0 links were tried.'))).toHaveLength(1);
    expect(outputs.filter((output) => output.includes('Another replica has the round'))).toHaveLength(1);
    expect((await round('2100-12-02T03:41:00Z')).output).toContain('0 links were tried.');
    // The clock was wrong, and is set right.
    expect((await round('2100-11-20T03:41:00Z')).output).toContain('0 links were tried.');
  });

  async function relogIn(): Promise<Principals> {
    return { 'Super Admin': await logInOwner(cms) };
  }
});
