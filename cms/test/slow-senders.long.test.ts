import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { freshSettings, removeData, startCms } from './cms.ts';
import { call } from './people.ts';

const BEGINNINGS = [
  'GET /admin HTTP/1.1\r\nHost: a\r\n',
  'POST /admin/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n{',
];

it('answers staff while a thousand send slowly, and cuts each of them off', async () => {
  const cms = await startCms(await freshSettings());
  const { hostname, port } = new URL(cms.url);
  let open = 1_000;
  const drops = Array.from({ length: open }, (_, index) => {
    const socket = connect(Number(port), hostname);
    const drop = index % 2 === 0 ? 'X-A: b\r\n' : ' ';
    const timer = setInterval(() => socket.writable && socket.write(drop), 1_000);
    socket
      .on('error', () => socket.destroy())
      .on('end', () => socket.destroy())
      .resume();
    socket.on('close', () => {
      clearInterval(timer);
      open -= 1;
    });
    socket.write(BEGINNINGS[index % 2] ?? '');
    return socket;
  });
  const begin = Date.now();
  let slowest = 0;
  // 60 s for a whole request, and 5 s until that is looked at.
  while (open > 0 && Date.now() - begin < 75_000) {
    const asked = performance.now();
    expect((await call(cms, 'GET', '/admin/init', null)).status).toBe(200);
    slowest = Math.max(slowest, performance.now() - asked);
    await new Promise((done) => setTimeout(done, 200));
  }
  console.log(
    `All were cut off after ${String(Math.round((Date.now() - begin) / 1000))} s; the slowest answer took ${String(Math.round(slowest))} ms.`,
  );
  expect(open).toBe(0);
  expect(slowest).toBeLessThan(2_000);
  for (const socket of drops) socket.destroy();
  await cms.stop();
  await removeData(cms.settings);
}, 150_000);
