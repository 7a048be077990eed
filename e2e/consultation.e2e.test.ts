import { readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { referenceAlphabet } from '../shared-types/src/index.ts';
import { axeViolations } from './accessibility.ts';
import { adminApi } from './admin-api.ts';
import { openBrowser } from './browser.ts';

const referencePattern = /^[3-9A-Y]{3}-[3-9A-Y]{3}-[3-9A-Y]{3}$/;
const phone = { width: 360, height: 740 };

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
});

const found = inject('systems').find(({ content }) => content === 'fixture');
if (found === undefined) throw new Error('No system with the fixture runs.');
const { siteUrl, dataDir } = found;
/** References that patients were shown. */
const given: string[] = [];

async function inContext(
  options: Parameters<Browser['newContext']>[0],
  look: (page: Page, context: BrowserContext) => Promise<void>,
): Promise<void> {
  // Colours that fade from one to the other are none whose contrast can be measured.
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  try {
    await look(await context.newPage(), context);
  } finally {
    await context.close();
  }
}

/** Whichever letters a reference is made of, it stands on one line within its slip. */
async function expectRoomForReference(page: Page): Promise<void> {
  const reference = page.locator('.reference');
  for (const width of [320, 360, 768, 1024, 1280]) {
    await page.setViewportSize({ width, height: 700 });
    for (const letter of referenceAlphabet) {
      const spans = await reference.evaluate(
        (element, text) => {
          element.textContent = text;
          const words = document.createRange();
          words.selectNodeContents(element);
          const lines = new Set([...words.getClientRects()].map(({ top }) => top)).size;
          return { lines, isWithin: words.getBoundingClientRect().width <= element.clientWidth };
        },
        `${letter.repeat(3)}-${letter.repeat(3)}-${letter.repeat(3)}`,
      );
      expect(spans, `${letter} at ${width} px`).toEqual({ lines: 1, isWithin: true });
    }
  }
}

/** Axe finds nothing in light and dark, and nothing is wider than the narrowest screen. */
async function expectGood(page: Page, state: string): Promise<void> {
  await page.setViewportSize({ width: 320, height: 700 });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await axeViolations(page), `${state}, ${colorScheme}`).toEqual([]);
  }
  const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(tooWide, `${state} scrolls sideways`).toBeLessThanOrEqual(0);
}

async function fill(page: Page, name: string): Promise<void> {
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('E-mail address').fill('pat@example.org');
  await page.getByLabel(/^I agree that/).check();
}

const send = (page: Page) => page.getByRole('button', { name: 'Send request' }).click();

test.each([true, false])(
  'a patient comes from an article, mends an error and gets a reference (JavaScript: %s)',
  async (javaScriptEnabled) => {
    await inContext({ viewport: phone, javaScriptEnabled }, async (page) => {
      await page.goto(`${siteUrl}/articles/acupuncture-for-spine-pain/`);
      await page.locator('main a[href^="/consultation/?topic="]').first().click();
      await page.waitForURL('**/consultation/?topic=*');
      const topic = page.getByLabel(/What is it about/);
      expect(await topic.locator('option:checked').textContent()).not.toContain('Not sure');
      expect(
        await page
          .getByLabel(/Whom would you like/)
          .locator('option')
          .first()
          .textContent(),
      ).toBe('No preference');
      const chosen = await topic.inputValue();

      await page.getByLabel('Your name').fill('Pat Example');
      await page.getByLabel('Monday').check();
      // Nobody fills in a form in less time.
      await page.waitForTimeout(3_100);
      await send(page);
      await page.waitForSelector('[role=alert]');
      expect(await page.title()).toMatch(/^Error: /);
      expect(await page.locator(':focus').getAttribute('id')).toBe('request-problem');
      expect(await page.getByLabel('Your name').inputValue()).toBe('Pat Example');
      expect(await page.getByLabel('Monday').isChecked()).toBe(true);
      expect(await topic.inputValue()).toBe(chosen);
      await page.locator('[role=alert] a[href="#request-phone"]').click();
      expect(await page.locator(':focus').getAttribute('name')).toBe('phone');
      expect(await page.getByLabel('Phone number').getAttribute('aria-invalid')).toBe('true');

      await fill(page, 'Pat Example');
      await send(page);
      await page.waitForURL('**/consultation/received/**');
      const reference = (await page.locator('.reference').textContent())?.trim() ?? '';
      expect(reference).toMatch(referencePattern);
      given.push(reference);
      expect(page.url()).not.toMatch(/Pat|example\.org/);
      await page.reload();
      expect((await page.locator('.reference').textContent())?.trim()).toBe(reference);
      const again = await page.context().newPage();
      await again.goto(page.url());
      expect((await again.locator('.reference').textContent())?.trim()).toBe(reference);
    });
  },
);

test('a double tap makes one request', async () => {
  await inContext({ viewport: phone, javaScriptEnabled: false }, async (page) => {
    await page.goto(`${siteUrl}/consultation/`);
    await fill(page, 'Pat Doubletap');
    const token = await page.locator('input[name="form"]').inputValue();
    const body = new URLSearchParams({
      form: token,
      name: 'Pat Doubletap',
      email: 'pat@example.org',
      consent: 'yes',
    });
    const posts = [1, 2].map(() =>
      fetch(`${siteUrl}/consultation/`, { method: 'POST', body, redirect: 'manual' }),
    );
    const statuses = (await Promise.all(posts)).map(({ status }) => status);
    expect(statuses).toEqual([303, 303]);
  });
});

test('form, errors and confirmation are accessible at 320 px, in light and dark', async () => {
  await inContext({ viewport: phone }, async (page) => {
    await page.goto(`${siteUrl}/consultation/`);
    await expectGood(page, 'form');
    await send(page);
    await page.waitForSelector('[role=alert]');
    await expectGood(page, 'errors');
    await fill(page, `${'Wolfeschlegelsteinhausen'.repeat(8)} Pat`);
    await send(page);
    await page.waitForURL('**/consultation/received/**');
    await expectGood(page, 'confirmation');
    await expectRoomForReference(page);
    await page.goto(`${siteUrl}/consultation/received/`);
    await expectGood(page, 'no confirmation');
  });
});

test('a form that was open for too long comes back with every answer and can be sent', async () => {
  await inContext({ viewport: phone }, async (page) => {
    await page.goto(`${siteUrl}/consultation/`);
    await fill(page, 'Pat Example');
    await page.locator('input[name="form"]').evaluate((field: HTMLInputElement) => (field.value = 'expired'));
    await send(page);
    await page.getByText('This page was open for a long time').waitFor();
    expect(await page.getByLabel('Your name').inputValue()).toBe('Pat Example');
    await expectGood(page, 'expired');
    await send(page);
    await page.waitForURL('**/consultation/received/**');
  });
});

test('going back after sending and sending again makes no second request', async () => {
  await inContext({ viewport: phone, javaScriptEnabled: false }, async (page) => {
    await page.goto(`${siteUrl}/consultation/`);
    const token = await page.locator('input[name="form"]').inputValue();
    await fill(page, 'Pat Doubletap');
    await send(page);
    await page.waitForURL('**/consultation/received/**');
    const reference = await page.locator('.reference').textContent();
    // What a browser sends that shows the form out of its memory.
    const again = { form: token, name: 'Pat Doubletap', email: 'pat@example.org', consent: 'yes' };
    const answer = await fetch(`${siteUrl}/consultation/`, {
      method: 'POST',
      body: new URLSearchParams(again),
    });
    expect(await answer.text()).toContain(reference?.trim());
    await page.goBack();
    await page.getByLabel('Your name').waitFor();
    await page.goForward();
    expect(await page.locator('.reference').textContent()).toBe(reference);
    // The same form with other answers is refused, and loses nothing.
    const other = new URLSearchParams({ ...again, name: 'Pat Other' });
    expect((await fetch(`${siteUrl}/consultation/`, { method: 'POST', body: other })).status).toBe(409);
    await page.goto(`${siteUrl}/consultation/`);
    await page
      .locator('input[name="form"]')
      .evaluate((field: HTMLInputElement, value) => (field.value = value), token);
    await fill(page, 'Pat Other');
    await send(page);
    await page.getByText('This form was sent before, with other answers').waitFor();
    expect(await page.getByLabel('Your name').inputValue()).toBe('Pat Other');
  });
});

test('a spool that cannot be written is told with the phone number, and loses nothing', async () => {
  const waiting = join(dataDir, 'spool', 'waiting');
  renameSync(waiting, `${waiting}-away`);
  try {
    await inContext({ viewport: phone }, async (page) => {
      await page.goto(`${siteUrl}/consultation/`);
      await fill(page, 'Pat Example');
      await send(page);
      await page.waitForSelector('[role=alert]');
      expect(await page.locator('[role=alert]').textContent()).toContain('(207) 555-0142');
      expect(await page.getByLabel('Your name').inputValue()).toBe('Pat Example');
      await expectGood(page, '503');
    });
  } finally {
    renameSync(`${waiting}-away`, waiting);
  }
});

test('each request that a patient was given a reference for is in the inbox, once, as it was sent', async () => {
  expect(given).toHaveLength(2);
  const owner = await adminApi(found);
  const type = 'api::consultation-request.consultation-request';
  for (const reference of given) {
    const path = `/content-manager/collection-types/${type}?filters[reference][$eq]=${reference}`;
    await vi.waitFor(
      async () => {
        const { results } = (await owner('GET', path)).body as { results: Record<string, unknown>[] };
        expect(results).toHaveLength(1);
        expect(results[0]).toMatchObject({ name: 'Pat Example', email: 'pat@example.org', stage: 'new' });
      },
      { timeout: 60_000, interval: 500 },
    );
  }
});

test('nothing of a patient is in the spool in plain, nor in any log', () => {
  for (const folder of ['spool', 'logs']) {
    for (const entry of readdirSync(join(dataDir, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const text = readFileSync(join(entry.parentPath, entry.name), 'latin1');
      expect(text, entry.name).not.toMatch(/Pat Example|Pat Other|Doubletap|pat@example/);
    }
  }
  expect(readFileSync(join(dataDir, 'start.log'), 'latin1')).not.toMatch(
    /Pat Example|Pat Other|Doubletap|pat@example/,
  );
});

// The last one: it uses up what one address may send.
test('too many requests are told with the phone number, and lose nothing', async () => {
  await inContext({ viewport: phone }, async (page) => {
    await page.goto(`${siteUrl}/consultation/`);
    await fill(page, 'Pat Example');
    const body = new URLSearchParams({ name: 'x' });
    for (let sent = 0; sent < 20; sent += 1) {
      await fetch(`${siteUrl}/consultation/`, { method: 'POST', body });
    }
    await send(page);
    await page.waitForSelector('[role=alert]');
    expect(await page.locator('[role=alert]').textContent()).toContain('(207) 555-0142');
    expect(await page.getByLabel('Your name').inputValue()).toBe('Pat Example');
    await expectGood(page, '429');
    // Far above the limit nothing is read any more.
    for (let sent = 0; sent < 45; sent += 1) {
      await fetch(`${siteUrl}/consultation/`, { method: 'POST', body });
    }
    await send(page);
    await page.getByRole('heading', { name: 'Too many requests' }).waitFor();
    expect(await page.locator('main').textContent()).toContain('(207) 555-0142');
    await expectGood(page, '429 unread');
  });
});
