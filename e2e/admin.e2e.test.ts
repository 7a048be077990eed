import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openBrowser, STAFF_SCREEN } from './browser.ts';
import { logIn } from './system.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
});

describe.each(inject('systems').filter(({ content }) => content === 'starting content'))(
  'the admin panel',
  (system) => {
    test('lets the first admin in and opens the acupuncture article with help beside its fields', async () => {
      const context = await browser.newContext(STAFF_SCREEN);
      const page = await context.newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => {
        if (message.text().includes('Content Security Policy')) errors.push(message.text());
      });

      await logIn(page, system);
      await page.goto(`${system.cmsUrl}/admin/content-manager/collection-types/api::article.article`);
      await page.getByText('Acupuncture for spine pain').first().click();
      const title = page.locator('input[name="title"]');
      await title.waitFor({ timeout: 60_000 });
      expect(await title.inputValue()).toBe('Acupuncture for spine pain');
      const help = await page.locator('[id$="-hint"]').allInnerTexts();
      expect(help.filter((text) => text.trim().length > 10).length).toBeGreaterThanOrEqual(3);
      expect(errors).toEqual([]);
      await context.close();
    });
  },
);
