import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeLock } from '../site/src/locks.ts';
import { freePort } from './free-port.ts';
import { requireStopped, siteRuns } from './running.ts';
import { readSettings, type Settings } from './settings.ts';

let folder: string;
let settings: Settings;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-running-'));
  const port = String(await freePort());
  settings = readSettings({ DATA_DIR: folder, CMS_PORT: port }, join(folder, '.env'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a site server is seen by its lock', async () => {
  expect(await siteRuns(folder)).toBe(false);
  const lock = await takeLock(join(folder, 'site.lock'));
  expect(await siteRuns(folder)).toBe(true);
  await expect(requireStopped(settings)).rejects.toThrow(/a site server has .* Stop CMS and site first/);
  lock?.release();
  expect(await siteRuns(folder)).toBe(false);
  await requireStopped(settings);
});

test('a CMS is seen when it takes the token of this installation, and not when it is that of another one', async () => {
  let token = settings.secrets.CMS_BUILD_TOKEN;
  const server = createServer((request, response) => {
    response.writeHead(request.headers.authorization === `Bearer ${token}` ? 200 : 401).end();
  });
  await new Promise<void>((resolve) => server.listen(settings.cms.port, '127.0.0.1', resolve));
  try {
    await expect(requireStopped(settings)).rejects.toThrow(/its CMS answers at .* Stop CMS and site first/);
    token = 'of another clinic';
    await requireStopped(settings);
  } finally {
    server.close();
  }
});
