import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that systems hand out for connections of their own. */
const FIRST = 10_000;
const COUNT = 20_000;

let next = process.pid * 64;

/**
 * A port of this machine that is free now, for tests and benches. What is to listen there may take long to start, so the
 * same port of UDP, which nothing here uses, is held until this process ends: no other gets the port meanwhile.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + (next++ % COUNT);
    if ((await isFree(port)) && (await claim(port))) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen({ port, host: '127.0.0.1', exclusive: true });
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}

async function claim(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  socket.bind({ port, address: '127.0.0.1', exclusive: true });
  try {
    await once(socket, 'listening');
  } catch {
    socket.close();
    return false;
  }
  socket.unref();
  return true;
}
