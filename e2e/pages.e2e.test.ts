import { brotliCompressSync } from 'node:zlib';
import { HtmlValidate } from 'html-validate';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { axeViolations } from './accessibility.ts';
import { openBrowser } from './browser.ts';
import { allPages } from './pages.ts';

const validator = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    // Other characters would be copied along with a number; where letters are very large it may take two lines.
    'tel-non-breaking': 'off',
    // The formatter's business, and none of the reader's.
    'no-trailing-whitespace': 'off',
    'void-style': 'off',
    'doctype-style': 'off',
    'attr-quotes': 'off',
    'no-inline-style': 'error',
    // Several days may be ticked, each under the one name.
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'submit', 'button', 'reset'] }],
    'long-title': 'off',
  },
});
const BUDGET = 14 * 1024;

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
});

describe.each(inject('systems'))('every page of the site with $content', ({ siteUrl }) => {
  let pages: string[];
  beforeAll(async () => {
    pages = await allPages(siteUrl);
  });

  test('is valid HTML with one first-level heading and no level left out', async () => {
    const problems: string[] = [];
    for (const path of pages) {
      const html = await textOf(`${siteUrl}${path}`);
      const report = await validator.validateString(html, path);
      problems.push(
        ...report.results.flatMap(({ messages }) =>
          messages.map(({ ruleId, message, line }) => `${path}:${line} ${ruleId}: ${message}`),
        ),
        ...headingProblems(path, html),
      );
    }
    expect(problems).toEqual([]);
  });

  test('leads nowhere that does not exist', async () => {
    const problems: string[] = [];
    const seen = new Map<string, { status: number; html: string }>();
    for (const path of pages) {
      const html = await textOf(`${siteUrl}${path}`);
      for (const href of linksOf(html)) {
        const target = new URL(href, `${siteUrl}${path}`);
        if (target.origin !== siteUrl) continue;
        const address = `${target.origin}${target.pathname}`;
        const known = seen.get(address) ?? (await statusOf(address));
        seen.set(address, known);
        if (known.status !== 200 && target.pathname !== path)
          problems.push(`${path} links to ${href}: ${known.status}`);
        const id = decodeURIComponent(target.hash.slice(1));
        if (id !== '' && known.status === 200 && !known.html.includes(`id="${id}"`)) {
          problems.push(`${path} links to ${href}, which has no such part`);
        }
      }
    }
    expect(problems).toEqual([]);
  });

  test.each(['light', 'dark'] as const)(
    'has no violation that axe knows in %s colours',
    async (colorScheme) => {
      const context = await browser.newContext({
        colorScheme,
        reducedMotion: 'reduce',
        bypassCSP: true,
        viewport: { width: 360, height: 800 },
      });
      const page = await context.newPage();
      const problems: string[] = [];
      for (const path of pages) {
        await page.goto(`${siteUrl}${path}`);
        problems.push(...(await axeViolations(page)).map((violation) => `${path} ${violation}`));
      }
      await context.close();
      expect(problems).toEqual([]);
    },
  );

  test('asks nobody else for anything, breaks no security policy, and never scrolls sideways at 320 px', async () => {
    const context = await browser.newContext({ viewport: { width: 320, height: 800 } });
    const page = await context.newPage();
    const problems: string[] = [];
    let path = '';
    page.on('request', (request) => {
      if (!request.url().startsWith(siteUrl)) problems.push(`${path} asks for ${request.url()}`);
    });
    page.on('console', (message) => {
      if (message.type() === 'error' && path !== '/no-such-page/')
        problems.push(`${path} says ${message.text()}`);
    });
    page.on('pageerror', (error) => problems.push(`${path} throws ${error.message}`));
    for (path of pages) {
      await page.goto(`${siteUrl}${path}`, { waitUntil: 'load' });
      const { content, view, broken } = await page.evaluate(() => ({
        content: document.documentElement.scrollWidth,
        view: document.documentElement.clientWidth,
        broken: Array.from(document.querySelectorAll('a[href^="tel:"]'), (link) => {
          const texts = document.createTreeWalker(link, NodeFilter.SHOW_TEXT);
          while (texts.nextNode() !== null && !/\d/.test(texts.currentNode.textContent ?? ''));
          const range = document.createRange();
          range.selectNodeContents(texts.currentNode);
          const lines = new Set(Array.from(range.getClientRects(), ({ top }) => top)).size;
          return { text: texts.currentNode.textContent, lines };
        }).filter(({ text, lines }) => /^\s*[\d(+]/.test(text ?? '') && lines > 1),
      }));
      for (const { text, lines } of broken)
        problems.push(`${path} breaks the number ${text} into ${lines} lines`);
      if (content > view) problems.push(`${path} is ${content} px wide in a view of ${view} px`);
    }
    // The search fetches its engine, a worker and WebAssembly only when it is used.
    await page.goto(`${siteUrl}/search/?q=clinic`);
    await page
      .getByRole('status')
      .filter({ hasText: /results? for/ })
      .waitFor();
    await context.close();
    expect(problems).toEqual([]);
  });

  test('article pages and their styles fit into 14 KB', async () => {
    const problems: string[] = [];
    const articles = pages.filter((path) => /^\/articles\/(?!page\/)[^/]+\/$/.test(path));
    expect(articles.length).toBeGreaterThan(0);
    for (const path of articles) {
      const html = await textOf(`${siteUrl}${path}`);
      const styles = [...html.matchAll(/<link[^>]+rel="stylesheet"[^>]*>/g)].map(([tag]) =>
        attribute(tag, 'href'),
      );
      const texts = [html, ...(await Promise.all(styles.map((href) => textOf(new URL(href, siteUrl).href))))];
      const bytes = texts.reduce((sum, text) => sum + brotliCompressSync(text).length, 0);
      if (bytes > BUDGET) problems.push(`${path} takes ${bytes} bytes`);
    }
    expect(problems).toEqual([]);
  });
});

function headingProblems(path: string, html: string): string[] {
  const levels = [...html.matchAll(/<h([1-6])[\s>]/g)].map(([, level]) => Number(level));
  const firsts = levels.filter((level) => level === 1).length;
  const jumps = levels.flatMap((level, index) => {
    const before = levels[index - 1] ?? 0;
    return level > before + 1 ? [`${path}: heading level ${level} follows ${before}`] : [];
  });
  return firsts === 1 ? jumps : [...jumps, `${path}: ${firsts} first-level headings`];
}

function linksOf(html: string): string[] {
  return (
    [...html.matchAll(/<(?:a|link|img|script|source|use)\b[^>]*>/g)]
      // The page for a wrong address names its own, which answers 404 as it should.
      .filter(([tag]) => attribute(tag, 'rel') !== 'canonical')
      .flatMap(([tag]) => [attribute(tag, 'href'), attribute(tag, 'src')])
      .filter((href) => href !== '' && !/^(tel|mailto|data):/.test(href))
  );
}

function attribute(tag: string, name: string): string {
  return (new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '').replaceAll('&amp;', '&');
}

async function statusOf(address: string): Promise<{ status: number; html: string }> {
  const response = await fetch(address);
  return { status: response.status, html: await response.text() };
}

async function textOf(address: string): Promise<string> {
  return (await statusOf(address)).html;
}
