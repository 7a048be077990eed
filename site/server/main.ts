import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { readServerSettings, type ServerSettings } from '../settings.ts';
import { buildApp } from './app.ts';
import { openConsultation } from './consultation/service.ts';
import { messageOf, systemCode } from './errors.ts';

// Longer than any page takes to be sent, shorter than the patience of a process manager.
const stopWithin = 8_000;

try {
  await start(readServerSettings());
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}

async function start(settings: ServerSettings): Promise<void> {
  const consultation = await openConsultation(settings);
  const app = buildApp({
    releasesDir: join(settings.dataDir, 'releases'),
    siteUrl: settings.siteUrl,
    trustProxy: settings.trustProxy,
    log: true,
    consultation,
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(app));
  try {
    await app.listen({ host: settings.host, port: settings.port });
  } catch (error) {
    await app.close();
    throw new Error(explain(error, settings), { cause: error });
  }
}

/** Answers what has been asked, then ends; what takes too long is cut off. */
async function stop(app: FastifyInstance): Promise<void> {
  const cut = setTimeout(() => {
    app.log.warn('Some answers took too long and were cut off.');
    app.server.closeAllConnections();
  }, stopWithin);
  await app.close();
  clearTimeout(cut);
}

function explain(error: unknown, { host, port }: ServerSettings): string {
  switch (systemCode(error) ?? '') {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is taken by another program. Stop that program, or set SITE_PORT to a free port.`;
    case 'EACCES':
      return `This user may not listen on port ${port}. Set SITE_PORT to a port above 1023.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `This machine has no address ${host}. Set SITE_HOST to one that it has, such as 127.0.0.1.`;
    default:
      return `The site server cannot listen on ${host}:${port}: ${messageOf(error)}`;
  }
}
