import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openBrowser } from '../../e2e/browser.ts';
import { startServer } from '../server/test/http.ts';
import { temporaryFolder } from '../server/test/site.ts';
import { faultsInBrowser, releaseHostilePages } from './hostile-pages.ts';

const seed = Number(process.env['HOSTILE_SEED'] ?? 20_261_125);

test(`thousands of hostile documents run nothing in a real browser, with the site's policy and without (seed ${String(seed)})`, async () => {
  const folder = await temporaryFolder();
  const paths = await releaseHostilePages(folder, { seed, from: 0, count: 3_000 });
  const origin = await startServer({ releasesDir: join(folder, 'releases') });
  const browser = await openBrowser();
  onTestFinished(() => browser.close());
  expect(await faultsInBrowser(browser, origin, paths, true)).toEqual([]);
  expect(await faultsInBrowser(browser, origin, paths.slice(0, 2), false)).toEqual([]);
});
