import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { freshSettings, removeData, startCms, type Cms, type Settings } from '../../cms/test/cms.ts';
import { call, principals } from '../../cms/test/people.ts';
import { cleanEnvironment } from '../../e2e/system.ts';
import { type Child, startChild } from '../children.ts';
import { freePort } from '../free-port.ts';
import { root } from '../settings.ts';
import { copyCheckout, runIn } from './checkout.ts';
import { applyChange, stepsOf } from './guide.ts';

const steps = stepsOf(readFileSync(join(root, 'docs/content-types.md'), 'utf8'));
const service = 'collection-types/api::service.service';

let checkout: Awaited<ReturnType<typeof copyCheckout>>;
let settings: Settings;
let system: Child | undefined;
let marketing: string;

beforeAll(async () => {
  checkout = await copyCheckout();
  settings = await freshSettings({ SITE_PORT: String(await freePort()) });
  // The installation is older than the type: its roles must get to know it.
  const cms = await startCms(settings);
  marketing = (await principals(cms))['Marketing'] ?? '';
  await cms.stop();
});
afterAll(async () => {
  await system?.stop();
  await checkout.remove();
  await removeData(settings);
});

const siteUrl = () => `http://127.0.0.1:${settings['SITE_PORT'] ?? ''}`;
const cms = (): Pick<Cms, 'url'> => ({ url: `http://127.0.0.1:${settings['CMS_PORT'] ?? ''}` });
const page = async (path: string) => {
  const answer = await fetch(`${siteUrl()}${path}`);
  return answer.ok ? answer.text() : '';
};
const manager = (method: string, path: string, body?: unknown) =>
  call(cms(), method, `/content-manager/${path}`, marketing, body);

/** Follows the guide to its end. A system that was started stays. */
async function follow(): Promise<void> {
  for (const step of steps) {
    if (step.kind === 'change') {
      applyChange(checkout.folder, step);
    } else if (step.line === 'npm start') {
      const log = join(checkout.folder, 'start.log');
      system = startChild({
        name: 'Meridian with services',
        program: 'npm',
        args: ['start'],
        cwd: checkout.folder,
        env: cleanEnvironment(settings),
        output: { log },
      });
      const up = () => expect(readFileSync(log, 'utf8')).toContain('Meridian is up');
      await vi.waitFor(up, { timeout: 600_000, interval: 500 });
    } else {
      runIn(checkout.folder, step.line, settings);
    }
  }
}

test('the guide leads from a command to a live page with price and duration', async () => {
  await follow();
  expect(await page('/services/')).toContain('No service has been published yet.');

  const draft = { title: 'First visit', slug: 'first-visit', summary: 'A long talk.', body: 'We listen.' };
  const made = await manager('POST', service, { ...draft, price: 1200 });
  expect(made.status, made.text).toBe(201);
  const { documentId } = (made.body as { data: { documentId: string } }).data;

  const link = await manager('GET', `preview/url/api::service.service?documentId=${documentId}&status=draft`);
  const { url } = (link.body as { data: { url: string } }).data;
  const opened = await fetch(url, { redirect: 'manual' });
  const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? '';
  const preview = await fetch(new URL(opened.headers.get('location') ?? '', siteUrl()), {
    headers: { cookie },
  });
  const shown = await preview.text();
  expect(shown).toContain('$1,200');
  expect(shown).toContain('Duration is not filled in yet.');

  const refused = await manager('POST', `${service}/${documentId}/actions/publish`, draft);
  expect(refused.status, refused.text).toBe(400);
  const published = await manager('POST', `${service}/${documentId}/actions/publish`, {
    ...draft,
    price: 1200,
    duration: 45,
  });
  expect(published.status, published.text).toBe(200);

  await vi.waitFor(
    async () => {
      const live = await page('/services/first-visit/');
      expect(live).toContain('$1,200');
      expect(live).toContain('45 minutes');
    },
    { timeout: 120_000, interval: 500 },
  );
  expect(await page('/services/')).toContain('href="/services/first-visit/"');
  expect(await page('/sitemap.xml')).toContain('/services/first-visit/');
});
