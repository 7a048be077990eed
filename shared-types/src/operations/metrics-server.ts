import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';

/** Where metrics are served. Nobody but Prometheus needs to reach it. */
export interface MetricsAddress {
  host: string;
  port: number;
}

/** A server of metrics that runs. */
export interface MetricsServer {
  port: number;
  close(): void;
}

/**
 * Serves a registry at `/metrics` for Prometheus, on a port of its own. It does not keep the process alive.
 *
 * @throws the system's error when nothing can listen there
 */
export function serveMetrics(registry: Registry, { host, port }: MetricsAddress): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404, { 'content-length': 0 }).end();
      return;
    }
    registry.metrics().then(
      (text) => {
        response.writeHead(200, { 'content-type': registry.contentType, 'cache-control': 'no-store' });
        response.end(text);
      },
      () => response.writeHead(500, { 'content-length': 0 }).end(),
    );
  });
  server.unref();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      server.on('error', () => undefined);
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () => {
          server.close();
          server.closeAllConnections();
        },
      });
    });
  });
}
