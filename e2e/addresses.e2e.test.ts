import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { adminApi, type AdminApi } from './admin-api.ts';
import { openBrowser, STAFF_SCREEN } from './browser.ts';
import { PATIENCE, untilLive } from './live.ts';
import { logIn, type RunningSystem } from './system.ts';

// What staff do with addresses: link to a page by its title, rename that page, find its redirect. The pictures are those
// of docs/staff.md: ADDRESS_PICTURES=.tmp/pictures npm test -- e2e/addresses

const ADMIN = '/admin/content-manager/collection-types';
const ARTICLE = 'api::article.article';
const REDIRECT = 'api::redirect.redirect';
const PICTURES = process.env.ADDRESS_PICTURES;

const found = inject('systems').find(({ content }) => content === 'starting content');
if (found === undefined) throw new Error('No system with the starting content runs.');
const system: RunningSystem = found;
const { siteUrl, cmsUrl } = system;

let browser: Browser;
let page: Page;
let admin: AdminApi;
let linked: string;
let linking: string;
const faults: string[] = [];

beforeAll(async () => {
  browser = await openBrowser();
  page = await browser.newPage(STAFF_SCREEN);
  page.on('pageerror', (error) => faults.push(error.message));
  await logIn(page, system);
  admin = await adminApi(system);
  linked = await makeArticle('Walking for a stiff back', 'walking-for-a-stiff-back', []);
  linking = await makeArticle('Days without a walk', 'days-without-a-walk', [
    { __component: 'section.rich-text', heading: 'Start small', body: 'Ten minutes are enough. ' },
    { __component: 'section.call-to-action', heading: 'Read on', action: 'link', label: 'How to begin' },
  ]);
  await ask('POST', `/content-manager/collection-types/${ARTICLE}/${linked}/actions/publish`, {});
});
afterAll(async () => {
  for (const id of [linking, linked])
    await ask('DELETE', `/content-manager/collection-types/${ARTICLE}/${id}`);
  const list = await ask('GET', `/content-manager/collection-types/${REDIRECT}`);
  for (const { documentId } of (list as { results: { documentId: string }[] }).results) {
    await ask('DELETE', `/content-manager/collection-types/${REDIRECT}/${documentId}`);
  }
  await untilLive(admin);
  await browser.close();
});

async function ask(method: string, path: string, data?: object): Promise<unknown> {
  return (await admin(method, path, data)).body;
}

async function makeArticle(title: string, slug: string, sections: object[]): Promise<string> {
  const made = await ask('POST', `/content-manager/collection-types/${ARTICLE}`, {
    title,
    slug,
    summary: 'Made by a test.',
    sections,
  });
  return (made as { data: { documentId: string } }).data.documentId;
}

async function open(uid: string, id: string): Promise<void> {
  await page.goto(`${cmsUrl}${ADMIN}/${uid}/${id}`);
  await page.getByText('Linked from', { exact: true }).first().waitFor({ timeout: 60_000 });
}

async function picture(name: string): Promise<void> {
  if (PICTURES === undefined) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: `${PICTURES}/${name}.png` });
}

const press = (name: string | RegExp) => page.getByRole('button', { name, exact: true }).first().click();

/** Looks for a page in the dialog with the keyboard alone, and chooses it. */
async function choose(words: string, title: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Link to a page of this site' });
  await dialog.getByLabel('Search by title or address').waitFor();
  await page.keyboard.type(words);
  const choice = dialog.getByRole('button', { name: new RegExp(title) });
  await dialog.getByText('1 page', { exact: true }).waitFor();
  await picture(`link-dialog-${words.replace(/\W/g, '')}`);
  await choice.focus();
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
}

async function linkedAddresses(path: string): Promise<string[]> {
  const html = await (await fetch(`${siteUrl}${path}`)).text();
  return [...html.matchAll(/href="(\/articles\/walk[^"]*)"/g)].map(([, href = '']) => href);
}

describe('an editor', { timeout: 400_000 }, () => {
  test('links to a page by its title, in text and in a call to action', async () => {
    await open(ARTICLE, linking);
    await page
      .getByRole('button', { name: /Start small/ })
      .first()
      .click();
    await page.locator('.CodeMirror').click();
    await page.keyboard.press('Control+End');
    await press('Link to a page of this site');
    await choose('walking for', 'Walking for a stiff back');
    expect(await page.locator('.CodeMirror').textContent()).toContain(
      `[Walking for a stiff back](entry:article/${linked})`,
    );
    await picture('link-in-text');
    await page
      .getByRole('button', { name: /Read on/ })
      .first()
      .click();
    await press('Choose a page');
    await choose('walking', 'Walking for a stiff back');
    await page.getByRole('link', { name: 'Walking for a stiff back' }).first().waitFor();
    await page.getByRole('button', { name: 'Write an address instead' }).scrollIntoViewIfNeeded();
    await picture('link-in-button');
    await press('Publish');
    await vi.waitFor(async () => {
      expect(await linkedAddresses('/articles/days-without-a-walk/')).toEqual(
        expect.arrayContaining(['/articles/walking-for-a-stiff-back/']),
      );
    }, PATIENCE);
  });

  test('sees from where a page is linked, and renames it', async () => {
    await open(ARTICLE, linked);
    await page.getByRole('link', { name: /Days without a walk/ }).waitFor();
    await page.locator('[name="slug"]').fill('walks-that-help');
    await press('Save');
    await page.getByText(/^Publishing moves this page from/).waitFor();
    await picture('rename');
    await press('Publish');
    await vi.waitFor(async () => {
      const old = await fetch(`${siteUrl}/articles/walking-for-a-stiff-back/`, { redirect: 'manual' });
      expect([old.status, old.headers.get('location')]).toEqual([301, '/articles/walks-that-help/']);
    }, PATIENCE);
    const links = await linkedAddresses('/articles/days-without-a-walk/');
    expect(links.filter((href) => href.includes('stiff-back'))).toEqual([]);
    expect(links.filter((href) => href === '/articles/walks-that-help/').length).toBeGreaterThanOrEqual(2);
  });

  test('finds the redirect in its list, and cannot make one that hides behind a page', async () => {
    await page.goto(`${cmsUrl}${ADMIN}/${REDIRECT}`);
    await page.getByText('/articles/walking-for-a-stiff-back/').first().waitFor({ timeout: 60_000 });
    await page.getByText('Walking for a stiff back').first().waitFor();
    await picture('redirects');
    await page.goto(`${cmsUrl}${ADMIN}/${REDIRECT}/create`);
    await page.locator('[name="from"]').fill('/articles/walks-that-help');
    await press('Choose a page');
    await choose('days', 'Days without a walk');
    await press('Save');
    await page
      .getByText(/is the address of the article/)
      .first()
      .waitFor();
    expect(await page.locator('[name="from"]').inputValue()).toBe('/articles/walks-that-help');
    await picture('redirect-refused');
  });

  test('is told who links to a page when it is to be unpublished, and met no error of the browser', async () => {
    await open(ARTICLE, linked);
    await page.getByText('Old addresses that lead here').waitFor();
    await picture('linked-from');
    await press(/More document actions/i);
    await page.getByRole('menuitem', { name: /^Unpublish/ }).click();
    await page
      .getByText(/cannot be unpublished: it is shown or linked to by/)
      .first()
      .waitFor();
    expect(faults).toEqual([]);
  });
});
