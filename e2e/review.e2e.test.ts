import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { adminApi, type AdminApi, invite } from './admin-api.ts';
import { openBrowser, STAFF_SCREEN } from './browser.ts';
import { PATIENCE, untilLive } from './live.ts';
import { logIn, type RunningSystem } from './system.ts';

// What a clinical reviewer and Marketing do with one article of the fictitious clinic. Its pictures are those of
// docs/staff.md: REVIEW_PICTURES=.tmp/pictures npm test -- e2e/review

const ARTICLES = '/admin/content-manager/collection-types/api::article.article';
const PICTURES = process.env.REVIEW_PICTURES;
const PASSWORD = 'Reviews-of-the-clinic-1';
const PAGE = '/articles/sitting-well/';

const found = inject('systems').find(({ content }) => content === 'fixture');
if (found === undefined) throw new Error('No system with the fixture runs.');
const system: RunningSystem = found;
const { siteUrl, cmsUrl } = system;

let browser: Browser;
let owner: AdminApi;
let articleId: string;
const faults: string[] = [];

beforeAll(async () => {
  browser = await openBrowser();
  owner = await adminApi(system);
  const jo = { email: 'jo@clinic.example', firstname: 'Jo', lastname: 'Li' };
  const mara = { email: 'mara@clinic.example', firstname: 'Mara', lastname: 'Voss' };
  await invite(owner, 'meridian-clinical-reviewer', jo, PASSWORD);
  await invite(owner, 'meridian-marketing', mara, PASSWORD);
  const made = await owner('POST', '/content-manager/collection-types/api::article.article', {
    title: 'Sitting well',
    slug: 'sitting-well',
    summary: 'Chairs for people whose back hurts when they sit.',
    sections: [
      { __component: 'section.rich-text', heading: 'Which chair?', body: 'One that lets you move often.' },
    ],
  });
  articleId = (made.body as { data: { documentId: string } }).data.documentId;
  const published = await owner(
    'POST',
    `/content-manager/collection-types/api::article.article/${articleId}/actions/publish`,
    {},
  );
  expect(published.status).toBe(200);
});
afterAll(async () => {
  await owner('DELETE', `/content-manager/collection-types/api::article.article/${articleId}`);
  await untilLive(owner);
  await browser.close();
});

async function arrive(adminEmail = system.adminEmail, adminPassword = system.adminPassword): Promise<Page> {
  const context = await browser.newContext({ ...STAFF_SCREEN, viewport: { width: 1280, height: 1100 } });
  const page = await context.newPage();
  page.on('pageerror', (error) => faults.push(error.message));
  await logIn(page, { ...system, adminEmail, adminPassword });
  return page;
}

async function openArticle(page: Page): Promise<void> {
  await page.goto(`${cmsUrl}${ARTICLES}/${articleId}`);
  await page.locator('[name="title"]').waitFor({ timeout: 60_000 });
  await page.getByText('Clinical review', { exact: true }).waitFor();
}

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: `${PICTURES}/${name}.png` });
}

/** The same screen as on phones, tablets and in the dark, for people to look at. */
async function everyWidth(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return;
  for (const width of [360, 768, 1280]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: 1100 });
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(300);
      await page.screenshot({
        path: `${PICTURES}/${name}-${String(width)}-${colorScheme}.png`,
        fullPage: true,
      });
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 1100 });
}

async function shows(words: string): Promise<void> {
  await vi.waitFor(async () => {
    expect(await (await fetch(`${siteUrl}${PAGE}`)).text()).toContain(words);
  }, PATIENCE);
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

describe('a reviewed article', { timeout: 400_000 }, () => {
  let reviewer: Page;
  let marketing: Page;

  test('has a reviewer, whom the owner linked to a provider', async () => {
    const page = await arrive();
    const { body } = await owner(
      'GET',
      '/content-manager/collection-types/api::provider.provider?filters[slug][$eq]=jo-li',
    );
    const [provider] = (body as { results: { documentId: string }[] }).results;
    await page.goto(
      `${cmsUrl}/admin/content-manager/collection-types/api::provider.provider/${provider?.documentId ?? ''}`,
    );
    await page.getByText('Reviews as', { exact: true }).waitFor({ timeout: 60_000 });
    await page.getByRole('combobox', { name: 'User' }).click();
    await page.getByRole('option', { name: 'Jo Li' }).click();
    await vi.waitFor(async () => {
      const link = await owner('GET', `/meridian/review/providers/${provider?.documentId ?? ''}`);
      expect((link.body as { userId: number | null }).userId).not.toBeNull();
    }, PATIENCE);
    await picture(page, 'reviewer');
    await page.context().close();
  });

  test('is approved with one click, and its page says so', async () => {
    reviewer = await arrive('jo@clinic.example', PASSWORD);
    await openArticle(reviewer);
    await reviewer.getByText('Nobody has approved this text yet').waitFor();
    expect(await reviewer.locator('[name="summary"]').isDisabled()).toBe(true);
    await picture(reviewer, 'review');
    await press(reviewer, 'Reviewed today, no change');
    await reviewer.getByText(/^Approved by Jo Li on /).waitFor({ timeout: 20_000 });
    await everyWidth(reviewer, 'approved');
    await shows('Clinically reviewed by');
  });

  test('is corrected by Marketing with a reason, which is asked for before anything goes out', async () => {
    marketing = await arrive('mara@clinic.example', PASSWORD);
    await openArticle(marketing);
    const summary = marketing.locator('[name="summary"]');
    await summary.fill('Chairs, and why moving matters more.');
    await press(marketing, 'Publish');
    await marketing
      .getByText(/State the reason for the correction/)
      .first()
      .waitFor({ timeout: 20_000 });
    expect(await summary.inputValue()).toBe('Chairs, and why moving matters more.');
    await everyWidth(marketing, 'correction');
    await marketing.getByLabel('Reason for the correction').fill('The summary promised too little.');
    await marketing
      .getByText(/its text is not the one that/)
      .first()
      .waitFor({ state: 'hidden' });
    await picture(marketing, 'correction');
    await press(marketing, 'State the reason');
    await marketing.getByText('Now press Publish.').waitFor({ timeout: 20_000 });
    expect(await summary.inputValue()).toBe('Chairs, and why moving matters more.');
    await press(marketing, 'Publish');
    await marketing.getByText('A correction was published without a new review').waitFor({ timeout: 20_000 });
    await marketing.getByText('“The summary promised too little.”').waitFor();
    await shows('why moving matters more');
  });

  test('is marked in the list and counted on the home page', async () => {
    await reviewer.goto(`${cmsUrl}/admin`);
    await reviewer.getByText('Reviews due in 60 days').waitFor({ timeout: 60_000 });
    await reviewer.getByRole('link', { name: 'A review that is overdue' }).waitFor();
    await picture(reviewer, 'reviews-due');
    await everyWidth(reviewer, 'home');
    await reviewer.getByRole('link', { name: 'Changed since review', exact: true }).click();
    await reviewer.getByRole('row', { name: /Sitting well/ }).waitFor({ timeout: 20_000 });
    expect(await reviewer.locator('tbody tr').count()).toBe(1);
    await picture(reviewer, 'list');
  });

  test('says on its page, in the clinic’s words, that its review is overdue', async () => {
    const patient = await browser.newPage();
    await patient.goto(`${siteUrl}/articles/a-review-that-is-overdue/`);
    await patient.getByText('please ask us before you rely on a detail').waitFor();
    await everyWidth(patient, 'overdue');
    await patient.goto(`${siteUrl}/articles/rest/`);
    expect(await patient.locator('.overdue').count()).toBe(0);
    await patient.close();
  });

  test('is sent back with a note, and approved again', async () => {
    await openArticle(reviewer);
    await press(reviewer, 'Changes needed');
    await reviewer.getByLabel('What has to change?').fill('Say how often to get up.');
    await press(reviewer, 'Send');
    await reviewer.getByText('Jo Li asked for changes').waitFor({ timeout: 20_000 });
    await reviewer.getByText('“Say how often to get up.”').waitFor();
    await openArticle(marketing);
    await marketing.getByText('“Say how often to get up.”').waitFor();
    await press(reviewer, 'Reviewed today, no change');
    await reviewer
      .getByText(/^Approved by Jo Li, due again/)
      .first()
      .waitFor({ timeout: 20_000 });
  });

  test('is compared with an earlier version, which comes back as a draft', async () => {
    const dialog = marketing.getByRole('dialog');
    const openOldest = async (): Promise<void> => {
      await openArticle(marketing);
      const open = marketing.getByRole('button', { name: /^Open the version of / });
      await open.first().waitFor();
      expect(await open.count()).toBeGreaterThanOrEqual(3);
      await open.last().press('Enter');
      await dialog.getByText('This is the first version that is kept.').waitFor();
      await dialog.getByRole('tab', { name: 'What the draft has now' }).click();
      await dialog.locator('ins').first().waitFor();
    };
    await openOldest();
    await picture(marketing, 'version');
    await everyWidth(marketing, 'version');
    await openOldest();
    await dialog.getByRole('button', { name: 'Restore as draft' }).click();
    await dialog.getByText(/^The draft is now as it was published/).waitFor({ timeout: 20_000 });
    await dialog.getByRole('button', { name: 'Show the draft' }).click();
    await vi.waitFor(async () => {
      expect(await marketing.locator('[name="summary"]').inputValue()).toBe(
        'Chairs for people whose back hurts when they sit.',
      );
    }, PATIENCE);
    await marketing.getByText(/^Approved by Jo Li on /).waitFor();
    await shows('why moving matters more');
  });

  test('meets no error of the browser', () => {
    expect(faults).toEqual([]);
  });
});
