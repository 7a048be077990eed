import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copyName } from './backup/copies.ts';
import { freePort } from './free-port.ts';
import { root } from './settings.ts';

/** Runs the check with settings as a compose file gives them: what is not set is empty. */
function health(part: string, settings: Record<string, string>): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const env = {
      PATH: process.env['PATH'],
      ADMIN_EMAIL: '',
      SMTP_HOST: '',
      CHECK_EXTERNAL_LINKS: '',
      ...settings,
    };
    execFile(process.execPath, [join(root, 'scripts/health.ts'), part], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: `${stdout}${stderr}`.trim() });
    });
  });
}

test('a server is healthy when it answers', async () => {
  const port = await freePort();
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/_health' ? 204 : 404).end();
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const settings = { CMS_HOST: '0.0.0.0', CMS_PORT: String(port), SITE_PORT: String(port + 1) };
  try {
    expect(await health('cms', settings)).toEqual({ code: 0, output: 'healthy' });
    expect(await health('site', settings)).toEqual({ code: 1, output: 'unhealthy' });
  } finally {
    server.close();
  }
});

test('backups are healthy when the newest is not older than two days', async () => {
  const BACKUP_DIR = mkdtempSync(join(tmpdir(), 'meridian-health-'));
  const hours = (count: number) => new Date(Date.now() - count * 3_600_000);
  try {
    expect((await health('backup', { BACKUP_DIR })).code).toBe(1);
    writeFileSync(join(BACKUP_DIR, copyName(hours(49))), '');
    expect((await health('backup', { BACKUP_DIR })).code).toBe(1);
    writeFileSync(join(BACKUP_DIR, copyName(hours(47))), '');
    expect((await health('backup', { BACKUP_DIR })).code).toBe(0);
  } finally {
    rmSync(BACKUP_DIR, { recursive: true, force: true });
  }
});

test('anything else is no part of Meridian', async () => {
  expect((await health('', {})).output).toContain('Usage: npm run health -- cms|site|backup');
});
