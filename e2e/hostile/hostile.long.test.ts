import { expect, test } from 'vitest';
import { openBrowser } from '../browser.ts';
import { faultsInBrowser, serveHostilePages } from './pages.ts';

const seed = Number(process.env['HOSTILE_SEED'] ?? Date.now() % 1_000_000);
const DOCUMENTS = 100_000;
const AT_ONCE = 5_000;

test(`100,000 hostile documents run nothing in a real browser, without the site's policy and with it (HOSTILE_SEED=${String(seed)})`, async () => {
  console.log(`HOSTILE_SEED=${String(seed)}`);
  for (let from = 0; from < DOCUMENTS; from += AT_ONCE) {
    const hostile = await serveHostilePages(seed, from, AT_ONCE);
    const browser = await openBrowser();
    try {
      expect(await faultsInBrowser(browser, hostile, true)).toEqual([]);
      expect(await faultsInBrowser(browser, { ...hostile, paths: hostile.paths.slice(0, 2) }, false)).toEqual(
        [],
      );
    } finally {
      await browser.close();
      hostile.close();
    }
  }
});
