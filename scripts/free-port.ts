import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that systems hand out for connections of their own. */
const FIRST = 10_000;
const COUNT = 20_000;

let next = process.pid * 64;

/**
 * A port of this machine that is free now, for tests and benches. Processes that run side by side look in other places, and
 * none gets the same port twice: what is to listen there may take long to start.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + (next++ % COUNT);
    const server = createServer().listen({ port, host: '127.0.0.1', exclusive: true });
    const free = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!free) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
