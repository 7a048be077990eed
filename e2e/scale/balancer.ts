import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A load balancer: connections go to the targets in turn; one that nobody listens at is passed over. */
export interface Balancer {
  url: string;
  stop(): Promise<void>;
}

/** Starts a balancer on a free port of the loopback interface, in front of servers on these ports. */
export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  let turn = 0;
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  };
  const pass = (client: Socket, order: readonly number[]): void => {
    const [port, ...others] = order;
    if (port === undefined) {
      client.destroy();
      return;
    }
    const target = connect(port, '127.0.0.1');
    keep(target);
    const passOver = (): void => pass(client, others);
    target.once('error', passOver);
    target.once('connect', () => {
      target.off('error', passOver);
      target.once('close', () => client.destroy());
      client.once('close', () => target.destroy());
      client.pipe(target).pipe(client);
    });
  };
  const server = createServer((client) => {
    keep(client);
    turn = (turn + 1) % ports.length;
    pass(client, [...ports.slice(turn), ...ports.slice(0, turn)]);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
