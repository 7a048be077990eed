import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openBrowser } from './browser.ts';
import { allPages } from './pages.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
});

/** What the browser has its focus on. */
interface Stop {
  /** The element, for messages. */
  readonly name: string;
  /** Top and bottom in the view. */
  readonly top: number;
  readonly bottom: number;
  readonly outlined: boolean;
  /** Place among all elements of the document. */
  readonly order: number;
}

describe.each(inject('systems'))('the site with $content', ({ siteUrl }) => {
  let pages: string[];
  let chosen: string[];
  beforeAll(async () => {
    pages = await allPages(siteUrl);
    const first = (folder: string) =>
      pages.filter((path) => new RegExp(`^/${folder}/(?!page/)[^/]+/$`).test(path)).slice(0, 1);
    chosen = ['/', '/consultation/', '/search/', '/articles/', ...first('articles'), ...first('providers')];
  });

  async function open(context: BrowserContext, path: string): Promise<Page> {
    const page = await context.newPage();
    await page.goto(`${siteUrl}${path}`);
    return page;
  }

  // A browser that zooms to 200 % has half the room, and twice the dots for each of its pixels.
  test.each([
    ['a wide window zoomed to 200 %', { width: 640, height: 400 }, 2, 16],
    ['a phone whose letters are twice as large', { width: 360, height: 740 }, 1, 32],
    ['a wide window whose letters are twice as large', { width: 1280, height: 800 }, 1, 32],
  ])('never scrolls sideways in %s', async (_name, viewport, deviceScaleFactor, letters) => {
    const context = await browser.newContext({ viewport, deviceScaleFactor });
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Page.setFontSizes', { fontSizes: { standard: letters, fixed: letters } });
    const problems: string[] = [];
    for (const path of pages) {
      await page.goto(`${siteUrl}${path}`);
      const { content, view, size } = await page.evaluate(() => ({
        content: document.documentElement.scrollWidth,
        view: document.documentElement.clientWidth,
        size: Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
      }));
      expect(size).toBeGreaterThanOrEqual(letters);
      if (content > view) problems.push(`${path} is ${content} px wide in a view of ${view} px`);
    }
    await context.close();
    expect(problems).toEqual([]);
  });

  test.each([360, 1280])(
    'can be walked with the keyboard at %i px: in order, past everything, with the place seen',
    async (width) => {
      const context = await browser.newContext({
        viewport: { width, height: 800 },
        reducedMotion: 'reduce',
      });
      const problems: string[] = [];
      for (const path of chosen) {
        const page = await open(context, path);
        const stops = await walk(page);
        const missed = await page.evaluate(() => {
          const all = document.querySelectorAll<HTMLElement>('a[href], button, input, summary');
          return Array.from(all).filter((element) => element.checkVisibility() && element.tabIndex >= 0)
            .length;
        });
        if (stops[0]?.name !== 'a Skip to main content') problems.push(`${path} begins at ${stops[0]?.name}`);
        if (stops.length < missed) problems.push(`${path} stops ${stops.length} times of ${missed}`);
        for (const [index, { name, top, bottom, outlined, order }] of stops.entries()) {
          if (!outlined) problems.push(`${path}: ${name} shows no focus`);
          if (bottom <= 0 || top >= 800) problems.push(`${path}: ${name} is out of sight`);
          if (order < (stops[index - 1]?.order ?? 0)) problems.push(`${path}: ${name} comes too late`);
        }
        await page.close();
      }
      await context.close();
      expect(problems).toEqual([]);
    },
  );

  test('opens its menu and leads past the header by keyboard', async () => {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
    const page = await open(context, '/');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await page.locator('.menu > summary').focus();
    const link = page.getByRole('navigation', { name: 'Menu' }).getByRole('link').first();
    expect(await link.isVisible()).toBe(false);
    await page.keyboard.press('Enter');
    expect(await link.isVisible()).toBe(true);
    await page.keyboard.press('Tab');
    expect(await link.evaluate((element) => element === document.activeElement)).toBe(true);
    await context.close();
  });

  test('can be read with nothing loaded but the page and its styles', async () => {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
    await context.route('**/*', (route) =>
      ['document', 'stylesheet'].includes(route.request().resourceType())
        ? route.continue()
        : route.abort('blockedbyclient'),
    );
    const page = await open(context, chosen.find((path) => /^\/articles\/[^/]+\/$/.test(path)) ?? '/');
    const { words, margin } = await page.evaluate(() => ({
      words: document.querySelector('main')?.textContent.split(/\s+/).length ?? 0,
      margin: getComputedStyle(document.body).marginTop,
    }));
    expect(words).toBeGreaterThan(60);
    expect(margin).toBe('0px');
    await context.close();
  });

  test('lands on the part that a link within the page names', async () => {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
    const problems: string[] = [];
    for (const path of pages.filter((address) => /^\/articles\/(?!page\/)[^/]+\/$/.test(address))) {
      const page = await open(context, path);
      const last = page.locator('.toc a').last();
      if ((await last.count()) > 0) {
        const id = ((await last.getAttribute('href')) ?? '#').slice(1);
        await last.click();
        const top = () =>
          page.evaluate((name) => document.getElementById(name)?.getBoundingClientRect().top ?? -1, id);
        const seen = async () => {
          const place = await top();
          return place >= 0 && place < 740;
        };
        await expect.poll(seen, { message: `${path}#${id} is out of sight` }).toBe(true);
      } else if (path.includes('acupuncture')) problems.push(`${path} has no contents`);
      await page.close();
    }
    await context.close();
    expect(problems).toEqual([]);
  });

  test('moves nothing for those who asked for less motion, and keeps borders in forced colours', async () => {
    const context = await browser.newContext({ reducedMotion: 'reduce', forcedColors: 'active' });
    for (const path of chosen) {
      const page = await open(context, path);
      const found = await page.evaluate(() => {
        const elements = Array.from(document.querySelectorAll('*'), (element) => ({
          element,
          style: getComputedStyle(element),
        }));
        return {
          moving: elements
            .filter(
              ({ style }) =>
                style.animationName !== 'none' ||
                style.scrollBehavior === 'smooth' ||
                style.transitionDuration.split(', ').some((duration) => duration !== '0s'),
            )
            .map(({ element }) => element.outerHTML.slice(0, 80)),
          lost: elements
            .filter(
              ({ element, style }) =>
                element.matches('.button, .note, .band, .field') && style.borderTopWidth === '0px',
            )
            .map(({ element }) => element.outerHTML.slice(0, 80)),
        };
      });
      expect(found, path).toEqual({ moving: [], lost: [] });
      await page.close();
    }
    await context.close();
  });

  test('prints an article with its phone number and the addresses of its links, without menus', async () => {
    const context = await browser.newContext();
    const page = await open(context, '/articles/acupuncture-for-spine-pain/');
    await page.emulateMedia({ media: 'print' });
    const printed = await page.evaluate(() => {
      const visible = (selector: string) =>
        Array.from(document.querySelectorAll<HTMLElement>(selector)).filter((element) =>
          element.checkVisibility({ contentVisibilityAuto: true }),
        );
      const [reference] = visible('.cite a[href^="http"]');
      return {
        phones: visible('a[href^="tel:"]').length,
        menus: visible('nav, .skip, form').length,
        address: reference === undefined ? null : getComputedStyle(reference, '::after').content,
        hidden: Array.from(document.querySelectorAll<HTMLElement>('.fold > div')).filter(
          (element) => !element.closest('.noprint') && element.getBoundingClientRect().height === 0,
        ).length,
      };
    });
    expect(printed.phones).toBeGreaterThan(0);
    expect(printed.menus).toBe(0);
    if (printed.address !== null) expect(printed.address).toContain('(');
    expect(printed.hidden).toBe(0);
    await context.close();
  });
});

/** Presses Tab from the top of a page until the focus leaves it, and says where it stopped. */
async function walk(page: Page): Promise<Stop[]> {
  const stops: Stop[] = [];
  for (;;) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate((): Stop | null => {
      const element = document.activeElement;
      if (element === null || element === document.body) return null;
      const box = element.getBoundingClientRect();
      const outlined = [null, '::after'].some((part) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(element, part);
        return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
      });
      return {
        name: `${element.localName} ${element.textContent.trim().replace(/\s+/g, ' ').slice(0, 60)}`,
        top: box.top,
        bottom: box.bottom,
        outlined,
        order: Array.from(document.querySelectorAll('*')).indexOf(element),
      };
    });
    if (stop === null || stops.length > 500) return stops;
    stops.push(stop);
  }
}
