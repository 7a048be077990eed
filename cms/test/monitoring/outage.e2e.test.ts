import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../../scripts/free-port.ts';
import { freshSettings, removeData, startCms, type Cms } from '../cms.ts';
import { startPostgres, type Postgres } from '../databases.ts';

/** A way to a database that can be cut, or hang, as a network does. */
async function startDoor(to: number) {
  const sockets = new Set<Socket>();
  let state: 'open' | 'hanging' | 'shut' = 'open';
  const server = createServer((near) => {
    if (state === 'shut') return void near.destroy();
    const far = connect(to, '127.0.0.1');
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (data) => state === 'open' && into.write(data));
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        into.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    set(next: typeof state) {
      if (next !== 'hanging') for (const socket of sockets) socket.destroy();
      state = next;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

let postgres: Postgres;
let door: Awaited<ReturnType<typeof startDoor>>;
let cms: Cms;

beforeAll(async () => {
  postgres = await startPostgres();
  const address = new URL(await postgres.createDatabase('outage'));
  door = await startDoor(Number(address.port));
  address.port = String(door.port);
  cms = await startCms(
    await freshSettings({ DATABASE_URL: address.href, CMS_METRICS_PORT: String(await freePort()) }),
  );
});
afterAll(async () => {
  await cms.stop();
  door.close();
  await postgres.stop();
  await removeData(cms.settings);
});

const readiness = async () => {
  const answer = await fetch(`${cms.url}/readyz`);
  const { checks } = (await answer.json()) as { checks: { name: string; status: string }[] };
  return [answer.status, checks.find(({ name }) => name === 'database')?.status];
};
const metrics = async () => {
  const answer = await fetch(`http://127.0.0.1:${cms.settings['CMS_METRICS_PORT'] ?? ''}/metrics`);
  return `${String(answer.status)}\n${await answer.text()}`;
};

test.each(['shut', 'hanging'] as const)(
  'a database that is %s is told by /readyz and metrics, which still answer, and they recover by themselves',
  async (how) => {
    expect(await readiness()).toEqual([200, 'ok']);
    await expect.poll(metrics).toContain('meridian_cms_consultation_requests{state="new"} 0');
    door.set(how);
    expect(await readiness()).toEqual([503, 'failed']);
    const text = await metrics();
    expect(text.slice(0, 3)).toBe('200');
    expect(text).toContain('meridian_cms_ready{check="database"} 0');
    expect(text).toContain('meridian_cms_ready{check="disk"} 1');
    expect(text).toContain('process_resident_memory_bytes');
    expect(text).not.toMatch(/^meridian_cms_(?:consultation_requests|unsent_mails)/m);
    expect((await fetch(`${cms.url}/healthz`)).status).toBe(200);
    door.set('open');
    await expect.poll(readiness, { timeout: 60_000 }).toEqual([200, 'ok']);
    await expect.poll(metrics, { timeout: 60_000 }).toContain('meridian_cms_unsent_mails 0');
  },
);
