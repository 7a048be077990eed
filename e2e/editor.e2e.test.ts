import { mkdirSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { adminApi, type AdminApi } from './admin-api.ts';
import { openBrowser, STAFF_SCREEN } from './browser.ts';
import { PATIENCE, untilLive } from './live.ts';
import { logIn, type RunningSystem } from './system.ts';

// What a marketing editor does, from the first word to the page that patients read. Its pictures are those of docs/staff.md:
// EDITOR_PICTURES=.tmp/pictures npm test -- e2e/editor

const ARTICLES = '/admin/content-manager/collection-types/api::article.article';
const PICTURES = process.env.EDITOR_PICTURES;

const found = inject('systems').find(({ content }) => content === 'starting content');
if (found === undefined) throw new Error('No system with the starting content runs.');
const system: RunningSystem = found;
const { siteUrl, cmsUrl } = system;

let browser: Browser;
let context: BrowserContext;
let page: Page;
let admin: AdminApi;
const faults: string[] = [];

beforeAll(async () => {
  browser = await openBrowser();
  context = await browser.newContext(STAFF_SCREEN);
  page = await context.newPage();
  page.on('pageerror', (error) => faults.push(error.message));
  await logIn(page, system);
  admin = await adminApi(system);
});
afterAll(async () => {
  await untilLive(admin);
  await browser.close();
});

async function articleId(slug: string): Promise<string> {
  const { body } = await admin(
    'GET',
    `/content-manager/collection-types/api::article.article?filters[slug][$eq]=${slug}`,
  );
  return (body as { results: { documentId: string }[] }).results[0]?.documentId ?? '';
}

async function publicText(path: string): Promise<string> {
  return (await fetch(`${siteUrl}${path}`)).text();
}

async function shows(path: string, words: string, wait: number = PATIENCE.timeout): Promise<void> {
  await vi.waitFor(
    async () => {
      expect(await publicText(path)).toContain(words);
    },
    { ...PATIENCE, timeout: wait },
  );
}

async function picture(name: string): Promise<void> {
  if (PICTURES === undefined) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.getByText(/^(Saved|Published) document$/).waitFor({ state: 'hidden' });
  await page.screenshot({ path: `${PICTURES}/${name}.png` });
}

async function openArticle(slug: string): Promise<void> {
  await page.goto(`${cmsUrl}${ARTICLES}/${await articleId(slug)}`);
  await page.locator('[name="title"]').waitFor({ timeout: 60_000 });
}

const press = (name: string | RegExp) => page.getByRole('button', { name, exact: true }).click();
const standing = (words: string | RegExp) => page.getByText(words).first().waitFor({ timeout: 120_000 });

/** A minute that begins in at least thirty seconds, on the clinic's clock, as a field takes it. */
async function nearMinute(): Promise<string> {
  const { body } = await admin('GET', '/meridian/schedule/upcoming');
  const { timeZone } = body as { timeZone: string };
  const moment = new Date(Math.ceil((Date.now() + 30_000) / 60_000) * 60_000);
  const text = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(
    moment,
  );
  return text.replace(' ', 'T');
}

describe('an editor', { timeout: 400_000 }, () => {
  const edited = 'Edited by somebody of the clinic: what needles can and cannot do for a back.';
  let before: string;

  test('edits the acupuncture article and sees the draft, which no patient sees', async () => {
    await openArticle('acupuncture-for-spine-pain');
    const summary = page.locator('[name="summary"]');
    before = await summary.inputValue();
    await summary.fill(edited);
    await press('Save');
    await page.getByText(/Saved/i).first().waitFor();
    await picture('edit');
    await page.getByRole('link', { name: /preview/i }).click();
    await page.frameLocator('iframe').getByText(edited).first().waitFor({ timeout: 60_000 });
    await page.frameLocator('iframe').getByText('Draft preview').first().waitFor();
    await picture('preview');
    expect(await publicText('/articles/acupuncture-for-spine-pain/')).not.toContain(edited);
  });

  test('publishes it, watches it go live, and reads it on the public page', async () => {
    await openArticle('acupuncture-for-spine-pain');
    await press('Publish');
    // Queued and building may be over before the panel looks again.
    await shows('/articles/acupuncture-for-spine-pain/', edited);
    await standing(/^Live since/);
    await picture('live');
    const open = page.getByRole('link', { name: 'Open the page' });
    expect(await open.getAttribute('href')).toBe(`${siteUrl}/articles/acupuncture-for-spine-pain/`);
  });

  test('plans an article for a time, which goes out by itself', async () => {
    const made = await admin('POST', '/content-manager/collection-types/api::article.article', {
      title: 'News of the clinic',
      slug: 'news-of-the-clinic',
      summary: 'What an editor planned.',
      sections: [{ __component: 'section.rich-text', body: 'Zyzzogeton is a word to search for.' }],
    });
    expect(made.status).toBe(201);
    await openArticle('news-of-the-clinic');
    await page.getByLabel('When', { exact: true }).fill(await nearMinute());
    await press('Schedule');
    await page.getByText(/^Publish at /).waitFor();
    expect((await fetch(`${siteUrl}/articles/news-of-the-clinic/`)).status).toBe(404);
    await picture('schedule');
    await page.goto(`${cmsUrl}/admin`);
    await page.getByText('Coming up').waitFor();
    await page.getByRole('link', { name: 'News of the clinic' }).first().waitFor();
    await picture('home');
    // Strapi's news of itself are none of the clinic's.
    expect(await page.getByText('Introducing the new').count()).toBe(0);
    // The time that was planned may be 90 seconds ahead.
    await shows('/articles/news-of-the-clinic/', 'Zyzzogeton', PATIENCE.timeout + 90_000);
    await shows('/articles/', 'News of the clinic');
  });

  test('plans and cancels with the keyboard alone', async () => {
    await openArticle('acupuncture-for-spine-pain');
    await page.getByLabel('When', { exact: true }).waitFor();
    await tabTo('When');
    const year = new Date().getFullYear() + 1;
    // As the field takes it in this browser: month, day, year, hour, minute, half of the day.
    await page.keyboard.type(`1231${year}`, { delay: 20 });
    await page.keyboard.press('ArrowRight');
    await page.keyboard.type('0900AM', { delay: 20 });
    await page.keyboard.press('Enter');
    const planned = page.getByText(new RegExp(`^Publish at Dec 31, ${year}, 9:00`));
    await planned.waitFor();
    await tabTo(`Cancel: Publish at Dec 31, ${year}, 9:00`);
    await page.keyboard.press('Enter');
    await page.getByRole('alertdialog').waitFor();
    await tabTo('Cancel plan');
    await page.keyboard.press('Enter');
    await planned.waitFor({ state: 'detached' });
  });

  test('unpublishes it: it is gone from lists, sitemap, feed and search', async () => {
    expect(await publicText('/sitemap.xml')).toContain('news-of-the-clinic');
    expect(await publicText('/rss.xml')).toContain('news-of-the-clinic');
    expect(await findings('zyzzogeton')).toBe(1);
    await openArticle('news-of-the-clinic');
    await press(/More document actions/i);
    await page.getByRole('menuitem', { name: /^Unpublish/ }).click();
    await vi.waitFor(async () => {
      expect((await fetch(`${siteUrl}/articles/news-of-the-clinic/`)).status).toBe(404);
    }, PATIENCE);
    for (const path of ['/articles/', '/sitemap.xml', '/rss.xml', '/']) {
      expect([path, (await publicText(path)).includes('news-of-the-clinic')]).toEqual([path, false]);
    }
    expect(await findings('zyzzogeton')).toBe(0);
  });

  test('goes back to a release of before, and resumes', async () => {
    await page.goto(`${cmsUrl}/admin`);
    await page.getByText('Last releases').waitFor({ timeout: 60_000 });
    // The newest one that is not live is the one that held the planned article.
    await page
      .getByRole('button', { name: /^Go back to the release of/ })
      .first()
      .click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Go back to this' }).click();
    await shows('/articles/news-of-the-clinic/', 'Zyzzogeton');
    await standing(/On hold/i);
    await picture('on-hold');
    await press('Resume');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Resume' }).click();
    await vi.waitFor(async () => {
      expect((await fetch(`${siteUrl}/articles/news-of-the-clinic/`)).status).toBe(404);
    }, PATIENCE);
    await shows('/articles/acupuncture-for-spine-pain/', edited);
  });

  test('puts back what was changed, and met no error of the browser', async () => {
    await openArticle('acupuncture-for-spine-pain');
    await page.locator('[name="summary"]').fill(before);
    await press('Publish');
    await vi.waitFor(async () => {
      expect(await publicText('/articles/acupuncture-for-spine-pain/')).not.toContain(edited);
    }, PATIENCE);
    expect(faults).toEqual([]);
  });
});

/** Presses Tab until what has the focus is called so, as somebody does who has no mouse; it has to be seen that it has. */
async function tabTo(name: string): Promise<void> {
  for (let presses = 0; presses < 200; presses += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      const label = element instanceof HTMLInputElement ? element.labels?.[0]?.innerText : undefined;
      return (
        element?.getAttribute('aria-label') ??
        label ??
        (element instanceof HTMLElement ? element.innerText : '')
      );
    });
    if (focused.startsWith(name)) return;
  }
  throw new Error(`Tab does not lead to "${name}".`);
}

/** How many pages the site's own search finds. */
async function findings(words: string): Promise<number> {
  const patient = await context.newPage();
  try {
    await patient.goto(`${siteUrl}/search/?q=${words}`);
    // As text, for the test runner would rewrite the import.
    return await patient.evaluate<number>(
      `import('/pagefind/pagefind.js').then((engine) => engine.search('${words}')).then(({ results }) => results.length)`,
    );
  } finally {
    await patient.close();
  }
}
