import { expect, onTestFinished, test } from 'vitest';
import { openBrowser } from '../browser.ts';
import { faultsInBrowser, serveHostilePages } from './pages.ts';

const seed = Number(process.env['HOSTILE_SEED'] ?? 20_261_125);

test(`3,000 hostile documents run nothing in a real browser, without the site's policy and with it (HOSTILE_SEED=${String(seed)})`, async () => {
  const hostile = await serveHostilePages(seed, 0, 3_000);
  onTestFinished(hostile.close);
  const browser = await openBrowser();
  onTestFinished(() => browser.close());
  expect(await faultsInBrowser(browser, hostile, true)).toEqual([]);
  expect(await faultsInBrowser(browser, { ...hostile, paths: hostile.paths.slice(0, 3) }, false)).toEqual([]);
});
