import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of a message: it gets lost, arrives, arrives twice, or is overtaken by later ones. */
export type Fate = 'lost' | 'passed' | 'doubled' | 'late';

/** A request as it came over the line. */
interface Sent {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** A line between two servers, on which what is sent may get lost. */
export interface Line {
  url: string;
  /** Where it leads, without a slash at the end. */
  target: string;
  /** Decides what becomes of a request. */
  fateOf: (path: string, body: string) => Fate;
  /** Told of each request before it is passed on, and of each answer before it is given. */
  watch: (moment: 'asked' | 'answered', path: string) => Promise<void> | void;
  /** Passes on what was late, the latest first. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** Opens a line on a free port of the loopback interface. Everything passes until somebody decides otherwise. */
export async function openLine(): Promise<Line> {
  const late: Sent[] = [];
  const line: Line = {
    url: '',
    target: '',
    fateOf: () => 'passed',
    watch: () => undefined,
    async flush() {
      for (const sent of late.splice(0).toReversed()) await pass(line.target, sent).catch(() => null);
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const server = createServer((request, response) => {
    void (async () => {
      const sent = await read(request);
      await line.watch('asked', sent.url);
      const fate = line.fateOf(sent.url, sent.body.toString());
      if (fate === 'late') late.push(sent);
      // Whoever sends learns nothing of what happens later, as with a line that breaks after the last byte.
      if (fate === 'lost' || fate === 'late') {
        response.writeHead(202, { 'content-type': 'application/json' }).end('{}');
        return;
      }
      const answer = await pass(line.target, sent);
      if (fate === 'doubled') await pass(line.target, sent).catch(() => null);
      await line.watch('answered', sent.url);
      response.writeHead(answer.status, answer.headers).end(answer.body);
    })().catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  line.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return line;
}

async function read(request: IncomingMessage): Promise<Sent> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const { method = 'GET', url = '/', headers } = request;
  return { method, url, headers, body: Buffer.concat(parts) };
}

async function pass(target: string, { method, url, headers, body }: Sent) {
  const kept = Object.entries(headers).filter(
    (entry): entry is [string, string] =>
      typeof entry[1] === 'string' && !/^(host|connection|content-length|transfer-encoding)$/.test(entry[0]),
  );
  const answer = await fetch(`${target}${url}`, {
    method,
    headers: kept,
    redirect: 'manual',
    ...(method === 'GET' ? {} : { body: new Uint8Array(body) }),
  });
  const type = answer.headers.get('content-type');
  return {
    status: answer.status,
    headers: type === null ? {} : { 'content-type': type },
    body: Buffer.from(await answer.arrayBuffer()),
  };
}
