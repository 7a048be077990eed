import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Status } from '@meridian/shared-types';
import { openBrowser, STAFF_SCREEN } from '../../e2e/browser.ts';
import type { EntryAnswer, SiteAnswer } from '../src/publishing/answers.ts';
import { freshSettings, removeData, startCms, type Cms } from './cms.ts';
import { call, principals, type Principals } from './people.ts';
import { NOTHING_LIVE, startSiteServer, type SiteServer } from './site-server.ts';

const TYPE = 'api::article.article';
const SINCE = '2026-03-01T22:02:00.000Z';

let cms: Cms;
let site: SiteServer;
let people: Principals;
let article = '';
let provider = '';

beforeAll(async () => {
  site = await startSiteServer();
  cms = await startCms(await freshSettings({ SITE_SERVERS: site.url, SITE_URL: 'https://clinic.example' }));
  people = await principals(cms);
  provider = await publish('provider', { name: 'Jo Li', slug: 'jo-li' });
  article = await publish('article', {
    title: 'Neck pain',
    slug: 'neck-pain',
    summary: 'A summary.',
    author: provider,
  });
});
afterAll(async () => {
  await cms.stop();
  await site.stop();
  await removeData(cms.settings);
});
beforeEach(() => {
  site.status = live(2);
  site.received.length = 0;
});

async function publish(type: string, data: object): Promise<string> {
  const path = `/content-manager/collection-types/api::${type}.${type}/actions/publish`;
  const { body, status, text } = await call(cms, 'POST', path, people['Super Admin'] ?? null, data);
  expect(status, text).toBe(200);
  return (body as { data: { documentId: string } }).data.documentId;
}

/** A site server on which a revision is live. */
function live(revision: number, more: Partial<Status> = {}): Status {
  const id = `r-${String(revision)}`;
  return {
    ...NOTHING_LIVE,
    live: { id, revision, liveAt: SINCE },
    wanted: revision,
    releases: [
      { id, revision, from: 0, liveAt: SINCE, kept: true },
      { id: 'r-0', revision: 0, from: 0, liveAt: SINCE, kept: true },
    ],
    ...more,
  };
}

const ask = (who: string, method: string, path: string, body?: object) =>
  call(cms, method, `/meridian/publishing/${path}`, people[who] ?? null, body);

describe('the state of an entry', () => {
  const state = async (who = 'Marketing'): Promise<EntryAnswer> => {
    const { body, status, text } = await ask(who, 'GET', `entries/${TYPE}/${article}`);
    expect(status, text).toBe(200);
    return body as EntryAnswer;
  };

  it('is live with its page, once the release holds its last revision', async () => {
    expect(await state()).toEqual({
      state: { name: 'live', since: SINCE },
      pageUrl: 'https://clinic.example/articles/neck-pain/',
      mayDecide: true,
      timeZone: 'UTC',
    });
    site.status = live(1, { state: 'building', since: SINCE, wanted: 2, expectedSeconds: 4 });
    expect((await state()).state).toEqual({
      name: 'building',
      removes: false,
      since: SINCE,
      expectedSeconds: 4,
    });
  });

  it('names the entry that is at fault, with the way to it', async () => {
    const entries = [{ type: 'provider', documentId: provider, title: 'Jo Li', message: 'No slug.' }];
    site.status = live(1, { state: 'failed', failure: { message: 'It failed.', entries, retrying: false } });
    expect((await state()).state).toMatchObject({
      name: 'failed',
      faults: [
        {
          typeName: 'Provider',
          title: 'Jo Li',
          message: 'No slug.',
          editPath: `/content-manager/collection-types/api::provider.provider/${provider}`,
        },
      ],
    });
  });

  it('says when no site server answers, or answers something else', async () => {
    site.refusal = 500;
    expect((await state()).state).toEqual({ name: 'unreachable' });
    site.refusal = null;
    site.status = { ...live(2), state: 'unheard-of' as 'idle' };
    expect((await state()).state).toEqual({ name: 'unreachable' });
  });

  it('is told to those who may read the type, and to nobody else', async () => {
    expect((await state('Clinical reviewer')).mayDecide).toBe(false);
    expect((await ask('Front desk', 'GET', `entries/${TYPE}/${article}`)).status).toBe(403);
    expect((await ask('nobody', 'GET', `entries/${TYPE}/${article}`)).status).toBe(401);
    expect((await ask('build token', 'GET', `entries/${TYPE}/${article}`)).status).toBe(401);
    expect((await ask('Super Admin', 'GET', 'entries/admin::user/1')).status).toBe(403);
  });
});

describe('the last releases', () => {
  it('tell what changed and by whom', async () => {
    const { body } = await ask('Clinical reviewer', 'GET', 'site');
    const { releases, state } = body as SiteAnswer;
    expect(state).toEqual({ name: 'live', since: SINCE });
    expect(releases[0]).toMatchObject({
      id: 'r-2',
      isLive: true,
      by: ['Clinic Owner'],
      changes: [
        { typeName: 'Article', title: 'Neck pain', action: 'publish' },
        { typeName: 'Provider', title: 'Jo Li', action: 'publish' },
      ],
    });
    expect((await ask('Front desk', 'GET', 'site')).status).toBe(403);
    const back = { id: 'r-1', revision: 1, from: 2, liveAt: SINCE, kept: true };
    site.status = { ...live(1), releases: [back] };
    const after = (await ask('Marketing', 'GET', 'site')).body as SiteAnswer;
    expect(after.releases).toMatchObject([{ wentBack: true, changes: [], isLive: true }]);
    expect(releases[0]?.wentBack).toBe(false);
  });
});

describe('a decision', () => {
  it.each([
    ['approve', { id: 'r-3' }, { type: 'release.approve', data: { id: 'r-3', by: 'Clinic Owner' } }],
    ['rollback', { id: 'r-0' }, { type: 'release.rollback', data: { id: 'r-0', by: 'Clinic Owner' } }],
    ['resume', {}, { type: 'release.resume', data: { by: 'Clinic Owner' } }],
  ])('to %s reaches the site server with the name of who took it', async (path, body, message) => {
    expect((await ask('Super Admin', 'POST', path, body)).status).toBe(200);
    expect(site.received.map((each) => each.message)).toEqual([message]);
  });

  it('is not for those who may not publish everything', async () => {
    for (const who of ['Clinical reviewer', 'Front desk']) {
      expect((await ask(who, 'POST', 'rollback', { id: 'r-0' })).status).toBe(403);
    }
    expect((await ask('Marketing', 'POST', 'resume', {})).status).toBe(200);
    expect(site.received).toHaveLength(1);
  });

  it.each([[{}], [{ id: ['r-0'] }], [{ id: '../../etc' }], [{ id: 'x'.repeat(100) }]])(
    'about the release %j is refused',
    async (body) => {
      const { status, text } = await ask('Super Admin', 'POST', 'rollback', body);
      expect(status).toBe(400);
      expect(text).toContain('Name the release');
      expect(site.received).toEqual([]);
    },
  );

  it('that the site server does not take is said to be so', async () => {
    site.refusal = 409;
    const { status, text } = await ask('Super Admin', 'POST', 'rollback', { id: 'r-0' });
    site.refusal = null;
    expect(status).toBe(400);
    expect(text).toContain('The site did not take this');
    expect(text).toContain('it answered 409');
  });
});

describe('in the admin', () => {
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    browser = await openBrowser();
    page = await browser.newPage(STAFF_SCREEN);
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(`${cms.url}/admin`);
    await page.locator('input[name="email"]').fill(cms.settings['ADMIN_EMAIL'] ?? '');
    await page.locator('input[name="password"]').fill(cms.settings['ADMIN_PASSWORD'] ?? '');
    await page.getByRole('button', { name: 'Login' }).click();
    await page.waitForURL((url) => !url.pathname.includes('/auth/'));
  });
  afterAll(async () => {
    await browser.close();
  });

  it('the panel follows the site by itself, from the publish to live', async () => {
    await page.goto(`${cms.url}/admin/content-manager/collection-types/${TYPE}/${article}`);
    await page.getByText(/^Live since/).waitFor();
    const link = page.getByRole('link', { name: 'Open the page' });
    expect(await link.getAttribute('href')).toBe('https://clinic.example/articles/neck-pain/');

    site.status = live(2, { state: 'building', since: SINCE, wanted: 3, expectedSeconds: 4 });
    await page.locator('input[name="title"]').fill('Neck pain, edited');
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByText('This usually takes about 4 seconds.').waitFor();
    site.status = live(3);
    await page.getByText(/^Live since/).waitFor();
    expect(errors).toEqual([]);
  });

  it('a refused publish keeps what was typed, and says why', async () => {
    await page.locator('input[name="title"]').fill('Typed with care');
    await page.locator('input[name="slug"]').fill('page');
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page
      .getByText(/an address that the site itself uses/)
      .first()
      .waitFor();
    expect(await page.locator('input[name="title"]').inputValue()).toBe('Typed with care');
    expect(await page.locator('input[name="slug"]').inputValue()).toBe('page');
  });

  it('a refused unpublish names who needs the entry', async () => {
    await page.goto(`${cms.url}/admin/content-manager/collection-types/api::provider.provider/${provider}`);
    await page.getByText(/^Live since/).waitFor();
    await page.getByRole('button', { name: 'More document actions' }).click();
    await page.getByRole('menuitem', { name: 'Unpublish' }).click();
    await page
      .getByText(/it is shown or linked to by Article "Neck pain, edited"/)
      .first()
      .waitFor();
  });

  it('the home page goes back to a release, and resumes, each after a question', async () => {
    site.status = live(3);
    await page.goto(`${cms.url}/admin`);
    await page.getByRole('button', { name: /^Go back to the release/ }).click();
    await page
      .getByRole('alertdialog')
      .getByText(/until somebody presses Resume/)
      .waitFor();
    const hold = { id: 'r-0', by: 'Clinic Owner', since: SINCE };
    site.status = { ...live(3), live: { id: 'r-0', revision: 0, liveAt: SINCE }, state: 'held', hold };
    await page.getByRole('alertdialog').getByRole('button', { name: 'Go back to this' }).click();
    await page.getByText('On hold').waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    site.status = live(3);
    await page.getByRole('alertdialog').getByRole('button', { name: 'Resume' }).click();
    await page.getByText(/^Live since/).waitFor();
    const decisions = () => site.received.map(({ message }) => message.type);
    await expect.poll(decisions).toContain('release.rollback');
    await expect.poll(decisions).toContain('release.resume');
    expect(errors).toEqual([]);
  });
});
