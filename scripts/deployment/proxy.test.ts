import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { freePort } from '../free-port.ts';
import { root } from '../settings.ts';

// The proxy's own file in the proxy itself, where it is installed; everything is on the loopback interface.
const isInstalled = spawnSync('caddy', ['version']).status === 0;
const [site, admin] = ['site.test', 'admin.test'];

let folder: string;
let proxy: ChildProcess | undefined;
const servers: Server[] = [];
afterEach(() => {
  proxy?.kill('SIGKILL');
  for (const server of servers.splice(0)) server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the proxy in front of two servers that say their names and whom they think they talk to. */
async function start(networks: string): Promise<number> {
  folder = mkdtempSync(join(tmpdir(), 'meridian-proxy-'));
  const [port, healthPort] = [await freePort(), await freePort()];
  const file = join(folder, 'Caddyfile');
  const text = readFileSync(join(root, 'deploy/caddy/Caddyfile'), 'utf8').replaceAll(
    '8080',
    String(healthPort),
  );
  writeFileSync(file, text);
  proxy = spawn('caddy', ['run', '--adapter', 'caddyfile', '--config', file], {
    stdio: 'ignore',
    env: {
      PATH: process.env['PATH'],
      XDG_DATA_HOME: folder,
      XDG_CONFIG_HOME: folder,
      SITE_HOST_NAME: `http://${site}:${port}`,
      ADMIN_HOST_NAME: `http://${admin}:${port}`,
      ADMIN_NETWORKS: networks,
      SITE_SERVER: await serve('the site'),
      CMS_SERVER: await serve('the admin'),
    },
  });
  await vi.waitFor(async () => expect((await ask(healthPort, '127.0.0.1', '/')).status).toBe(204), {
    timeout: 20_000,
  });
  return port;
}

async function serve(name: string): Promise<string> {
  const server = createServer((asked, answer) => {
    answer.end(`${name} for ${[asked.headers['x-forwarded-for']].flat().join(', ')}`);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function ask(
  port: number,
  host: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', path, headers: { host, ...headers } }, (answer) => {
      let body = '';
      answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
      answer.on('end', () => resolve({ status: answer.statusCode, body }));
    });
    asked.on('error', reject);
    asked.end();
  });
}

describe.runIf(isInstalled)('the proxy', () => {
  test('shows the site to everybody, but for what is said inside, and believes no forwarded address', async () => {
    const port = await start('10.99.0.0/16');
    const forged = { 'x-forwarded-for': '10.99.0.1' };
    expect(await ask(port, site, '/articles/', forged)).toEqual({
      status: 200,
      body: 'the site for 127.0.0.1',
    });
    const inside = [
      '/_meridian/messages',
      '//_meridian/messages',
      '/_meridian%2fmessages',
      '/healthz',
      '/readyz',
      '/metrics',
    ];
    for (const path of inside) expect((await ask(port, site, path)).status, path).toBe(404);
  });

  test('shows the admin to the networks that are named and to nobody else', async () => {
    const port = await start('10.99.0.0/16 192.168.10.0/24');
    for (const headers of [{}, { 'x-forwarded-for': '10.99.0.1' }, { 'x-real-ip': '10.99.0.1' }]) {
      expect((await ask(port, admin, '/admin', headers as Record<string, string>)).status).toBe(403);
    }
  });

  test('lets staff in', async () => {
    const port = await start('10.99.0.0/16 127.0.0.1/32');
    expect(await ask(port, admin, '/admin')).toEqual({ status: 200, body: 'the admin for 127.0.0.1' });
  });
});
