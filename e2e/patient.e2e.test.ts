import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openBrowser } from './browser.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
});

describe.each(inject('systems').filter(({ content }) => content === 'starting content'))(
  'a patient with a phone',
  ({ siteUrl }) => {
    test.each([
      ['on', true],
      ['off', false],
    ])(
      'walks from the home page over the article to a call with JavaScript %s',
      async (_name, javaScriptEnabled) => {
        const context = await browser.newContext({
          javaScriptEnabled,
          viewport: { width: 360, height: 740 },
          isMobile: true,
          hasTouch: true,
        });
        const page = await context.newPage();
        await page.goto(`${siteUrl}/`);
        await page.locator('main a[href="/articles/acupuncture-for-spine-pain/"]').first().click();
        await page.waitForURL('**/articles/acupuncture-for-spine-pain/');
        expect(await page.locator('h1').innerText()).toBe('Acupuncture for spine pain');
        const toConsultation = page.locator('main a[href^="/consultation/"]').first();
        await toConsultation.click();
        await page.waitForURL('**/consultation/**');
        const call = page.locator('main a[href^="tel:"]').first();
        expect(await call.isVisible()).toBe(true);
        const href = (await call.getAttribute('href')) ?? '';
        expect(href).toMatch(/^tel:\+\d{8,15}$/);
        const box = await call.boundingBox();
        expect(box?.height).toBeGreaterThanOrEqual(24);
        await context.close();
      },
    );

    test('sees the whole article with JavaScript off', async () => {
      const context = await browser.newContext({ javaScriptEnabled: false });
      const page = await context.newPage();
      await page.goto(`${siteUrl}/articles/acupuncture-for-spine-pain/`);
      // Not innerText: it leaves out parts that are laid out only when they come into view.
      const text = (await page.locator('main').textContent()) ?? '';
      expect(text).toContain('Not yet clinically reviewed');
      expect(text.length).toBeGreaterThan(2000);
      const parts = await page.locator('main .sections > section').all();
      expect(parts.length).toBeGreaterThan(3);
      for (const part of parts) {
        await part.scrollIntoViewIfNeeded();
        await part.locator('h2, p, li').first().waitFor();
      }
      await context.close();
    });
  },
);
