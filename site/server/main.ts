import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import {
  readBuildSettings,
  readPreviewSettings,
  readServerSettings,
  type ServerSettings,
} from '../settings.ts';
import { buildApp } from './app.ts';
import { openConsultation } from './consultation/service.ts';
import { messageOf, systemCode } from './errors.ts';
import { claimSite } from './publishing/claim.ts';
import { codeFingerprint } from './publishing/fingerprint.ts';
import { openReconciler } from './publishing/open.ts';
import type { Reconciler } from './publishing/reconciler.ts';

// Longer than any page takes to be sent, shorter than the patience of a process manager.
const stopWithin = 8_000;

try {
  await start(readServerSettings());
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}

async function start(settings: ServerSettings): Promise<void> {
  const build = readBuildSettings();
  const claim = await claimSite(settings.dataDir);
  try {
    let log: { error: (message: string) => void } = console;
    const readFingerprint = () => codeFingerprint(settings.siteUrl);
    const reconciler = await openReconciler({
      build,
      limits: settings.build,
      builtFrom: await readFingerprint(),
      reports: {
        live: (release) => app.log.info({ release }, 'A release went live.'),
        failed: (message) => log.error(message),
      },
    });
    const consultation = await openConsultation(settings);
    const app = buildApp({
      releasesDir: join(settings.dataDir, 'releases'),
      siteUrl: settings.siteUrl,
      trustProxy: settings.trustProxy,
      log: true,
      preview: readPreviewSettings(),
      consultation,
      publishing: {
        webhookSecret: settings.webhookSecret,
        reconciler,
        readFingerprint,
        requests: consultation === null ? null : () => consultation.status(),
      },
    });
    log = { error: (message) => app.log.error(message) };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => void stop(app, reconciler));
    }
    try {
      await app.listen({ host: settings.host, port: settings.port });
    } catch (error) {
      await app.close();
      throw new Error(explain(error, settings), { cause: error });
    }
    reconciler.start();
  } catch (error) {
    claim.release();
    throw error;
  }
}

/** Answers what has been asked, then ends; what takes too long is cut off. */
async function stop(app: FastifyInstance, reconciler: Reconciler): Promise<void> {
  const cut = setTimeout(() => {
    app.log.warn('Some answers took too long and were cut off.');
    app.server.closeAllConnections();
  }, stopWithin);
  await Promise.all([app.close(), reconciler.stop()]);
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
