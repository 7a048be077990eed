import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openBrowser } from '../../e2e/browser.ts';
import { startServer } from '../server/test/http.ts';
import { temporaryFolder } from '../server/test/site.ts';
import { faultsInBrowser, releaseHostilePages } from './hostile-pages.ts';

const seed = Number(process.env['HOSTILE_SEED'] ?? Date.now() % 1_000_000);
const DOCUMENTS = 100_000;
const AT_ONCE = 5_000;

test(`100,000 hostile documents run nothing in a real browser, with the policy or without (HOSTILE_SEED=${String(seed)})`, async () => {
  console.log(`HOSTILE_SEED=${String(seed)}`);
  const folder = await temporaryFolder();
  const origin = await startServer({ releasesDir: join(folder, 'releases') });
  for (let from = 0; from < DOCUMENTS; from += AT_ONCE) {
    const paths = await releaseHostilePages(folder, { seed, from, count: AT_ONCE });
    const browser = await openBrowser();
    onTestFinished(() => browser.close());
    expect(await faultsInBrowser(browser, origin, paths, true)).toEqual([]);
    expect(await faultsInBrowser(browser, origin, paths.slice(0, 2), false)).toEqual([]);
    await browser.close();
  }
});
