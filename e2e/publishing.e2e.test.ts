import { spawnSync } from 'node:child_process';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { root } from '../scripts/settings.ts';
import { openBrowser } from './browser.ts';
import { cleanEnvironment, logIn } from './system.ts';

const system = inject('systems').find(({ content }) => content === 'fixture');
if (system === undefined) throw new Error('No system with the fixture runs.');
const { siteUrl, cmsUrl, dataDir } = system;

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
});

test('an edit that is published in the admin shows on the site after a build', async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await logIn(page, system);
  await page.goto(`${cmsUrl}/admin/content-manager/collection-types/api::topic.topic`);
  await page.locator('table tbody tr').first().click();
  const name = page.locator('input[name="name"]');
  await name.waitFor({ timeout: 60_000 });
  const changed = `${await name.inputValue()} edited`;
  await name.fill(changed);
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await page
    .getByText(/published/i)
    .first()
    .waitFor();
  await context.close();

  const env = cleanEnvironment({
    DATA_DIR: dataDir,
    CMS_PORT: new URL(cmsUrl).port,
    SITE_PORT: new URL(siteUrl).port,
  });
  const build = spawnSync(process.execPath, ['scripts/build.ts'], { cwd: root, env, encoding: 'utf8' });
  expect(`${build.stdout}${build.stderr}`).toContain('making it live');
  expect(build.status).toBe(0);
  const topics = await (await fetch(`${siteUrl}/topics/`)).text();
  expect(topics).toContain(changed);
});
