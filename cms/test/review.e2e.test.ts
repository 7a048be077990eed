import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DueAnswer, ReviewAnswer } from '../src/review/answers.ts';
import type { DifferencesAnswer, RestoredAnswer, VersionsAnswer } from '../src/versions/answers.ts';
import { freshSettings, removeData, runCms, startCms, type Cms, type Settings } from './cms.ts';
import { startPostgres, type Postgres } from './databases.ts';
import { call, logInOwner, principals, type Principals } from './people.ts';

// Clinical reviews and versions, as staff of the fictitious clinic meet them.

const PICTURE = join(import.meta.dirname, '../content/media/coast-path.webp');
const ARTICLE = 'api::article.article';
const ARTICLES = `/content-manager/collection-types/${ARTICLE}`;
const PROVIDERS = '/content-manager/collection-types/api::provider.provider';
const REVIEW = '/meridian/review';

interface Entry {
  documentId: string;
  title: string;
  summary: string;
  updatedAt: string;
  publishedAt: string | null;
  reviewedOn: string | null;
  nextReviewDue: string | null;
  reviewStanding: string;
  status: string;
}

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

describe.each(['SQLite', 'Postgres'])('reviews and versions on %s', (database) => {
  let settings: Settings;
  let cms: Cms;
  let people: Principals;
  let reviewerId: number;
  let today: string;

  const as = (who: string, method: string, path: string, body?: unknown) =>
    call(cms, method, path, people[who] ?? null, body);
  const ok = async <Body>(who: string, method: string, path: string, body?: unknown): Promise<Body> => {
    const answer = await as(who, method, path, body);
    expect(answer.status, `${method} ${path}: ${answer.text}`).toBeLessThan(300);
    return answer.body as Body;
  };
  const find = async (uid: string, slug: string): Promise<string> => {
    const path = `/content-manager/collection-types/${uid}?filters[slug][$eq]=${slug}`;
    const { results } = await ok<{ results: Entry[] }>('Super Admin', 'GET', path);
    return results[0]?.documentId ?? '';
  };
  const article = (slug: string): Promise<string> => find(ARTICLE, slug);
  const read = async (id: string): Promise<Entry> =>
    (await ok<{ data: Entry }>('Super Admin', 'GET', `${ARTICLES}/${id}`)).data;
  const published = async (id: string): Promise<Entry> => {
    const path = `/api/articles?filters[documentId]=${id}`;
    return (await ok<{ data: Entry[] }>('build token', 'GET', path)).data[0] as Entry;
  };
  const reviewOf = (id: string, who = 'Super Admin'): Promise<ReviewAnswer> =>
    ok(who, 'GET', `${REVIEW}/articles/${id}`);
  const approve = async (id: string, who = 'Clinical reviewer', nextReviewDue: string | null = null) =>
    as(who, 'POST', `${REVIEW}/articles/${id}/approve`, {
      updatedAt: (await read(id)).updatedAt,
      nextReviewDue,
    });
  const approved = async (id: string): Promise<ReviewAnswer> => {
    const { status, text, body } = await approve(id);
    expect(status, text).toBe(200);
    return body as ReviewAnswer;
  };
  const save = (id: string, data: object, who = 'Marketing') => as(who, 'PUT', `${ARTICLES}/${id}`, data);
  const publish = (id: string, data: object = {}, who = 'Marketing') =>
    as(who, 'POST', `${ARTICLES}/${id}/actions/publish`, data);
  const stateReason = (id: string, reason: string, who = 'Marketing') =>
    as(who, 'POST', `${REVIEW}/articles/${id}/correction`, { reason });
  const versions = (id: string, uid = ARTICLE, who = 'Marketing'): Promise<VersionsAnswer> =>
    ok(who, 'GET', `/meridian/versions/${uid}/${id}`);
  const upload = async (name: string): Promise<{ id: number }> => {
    const form = new FormData();
    form.append('files', new Blob([await readFile(PICTURE)], { type: 'image/webp' }), name);
    form.append('fileInfo', JSON.stringify({ name, alternativeText: 'A drawing of a spine.' }));
    const headers = { authorization: people['Super Admin'] ?? '' };
    const response = await fetch(`${cms.url}/upload`, { method: 'POST', headers, body: form });
    expect(response.status).toBe(201);
    return ((await response.json()) as [{ id: number }])[0];
  };
  let count = 0;
  const make = async (more: object = {}, who = 'Marketing'): Promise<string> => {
    count += 1;
    const { data } = await ok<{ data: Entry }>(who, 'POST', ARTICLES, {
      title: `Article ${String(count)}`,
      slug: `article-${String(count)}`,
      summary: 'A summary.',
      sections: [{ __component: 'section.rich-text', heading: 'First', body: 'One two three.' }],
      ...more,
    });
    return data.documentId;
  };
  const makePublished = async (more: object = {}): Promise<string> => {
    const id = await make(more);
    expect((await publish(id)).status).toBe(200);
    return id;
  };
  const changes = async (since: number) =>
    ok<{ data: { action: string; documentId: string }[]; meta: { revision: number } }>(
      'build token',
      'GET',
      `/api/changes?since=${String(since)}`,
    );

  beforeAll(async () => {
    const url = database === 'Postgres' ? { DATABASE_URL: await postgres.createDatabase('reviews') } : {};
    settings = await freshSettings(url);
    const seeded = await runCms('seed', settings, '--fixture');
    expect(seeded.code, seeded.output).toBe(0);
    cms = await startCms(settings);
    people = await principals(cms);
    const users = await ok<{ data: { results: { id: number; email: string }[] } }>(
      'Super Admin',
      'GET',
      '/admin/users?pageSize=100',
    );
    reviewerId = users.data.results.find(({ email }) => email.includes('clinical-reviewer'))?.id ?? 0;
    const clinic = await ok<{ data: { timeZone: string } }>('build token', 'GET', '/api/clinic');
    today = Temporal.Now.plainDateISO(clinic.data.timeZone).toString();
  });
  afterAll(async () => {
    await cms.stop();
    await removeData(settings);
  });

  it('takes the reviews of content files for reviews of the text that they came with', async () => {
    const ids = await Promise.all(['rest', 'a-stiff-neck'].map(article));
    for (const id of ids) expect(await read(id)).toMatchObject({ reviewStanding: 'Reviewed' });
    expect(await reviewOf(await article('rest'))).toMatchObject({ needsReason: false, log: [] });
    expect(await read(await make())).toMatchObject({ reviewStanding: 'Not reviewed' });
  });

  describe('who may approve', () => {
    it('is nobody but a clinical reviewer whom the owner linked to a published provider', async () => {
      const id = await makePublished();
      for (const who of ['Marketing', 'Super Admin', 'Front desk', 'build token', 'nobody']) {
        expect([401, 403], who).toContain((await approve(id, who)).status);
      }
      const unlinked = await approve(id);
      expect([unlinked.status, unlinked.text]).toEqual([403, expect.stringContaining('not linked')]);
      expect(await reviewOf(id, 'Clinical reviewer')).toMatchObject({
        mayReview: false,
        whyNot: expect.stringContaining('Ask the owner') as string,
      });

      const provider = await find('api::provider.provider', 'jo-li');
      const path = `${REVIEW}/providers/${provider}`;
      for (const who of ['Marketing', 'Clinical reviewer']) {
        expect((await as(who, 'PUT', path, { userId: reviewerId })).status, who).toBe(403);
      }
      expect((await as('Super Admin', 'PUT', path, { userId: 1 })).status).toBe(400);
      const draft = await ok<{ data: Entry }>('Super Admin', 'POST', PROVIDERS, {
        name: 'Dr. Draft',
        slug: 'dr-draft',
      });
      const draftPath = `${REVIEW}/providers/${draft.data.documentId}`;
      await ok('Super Admin', 'PUT', draftPath, { userId: reviewerId });
      expect((await as('Super Admin', 'PUT', path, { userId: reviewerId })).text).toContain('Dr. Draft');
      const unpublished = await approve(id);
      expect([unpublished.status, unpublished.text]).toEqual([403, expect.stringContaining('not published')]);
      // Its link ends with the provider.
      await ok('Super Admin', 'DELETE', `${PROVIDERS}/${draft.data.documentId}`);
      expect(await ok('Super Admin', 'PUT', path, { userId: reviewerId })).toMatchObject({
        userId: reviewerId,
      });
      expect((await approve(id)).status).toBe(200);
    });

    it('cannot be learnt from the API', async () => {
      for (const query of ['articles?populate=*', 'providers?populate=*', 'clinic?populate=*', 'topics']) {
        const { text } = await as('build token', 'GET', `/api/${query}`);
        expect(text).not.toMatch(
          /reviewStanding|reviewedDigest|correction"|reviewIntervalMonths|admin::user/,
        );
      }
      for (const field of ['reviewedDigest', 'reviewStanding', 'correction']) {
        const { status } = await as('build token', 'GET', `/api/articles?filters[${field}][$notNull]=true`);
        expect(status, field).toBe(400);
      }
    });
  });

  describe('an approval', () => {
    it('goes live at once with reviewer and days, and changes no date of the text', async () => {
      const id = await makePublished();
      const [before, wasPublic] = [await read(id), await published(id)];
      const { meta } = await changes(0);
      const answer = await approved(id);
      expect(answer).toMatchObject({
        standing: 'Reviewed',
        reviewer: 'Jo Li',
        reviewedOn: today,
        isOverdue: false,
        waitsForPublish: false,
      });
      expect(answer.log).toMatchObject([
        { kind: 'approval', by: 'Clinical reviewer Test', reviewer: 'Jo Li', reviewedOn: today },
      ]);
      expect(await published(id)).toMatchObject({ reviewedOn: today, updatedAt: wasPublic.updatedAt });
      expect(await read(id)).toMatchObject({ updatedAt: before.updatedAt, status: 'published' });
      const { data } = await changes(meta.revision);
      expect(data).toMatchObject([{ action: 'update', documentId: id }]);
      expect((await versions(id)).versions[0]?.by).toBe('Clinical reviewer Test');
    });

    it('is due again after the shortest interval of the topics, else the clinic’s, else a year', async () => {
      const topic = (slug: string, reviewIntervalMonths: number | null) =>
        find('api::topic.topic', slug).then(async (id) => {
          await ok('Super Admin', 'PUT', `/content-manager/collection-types/api::topic.topic/${id}`, {
            reviewIntervalMonths,
          });
          return id;
        });
      const topics = [
        await topic('sciatica', 9),
        await topic('neck-pain', 4),
        await topic('acupuncture', null),
      ];
      const months = (number: number) => Temporal.PlainDate.from(today).add({ months: number }).toString();
      expect((await approved(await makePublished({ topics }))).nextReviewDue).toBe(months(4));
      expect((await approved(await makePublished())).nextReviewDue).toBe(months(12));
      const clinic = '/content-manager/single-types/api::clinic.clinic';
      await ok('Marketing', 'PUT', clinic, { reviewIntervalMonths: 6 });
      await ok('Marketing', 'POST', `${clinic}/actions/publish`, {});
      expect((await approved(await makePublished({ topics: topics.slice(2) }))).nextReviewDue).toBe(
        months(6),
      );
    });

    it('takes a day that the reviewer chooses, and refuses days that make no sense', async () => {
      const id = await makePublished();
      const chosen = Temporal.PlainDate.from(today).add({ days: 40 }).toString();
      for (const wrong of [today, '2020-01-01', '2999-01-01', '2027-02-30', 'soon']) {
        expect((await approve(id, 'Clinical reviewer', wrong)).status, wrong).toBe(400);
      }
      const { body } = await approve(id, 'Clinical reviewer', chosen);
      expect(body).toMatchObject({ nextReviewDue: chosen });
    });

    it('is refused of a text that was changed after the reviewer opened it', async () => {
      const id = await makePublished();
      const { updatedAt } = await read(id);
      await save(id, { summary: 'Another one.' });
      const path = `${REVIEW}/articles/${id}/approve`;
      const { status, text } = await as('Clinical reviewer', 'POST', path, {
        updatedAt,
        nextReviewDue: null,
      });
      expect([status, text]).toEqual([400, expect.stringContaining('Reload the page')]);
      expect((await read(id)).reviewedOn).toBeNull();
    });

    it('of a text that is not public stays with the draft until that is published', async () => {
      const id = await makePublished();
      await save(id, { summary: 'Not public yet.' });
      expect(await approved(id)).toMatchObject({ waitsForPublish: true, isPublic: false });
      expect((await published(id)).reviewedOn).toBeNull();
      expect((await publish(id)).status).toBe(200);
      expect(await published(id)).toMatchObject({ reviewedOn: today, summary: 'Not public yet.' });
    });
  });

  describe('reviewer and days', () => {
    const forged = { reviewedOn: '2026-01-01', nextReviewDue: '2030-01-01', reviewStanding: 'Reviewed' };

    it('are read only in every form, whatever rights a role has', async () => {
      const id = await makePublished();
      for (const who of ['Marketing', 'Clinical reviewer']) await save(id, forged, who);
      expect(await read(id)).toMatchObject({ reviewedOn: null, reviewStanding: 'Not reviewed' });
      const reviewer = await find('api::provider.provider', 'jo-li');
      const other = await make({ ...forged, reviewer });
      expect(await read(other)).toMatchObject({ reviewedOn: null, nextReviewDue: null });
    });

    it('cannot be written with a token that may write everything', async () => {
      const token = await ok<{ data: { accessKey: string } }>('Super Admin', 'POST', '/admin/api-tokens', {
        name: 'Everything',
        description: '',
        type: 'full-access',
        lifespan: null,
      });
      people['full token'] = `Bearer ${token.data.accessKey}`;
      const id = await makePublished();
      const put = await as('full token', 'PUT', `/api/articles/${id}`, {
        data: { reviewedOn: '2026-01-01' },
      });
      expect([put.status, put.text]).toEqual([403, expect.stringContaining('Clinical review')]);
      const data = { title: 'T', slug: 'by-token', summary: 'S', reviewedOn: '2026-01-01' };
      expect((await as('full token', 'POST', '/api/articles', { data })).status).toBe(403);
      expect(
        (await as('full token', 'PUT', `/api/articles/${id}`, { data: { summary: 'Fine' } })).status,
      ).toBe(200);
    });

    it('are written by the owner in an emergency, and the log says so', async () => {
      const id = await makePublished();
      const reviewer = await find('api::provider.provider', 'jo-li');
      await save(id, { reviewer, reviewedOn: '2026-01-01' }, 'Super Admin');
      const { standing, log } = await reviewOf(id);
      expect(standing).toBe('Reviewed');
      expect(log).toMatchObject([{ kind: 'by-hand', by: 'Clinic Owner', reviewedOn: '2026-01-01' }]);
    });

    it('outlive a form that the owner opened before the approval and saves after it', async () => {
      const id = await makePublished();
      const { reviewedOn, nextReviewDue } = await read(id);
      const { nextReviewDue: due } = await approved(id);
      await save(id, { summary: 'Of the form.', reviewedOn, nextReviewDue }, 'Super Admin');
      expect(await read(id)).toMatchObject({
        summary: 'Of the form.',
        reviewedOn: today,
        nextReviewDue: due,
      });
      expect((await reviewOf(id)).log.map(({ kind }) => kind)).toEqual(['approval']);
    });

    it('do not go over to a copy of an article', async () => {
      const id = await article('rest');
      const { data } = await ok<{ data: Entry }>('Super Admin', 'POST', `${ARTICLES}/clone/${id}`, {
        title: 'A copy',
        slug: 'a-copy',
      });
      expect(await read(data.documentId)).toMatchObject({ reviewStanding: 'Not reviewed', reviewedOn: null });
      expect(await reviewOf(data.documentId)).toMatchObject({ reviewer: null });
    });
  });

  describe('a text that was changed after its approval', () => {
    it('is marked, and is published with a stated reason only, which the log keeps', async () => {
      const id = await makePublished();
      await approved(id);
      await save(id, { summary: 'A better summary.' });
      expect(await read(id)).toMatchObject({ reviewStanding: 'Changed since review' });
      expect(await reviewOf(id, 'Marketing')).toMatchObject({ needsReason: true, mayCorrect: true });

      const refused = await publish(id, { title: 'Typed in the form' });
      expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('State the reason')]);
      expect((await read(id)).title).not.toBe('Typed in the form');
      const bulk = { documentIds: [id, await make()] };
      const path = `${ARTICLES}/actions/bulkPublish`;
      expect((await as('Marketing', 'POST', path, bulk)).text).toContain('State the reason');
      expect((await published(id)).summary).toBe('A summary.');

      expect((await stateReason(id, '  ')).status).toBe(400);
      for (const who of ['Clinical reviewer', 'Front desk']) {
        expect((await stateReason(id, 'A typo.', who)).status, who).toBe(403);
      }
      expect((await stateReason(id, 'A typo.')).body).toMatchObject({ correction: 'A typo.' });
      expect((await publish(id)).status).toBe(200);
      expect(await published(id)).toMatchObject({ summary: 'A better summary.', reviewedOn: today });
      const { log, correction, needsReason } = await reviewOf(id);
      expect([correction, needsReason]).toEqual([null, false]);
      expect(log[0]).toMatchObject({
        kind: 'correction',
        by: 'Marketing Test',
        note: 'A typo.',
        changes: [{ label: 'Summary', before: 'A summary.', after: 'A better summary.' }],
      });

      // The same text needs no second reason, another one does.
      expect((await publish(id)).status).toBe(200);
      expect((await publish(id, { summary: 'Yet another.' })).status).toBe(400);
      expect((await publish(id, { slug: `moved-${id.toLowerCase()}` })).status).toBe(200);
      await approved(id);
      expect(await read(id)).toMatchObject({ reviewStanding: 'Reviewed' });
    });

    it('is the approved one again when the draft is discarded', async () => {
      const id = await makePublished();
      await approved(id);
      await save(id, { summary: 'Never mind.' });
      await ok('Marketing', 'POST', `${ARTICLES}/${id}/actions/discard`, {});
      expect(await read(id)).toMatchObject({ reviewStanding: 'Reviewed', reviewedOn: today });
    });

    it('is what a picture that is described anew makes of it', async () => {
      const { results } = await ok<{ results: { id: number; alternativeText: string }[] }>(
        'Super Admin',
        'GET',
        '/upload/files?filters[name][$eq]=spine-curve.webp',
      );
      const picture = results[0];
      const id = await makePublished({ heroImage: picture?.id });
      await approved(id);
      const form = new FormData();
      form.append('fileInfo', JSON.stringify({ alternativeText: 'Something else' }));
      const headers = { authorization: people['Super Admin'] ?? '' };
      const described = await fetch(`${cms.url}/upload?id=${String(picture?.id)}`, {
        method: 'POST',
        headers,
        body: form,
      });
      expect(described.status).toBe(200);
      expect(await read(id)).toMatchObject({ reviewStanding: 'Changed since review' });
    });
  });

  it('lets a reviewer ask for changes, until the text is another one', async () => {
    const id = await makePublished();
    const { updatedAt } = await read(id);
    const path = `${REVIEW}/articles/${id}/request-changes`;
    expect((await as('Marketing', 'POST', path, { updatedAt, note: 'No.' })).status).toBe(403);
    expect((await as('Clinical reviewer', 'POST', path, { updatedAt, note: '' })).status).toBe(400);
    const answer = await as('Clinical reviewer', 'POST', path, {
      updatedAt,
      note: 'Say what the trial found.',
    });
    expect(answer.body).toMatchObject({ standing: 'Changes needed' });
    expect(await reviewOf(id, 'Marketing')).toMatchObject({
      log: [{ kind: 'changes-needed', note: 'Say what the trial found.' }],
    });
    expect((await published(id)).reviewedOn).toBeNull();
    await save(id, { summary: 'What the trial found.' });
    expect(await read(id)).toMatchObject({ reviewStanding: 'Not reviewed' });
  });

  it('shows the log and versions to no other API, and lets nobody write them', async () => {
    for (const uid of ['api::review.review-event', 'api::review.reviewer-link', 'api::version.version']) {
      const path = `/content-manager/collection-types/${uid}`;
      for (const [method, of] of [
        ['POST', ''],
        ['PUT', '/anything'],
        ['DELETE', '/anything'],
      ] as const) {
        const body = method === 'DELETE' ? undefined : { articleId: 'x', by: 'me' };
        const { status } = await as('Super Admin', method, `${path}${of}`, body);
        expect([403, 404], `${method} ${uid}`).toContain(status);
      }
      expect((await as('Marketing', 'GET', path)).status).toBe(403);
    }
    for (const path of ['review-events', 'reviewer-links', 'versions']) {
      expect((await as('full token', 'GET', `/api/${path}`)).status).toBe(404);
    }
  });

  it('lists what is due in 60 days, overdue ones first, and filters the list of articles', async () => {
    expect((await as('Front desk', 'GET', `${REVIEW}/due`)).status).toBe(403);
    const due = await ok<DueAnswer>('Clinical reviewer', 'GET', `${REVIEW}/due`);
    expect(due.overdue).toBe(1);
    expect(due.articles[0]).toMatchObject({ title: 'A review that is overdue', isOverdue: true });
    expect(due.soon).toBeGreaterThanOrEqual(1);
    expect(due.changed).toBeGreaterThanOrEqual(1);
    const filtered = (condition: string) =>
      ok<{ results: Entry[] }>('Marketing', 'GET', `${ARTICLES}?pageSize=100&filters[$and][0]${condition}`);
    const late = await filtered(`[nextReviewDue][$lt]=${due.today}`);
    expect(late.results.map(({ title }) => title)).toEqual(['A review that is overdue']);
    const changed = await filtered('[reviewStanding][$eq]=Changed%20since%20review');
    expect(changed.results).toHaveLength(due.changed);
  });

  describe('versions', () => {
    const difference = (id: string, version: number | undefined, against: string, who = 'Marketing') =>
      as(who, 'GET', `/meridian/versions/${ARTICLE}/${id}/${String(version)}?against=${against}`);
    const compared = async (id: string, version: number | undefined, against: string) => {
      const { status, body, text } = await difference(id, version, against);
      expect(status, text).toBe(200);
      return body as DifferencesAnswer;
    };

    it('are kept of every publish of every type, with who and when, and of nothing else', async () => {
      const id = await make();
      expect((await versions(id)).versions).toEqual([]);
      expect((await publish(id, { slug: 'Not A Slug' })).status).toBe(400);
      expect((await versions(id)).versions).toEqual([]);
      await publish(id);
      const answer = await versions(id);
      expect(answer.versions).toMatchObject([{ by: 'Marketing Test' }]);
      expect(answer.mayRestore).toBe(true);
      for (const [uid, slug] of [
        ['api::provider.provider', 'jo-li'],
        ['api::topic.topic', 'sciatica'],
        ['api::page.page', 'privacy'],
      ] as const) {
        expect((await versions(await find(uid, slug), uid)).versions.length, uid).toBeGreaterThan(0);
      }
      for (const uid of ['api::clinic.clinic', 'api::home-page.home-page', 'api::navigation.navigation']) {
        const { data } = await ok<{ data: Entry }>(
          'Marketing',
          'GET',
          `/content-manager/single-types/${uid}`,
        );
        expect((await versions(data.documentId, uid)).versions.length, uid).toBeGreaterThan(0);
      }
    });

    it('are compared field by field, in the words of the form', async () => {
      const id = await makePublished({
        references: [{ title: 'A book', publisher: 'Press', url: 'https://www.example.org/' }],
      });
      const topics = [await find('api::topic.topic', 'sciatica')];
      const { text } = await publish(id, {
        summary: 'Other words.',
        topics,
        references: [],
        sections: [
          { __component: 'section.quote', text: 'New.', attribution: 'Somebody' },
          { __component: 'section.rich-text', heading: 'First', body: 'One two four.' },
        ],
      });
      const [second, first] = (await versions(id)).versions;
      const { differences } = await compared(id, second?.id, 'before');
      const found = Object.fromEntries(
        differences.map(({ label, before, after }) => [label, [before, after]]),
      );
      expect(found, text).toMatchObject({
        Summary: ['A summary.', 'Other words.'],
        Topics: [null, 'Sciatica'],
        'Sections › 2. Text › Text': ['One two three.', 'One two four.'],
      });
      expect(Object.keys(found).some((label) => label.startsWith('Sections › 1. Quote'))).toBe(true);
      expect(Object.keys(found)).toContain('References › 1');
      expect(await compared(id, first?.id, 'before')).toMatchObject({ comparable: false });
      expect((await compared(id, second?.id, 'draft')).differences).toEqual([]);
      await save(id, { summary: 'A draft.' });
      expect((await compared(id, second?.id, 'draft')).differences).toEqual([
        { label: 'Summary', before: 'Other words.', after: 'A draft.' },
      ]);
    });

    it('come back as drafts, publish nothing, and say what is gone', async () => {
      const topic = await ok<{ data: Entry }>(
        'Marketing',
        'POST',
        '/content-manager/collection-types/api::topic.topic',
        {
          name: 'Soon gone',
          slug: 'soon-gone',
          kind: 'condition',
          summary: 'S.',
        },
      );
      const topicPath = `/content-manager/collection-types/api::topic.topic/${topic.data.documentId}`;
      await ok('Marketing', 'POST', `${topicPath}/actions/publish`, {});
      const picture = await upload('soon-gone.webp');
      const sciatica = await find('api::topic.topic', 'sciatica');
      const id = await makePublished({
        topics: [topic.data.documentId, sciatica],
        heroImage: picture.id,
        summary: 'The first.',
      });
      await approved(id);
      await stateReason(id, 'Shorter.');
      expect(
        (await publish(id, { topics: [], heroImage: null, summary: 'The second.', sections: [] })).status,
      ).toBe(200);
      await ok('Marketing', 'DELETE', topicPath);
      await ok('Super Admin', 'DELETE', `/upload/files/${String(picture.id)}`);

      const first = (await versions(id)).versions.at(-1);
      const path = `/meridian/versions/${ARTICLE}/${id}/${String(first?.id)}/restore`;
      for (const who of ['Clinical reviewer', 'Front desk'])
        expect((await as(who, 'POST', path, {})).status).toBe(403);
      const { gone } = await ok<RestoredAnswer>('Marketing', 'POST', path, {});
      expect(gone).toEqual([
        'Hero image: the picture "soon-gone.webp" was deleted.',
        'Topics: "Soon gone" was deleted.',
      ]);
      expect(await read(id)).toMatchObject({
        summary: 'The first.',
        reviewedOn: today,
        reviewStanding: 'Changed since review',
        sections: [{ heading: 'First', body: 'One two three.' }],
      });
      expect((await published(id)).summary).toBe('The second.');
      expect((await publish(id)).text).toContain('State the reason');
    });

    it('show nothing to who may not read the entry, and belong to one entry', async () => {
      const [mine, other] = [await makePublished(), await makePublished()];
      const [version] = (await versions(mine)).versions;
      for (const who of ['Front desk', 'build token', 'nobody']) {
        expect([401, 403], who).toContain((await difference(mine, version?.id, 'draft', who)).status);
        expect([401, 403], who).toContain(
          (await as(who, 'GET', `/meridian/versions/${ARTICLE}/${mine}`)).status,
        );
      }
      expect((await difference(mine, version?.id, 'draft', 'Clinical reviewer')).status).toBe(200);
      expect((await difference(other, version?.id, 'draft')).status).toBe(404);
      expect((await as('Marketing', 'GET', `/meridian/versions/${ARTICLE}/${other}/1%20OR%201`)).status).toBe(
        404,
      );
      expect((await as('Super Admin', 'GET', `/meridian/versions/admin::user/${mine}`)).status).toBe(403);
    });

    it('stay when the entry is unpublished, and go with it when it is deleted', async () => {
      const id = await makePublished();
      const [version] = (await versions(id)).versions;
      await ok('Marketing', 'POST', `${ARTICLES}/${id}/actions/unpublish`, {});
      expect((await versions(id)).versions).toHaveLength(1);
      await ok('Marketing', 'DELETE', `${ARTICLES}/${id}`);
      expect((await difference(id, version?.id, 'before')).status).toBe(404);
    });

    it('hold the largest entries, and tell what changed in them', async () => {
      const word = (number: number) => `word${String(number % 977)} `;
      const body = Array.from({ length: 6000 }, (_, index) => word(index)).join('');
      const sections = Array.from({ length: 12 }, (_, index) => ({
        __component: 'section.rich-text',
        heading: `Section ${String(index)}`,
        body,
      }));
      const id = await makePublished({ sections });
      const changed = sections.map((section, index) =>
        index === 7 ? { ...section, body: body.replace('word500 ', 'another ') } : section,
      );
      expect((await publish(id, { sections: changed })).status).toBe(200);
      const [second] = (await versions(id)).versions;
      const { differences } = await compared(id, second?.id, 'before');
      expect(differences.map(({ label }) => label)).toEqual(['Sections › 8. Text › Text']);
    });

    it('are the last 50 of an entry', async () => {
      const id = await make();
      const { data } = await ok<{ data: Entry }>(
        'Marketing',
        'POST',
        '/content-manager/collection-types/api::topic.topic',
        { name: 'Often', slug: 'often', kind: 'condition', summary: 'S.' },
      );
      const path = `/content-manager/collection-types/api::topic.topic/${data.documentId}/actions/publish`;
      for (let each = 0; each < 52; each += 1)
        await ok('Marketing', 'POST', path, { summary: `S ${String(each)}` });
      const kept = (await versions(data.documentId, 'api::topic.topic')).versions;
      expect(kept).toHaveLength(50);
      expect((await versions(id)).versions).toEqual([]);
    });
  });

  it('refuses a planned publish that lacks a reason, and writes a revision on the day that a review is overdue', async () => {
    const planned = await makePublished();
    await approved(planned);
    await save(planned, { summary: 'Planned.' });
    const localTime = `${new Date(Date.now() + 30 * 24 * 3600_000).toISOString().slice(0, 10)}T12:00`;
    const plan = { type: ARTICLE, documentId: planned, action: 'publish', localTime };
    await ok('Marketing', 'POST', '/meridian/schedule/actions', plan);
    const due = await makePublished();
    const chosen = Temporal.PlainDate.from(today).add({ days: 10 });
    expect((await approve(due, 'Clinical reviewer', chosen.toString())).status).toBe(200);
    await cms.stop();
    const run = await runCms('due', settings, '--now', '2100-01-01T00:00:00Z');
    expect(run.code, run.output).toBe(0);
    // At last the clock, which went 12 days ahead, is set right.
    const noted = await lookAt(
      [0, 10, 11, 11, 12, 0, 11].map((days) => Temporal.PlainDate.from(today).add({ days }).toString()),
    );
    expect(noted).toEqual([0, 0, 1, 0, 0, 0, 1]);
    cms = await startCms(settings);
    people['Super Admin'] = await logInOwner(cms);
    const { body } = await as('Super Admin', 'GET', `/meridian/schedule/entries/${ARTICLE}/${planned}`);
    expect(body).toMatchObject({
      actions: [{ state: 'refused', reason: expect.stringContaining('State the reason') as string }],
    });
    const last = (await changes(0)).data.at(-1);
    expect(last).toMatchObject({ action: 'update', documentId: due });
  });

  it('takes over reviews and rights of an earlier version, which knew neither standing nor action', async () => {
    expect(await read(await article('rest'))).toMatchObject({ reviewStanding: 'Reviewed' });
    expect(await read(await make({}, 'Super Admin'))).toMatchObject({ reviewStanding: 'Not reviewed' });
    const roles = await ok<{ data: { id: number; code: string }[] }>('Super Admin', 'GET', '/admin/roles');
    const role = roles.data.find(({ code }) => code === 'meridian-clinical-reviewer');
    const { data } = await ok<{
      data: { action: string; subject: string; properties: { fields?: string[] } }[];
    }>('Super Admin', 'GET', `/admin/roles/${String(role?.id)}/permissions`);
    const onArticles = data.filter(({ subject }) => subject === ARTICLE);
    expect(
      onArticles.map(({ action, properties }) => [action.split('.').at(-1), properties.fields?.at(-1)]),
    ).toEqual([['read', 'reviewStanding']]);
  });

  /**
   * How many revisions the calendar writes on each day, looked at twice at once; leaves the database as an earlier
   * version would have.
   */
  async function lookAt(days: string[]): Promise<number[]> {
    const code = `
      const REVIEW_FIELDS = ['reviewer', 'reviewedOn', 'nextReviewDue'];
      async function asBefore(strapi) {
        const unknown = { reviewStanding: null, reviewedDigest: null };
        await strapi.db.query('${ARTICLE}').updateMany({ where: {}, data: unknown });
        const role = await strapi.db.query('admin::role').findOne({ where: { code: 'meridian-clinical-reviewer' } });
        const permissions = strapi.db.query('admin::permission');
        const action = 'plugin::content-manager.explorer.';
        const mine = { subject: '${ARTICLE}', role: role.id };
        await permissions.deleteMany({ where: { ...mine, action: action + 'read' } });
        for (const [name, fields] of [['read', ['title', ...REVIEW_FIELDS]], ['update', REVIEW_FIELDS]]) {
          const data = { ...mine, action: action + name, properties: { fields }, conditions: [], actionParameters: {} };
          await permissions.create({ data });
        }
      }
      const days = ${JSON.stringify(days)};
      require('./dist/src/cli/app.js').loadStrapi().then(async (strapi) => {
        const { reviseOverdue } = require('./dist/src/review/overdue.js');
        const counts = [];
        for (const day of days) {
          const look = () => reviseOverdue(strapi, new Date(day + 'T20:00:00Z'), () => {});
          const [one, other] = await Promise.all([look(), look()]);
          counts.push(one + other);
        }
        await asBefore(strapi);
        process.stdout.write('COUNTS ' + JSON.stringify(counts) + '\\n', () => process.exit(0));
      });`;
    const cwd = join(import.meta.dirname, '..');
    const env = { PATH: process.env['PATH'] ?? '', ...settings };
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', code], { cwd, env });
    return JSON.parse(/^COUNTS (.*)$/m.exec(stdout)?.[1] ?? '[]') as number[];
  }
});
