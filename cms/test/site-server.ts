import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Message, RequestsStatus, Status } from '@meridian/shared-types';

/** What the CMS sent: the exact body, for signatures are made of it, and the headers. */
export interface Received {
  body: string;
  headers: IncomingHttpHeaders;
  message: Message;
}

/** A real HTTP server in the place of a site server. */
export interface SiteServer {
  url: string;
  received: Received[];
  /** Revisions that it was told of, in order. */
  told(): number[];
  /** What it answers to everything but `content.changed` and `requests.status`. */
  status: Status;
  /** What it answers to `requests.status`. */
  requests: RequestsStatus;
  /** While true it takes connections and answers nothing. */
  hangs: boolean;
  /** What it answers instead, when it is no 2xx. */
  refusal: number | null;
  stop(): Promise<void>;
}

/** A site server that shows nothing yet. */
export const NOTHING_LIVE: Status = {
  live: null,
  state: 'idle',
  since: '2026-01-01T00:00:00.000Z',
  wanted: null,
  expectedSeconds: null,
  failure: null,
  approval: null,
  hold: null,
  releases: [],
};

/** Starts a site server on a free port of the loopback interface. */
export async function startSiteServer(): Promise<SiteServer> {
  const site: SiteServer = {
    url: '',
    received: [],
    told: () =>
      site.received.flatMap(({ message }) =>
        message.type === 'content.changed' ? [message.data.revision] : [],
      ),
    status: NOTHING_LIVE,
    requests: { waiting: 0, oldestSince: null, locked: 0, failing: null, rejected: [] },
    hangs: false,
    refusal: null,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8');
      const message = JSON.parse(body) as Message;
      site.received.push({ body, headers: request.headers, message });
      if (site.hangs) return;
      response.setHeader('content-type', 'application/json');
      response.statusCode = site.refusal ?? (message.type === 'content.changed' ? 202 : 200);
      if (message.type === 'content.changed') response.end('{}');
      else response.end(JSON.stringify(message.type === 'requests.status' ? site.requests : site.status));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  site.url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return site;
}
