import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import type { ConsultationRequest } from '@meridian/shared-types';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { axeViolations } from './accessibility.ts';
import { adminApi, invite } from './admin-api.ts';
import { openBrowser, STAFF_SCREEN } from './browser.ts';
import { handOver, requestOf } from './requests.ts';
import { logIn, type RunningSystem } from './system.ts';

const TYPE = 'api::consultation-request.consultation-request';
const HOUR = 3_600_000;
const PASSWORD = 'Desk-of-the-clinic-1';

/** Where pictures of the screens go, for people to look at; nothing is kept when it is not set. */
const PICTURES = process.env.INBOX_PICTURES;

const found = inject('systems').find(({ content }) => content === 'starting content');
if (found === undefined) throw new Error('No system with the starting content runs.');
const system: RunningSystem = found;

let browser: Browser;
let context: BrowserContext;
let page: Page;
const faults: string[] = [];

/** Ada, who asked twice; somebody who tries to run a script; one who waits for too long. */
const ada = requestOf({
  receivedAt: new Date(Date.now() - HOUR / 2).toISOString(),
  name: 'Ada Long',
  phone: '+13105550101',
  email: 'ada@patient.example',
});
const adaAgain = requestOf({ name: 'Ada Long', phone: '+13105550101', email: null });
const scripted = requestOf({
  name: '<script>window.ran = true</script><img src=x onerror="window.ran = true">',
  phone: '+13105550102',
  email: null,
  message: '"><svg onload="window.ran = true">{{constructor.constructor("window.ran = true")()}}',
});
const late = requestOf({
  name: 'Bo Winter',
  phone: null,
  email: 'bo@patient.example',
  receivedAt: new Date(Date.now() - 30 * HOUR).toISOString(),
  dueAt: new Date(Date.now() - 6 * HOUR).toISOString(),
});

beforeAll(async () => {
  browser = await openBrowser();
  for (const request of [late, adaAgain, ada]) await handOver(system, request);
  const desk = await makeFrontDesk();
  context = await browser.newContext(STAFF_SCREEN);
  page = await context.newPage();
  page.on('pageerror', (error) => faults.push(error.message));
  await logIn(page, { ...system, ...desk });
});
afterAll(async () => {
  await browser.close();
});

describe('the front desk', () => {
  test('is told on the home page what waits, what is late, and sees no content', async () => {
    await page.getByText('Consultation requests').first().waitFor({ timeout: 60_000 });
    await page.getByText(`${ada.reference} · Ada Long`).waitFor();
    await page.getByText('Overdue').first().waitFor();
    const headings = await page.locator('main h2').allInnerTexts();
    expect(headings[0]?.toLowerCase()).toBe('consultation requests');
    await expectAccessible('home');
    await picture('inbox-home');
    await page.goto(`${system.cmsUrl}/admin/content-manager`);
    await page.getByText(ada.reference).first().waitFor({ timeout: 60_000 });
    expect(await page.getByRole('link', { name: 'Article', exact: true }).count()).toBe(0);
  });

  test('finds the newest request first in its list', async () => {
    await page.goto(`${system.cmsUrl}/admin/content-manager/collection-types/${TYPE}`);
    await page.getByText(ada.reference).first().waitFor({ timeout: 60_000 });
    expect(await page.locator('tbody tr').first().innerText()).toContain(ada.reference);
    await expectAccessible('list');
    await picture('inbox-list');
  });

  test('narrows the list down to what is overdue, and says so, in one choice with the keyboard alone', async () => {
    const views = page.getByRole('navigation', { name: 'Requests shown' });
    const overdue = views.getByRole('link', { name: 'Overdue' });
    for (let tabs = 0; tabs < 60; tabs += 1) {
      if (await overdue.evaluate((link) => link === document.activeElement)) break;
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await page.getByText(ada.reference).waitFor({ state: 'detached' });
    await page.getByText(late.reference).first().waitFor();
    // Badges are set in capitals by their style, and read as what they look like.
    const ofBo = await page.locator('tbody tr').filter({ hasText: late.reference }).innerText();
    expect(ofBo).toMatch(/overdue/i);
    expect(ofBo).toMatch(/new/i);
    expect(await overdue.getAttribute('aria-current')).toBe('true');
    await expectAccessible('overdue requests');
    await picture('inbox-overdue');
    await views.getByRole('link', { name: 'Closed' }).click();
    await page.getByText('No content found').waitFor();
    await expectAccessible('empty list');
    await picture('inbox-empty');
    // The list comes back as it was left.
    await views.getByRole('link', { name: 'All' }).click();
    await page.getByText(ada.reference).first().waitFor();
  });

  test('has the patient one tap away on a phone, and is bothered with nothing that is for editors', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await openEntry(ada);
    expect(await page.getByRole('link', { name: 'Call +13105550101' }).isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Open more actions' }).click();
    await page.getByRole('button', { name: 'Mark as contacted' }).click({ trial: true });
    expect(await page.getByText(/^(On the site|Checklist|Versions|Schedule|Linked from)$/i).count()).toBe(0);
    await expectAccessible('entry on a phone');
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  test('calls or writes from the entry, and is shown that Ada asked twice', async () => {
    await openEntry(ada);
    expect(await page.getByRole('link', { name: 'Call +13105550101' }).getAttribute('href')).toBe(
      'tel:+13105550101',
    );
    expect(await page.getByRole('link', { name: 'Write an e-mail to ada@' }).getAttribute('href')).toBe(
      'mailto:ada@patient.example',
    );
    await page.getByText('Same phone or e-mail').waitFor();
    const panels = await page.getByRole('complementary').getByRole('heading', { level: 2 }).allInnerTexts();
    expect(panels.map((title) => title.toLowerCase())).toEqual(['entry', 'this request']);
    await page.getByRole('link', { name: new RegExp(adaAgain.reference) }).waitFor();
    expect(await page.locator('[name="message"]').isDisabled()).toBe(true);
    await expectAccessible('entry');
  });

  test('marks the request as contacted in one click, and the history shows it', async () => {
    await page.getByRole('button', { name: 'Mark as contacted' }).click();
    await page.getByText('Status: New → Contacted').waitFor({ timeout: 20_000 });
    await page.getByText(/, Rosa Desk$/).waitFor();
    await page.getByRole('button', { name: 'Mark as booked' }).waitFor();
    await expectAccessible('history');
    await picture('inbox-entry');
    await page.reload();
    await page.getByText('Status: New → Contacted').waitFor({ timeout: 60_000 });
  });

  test('writes a note and saves it, and then the buttons work again', async () => {
    await page.locator('[name="notes"]').fill('Prefers the afternoon.');
    await page.getByText('Save what you changed first').waitFor();
    await expectAccessible('unsaved changes');
    expect(await page.getByRole('button', { name: 'Mark as booked' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Notes added').waitFor({ timeout: 20_000 });
    await page.getByRole('button', { name: 'Mark as booked' }).click();
    await page.getByText('Status: Contacted → Booked').waitFor({ timeout: 20_000 });
  });

  test('takes a request in hand', async () => {
    await page.getByRole('combobox', { name: 'Assigned to' }).click();
    await page.getByRole('option', { name: 'Rosa Desk' }).click();
    await page.getByText('Assigned to: Rosa Desk').waitFor({ timeout: 20_000 });
  });

  test('runs nothing that a patient wrote, and sees it as plain text', async () => {
    await handOver(system, scripted);
    await openEntry(scripted);
    await page.getByText(scripted.reference).first().waitFor();
    expect(await page.locator('[name="name"]').inputValue()).toBe(scripted.name);
    await page.goto(`${system.cmsUrl}/admin`);
    await page.getByText(scripted.name).first().waitFor({ timeout: 60_000 });
    expect(await page.evaluate(() => Reflect.get(window, 'ran') as unknown)).toBeUndefined();
  });

  test('is told in words what failed and what was refused', async () => {
    await page.route(/\/requests($|\?)/, (route) => route.fulfill({ status: 500, body: '{}' }));
    await page.goto(`${system.cmsUrl}/admin`);
    await page.getByText('Consultation requests').first().waitFor({ timeout: 60_000 });
    await page.getByText("Couldn't load widget content").waitFor({ timeout: 60_000 });
    await expectAccessible('a widget that failed');
    await page.unroute(/\/requests($|\?)/);
    await page.route(/\/requests\/\w+$/, (route) => route.fulfill({ status: 500, body: '{}' }));
    await page.goto(`${system.cmsUrl}/admin/content-manager/collection-types/${TYPE}`);
    await page.getByText(ada.reference).first().click();
    await page.getByText('This could not be loaded. Reload the page.').first().waitFor({ timeout: 60_000 });
    await expectAccessible('a panel that failed');
    await page.unroute(/\/requests\/\w+$/);
    await openEntry(ada);
    await page.locator('[name="phone"]').fill('12');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page
      .getByText(/is no phone number/)
      .first()
      .waitFor({ timeout: 20_000 });
    await expectAccessible('a refused change');
  });

  test('is told on the home page what was set aside on its way, what waits, and what could not be mailed', async () => {
    await page.route(/\/requests($|\?)/, async (route) => {
      const answer = await route.fetch();
      const since = new Date(Date.now() - HOUR).toISOString();
      const onTheWay = {
        silent: 1,
        waiting: { count: 3, since },
        locked: 1,
        setAside: [{ reference: 'KX7-4QM-R9T', reason: 'unreadable', since }],
      };
      await route.fulfill({
        json: {
          ...((await answer.json()) as object),
          onTheWay,
          mail: { failing: 2, failure: 'ECONNREFUSED' },
        },
      });
    });
    await page.goto(`${system.cmsUrl}/admin`);
    await page.getByText('One request did not arrive here').waitFor({ timeout: 60_000 });
    await page.getByText('KX7-4QM-R9T: its file is damaged').waitFor();
    await page.getByText(/^3 requests wait on the site/).waitFor();
    await page.getByText(/^The site does not say whether/).waitFor();
    await page.getByText(/^2 e-mails to the front desk could not be sent/).waitFor();
    await expectAccessible('warnings');
    await picture('inbox-warnings');
    await page.unroute(/\/requests($|\?)/);
  });

  test('meets no error of the browser anywhere', () => {
    expect(faults).toEqual([]);
  });
});

/** Invites Rosa, as the owner does, and gives what she logs in with. */
async function makeFrontDesk(): Promise<{ adminEmail: string; adminPassword: string }> {
  const adminEmail = `rosa-${randomUUID().slice(0, 8)}@clinic.example`;
  const rosa = { email: adminEmail, firstname: 'Rosa', lastname: 'Desk' };
  await invite(await adminApi(system), 'meridian-front-desk', rosa, PASSWORD);
  return { adminEmail, adminPassword: PASSWORD };
}

async function openEntry({ reference }: ConsultationRequest): Promise<void> {
  await page.goto(`${system.cmsUrl}/admin/content-manager/collection-types/${TYPE}`);
  await page.getByText(reference).first().click();
  await page.getByText('This request').first().waitFor({ timeout: 60_000 });
  await page.getByText('History').first().waitFor();
}

/** Faults of Strapi's own markup, which no code of ours can mend: rule and the beginning of the element. */
const OF_STRAPI: readonly RegExp[] = [
  // Banner and headers stand outside the landmarks, each widget is a `main` within the page's, and what a list of choices
  // hides while it is open holds the page's only heading.
  /^region: <div /,
  /^landmark-/,
  /^page-has-heading-one: <html/,
  /^aria-hidden-focus: <div [^>]*data-aria-hidden/,
  // The head of a sorted list.
  /^aria-allowed-attr: <th role="gridcell"/,
  // Titles of widgets and panels.
  /^color-contrast: <h2 /,
];

/** Axe finds nothing, in light and dark, but what is Strapi's own. */
async function expectAccessible(state: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.waitForTimeout(400);
    const faults = await axeViolations(page);
    expect(
      faults.filter((fault) => !OF_STRAPI.some((known) => known.test(fault))),
      `${state}, ${colorScheme}`,
    ).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

async function picture(name: string): Promise<void> {
  if (PICTURES === undefined) return;
  mkdirSync(PICTURES, { recursive: true });
  for (const width of [1280, 768, 360]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(700);
      await page.screenshot({
        path: `${PICTURES}/${name}-${width}-${colorScheme}.png`,
        fullPage: width < 1280,
      });
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
}
