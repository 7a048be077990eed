import { join } from 'node:path';
import { serveMetrics } from '@meridian/shared-types/operations';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import {
  readBuildSettings,
  readPreviewSettings,
  readServerSettings,
  type ServerSettings,
} from '../settings.ts';
import { buildApp } from './app.ts';
import { openConsultation } from './consultation/service.ts';
import { messageOf, systemCode } from './errors.ts';
import { makeLog } from './log.ts';
import { type SiteMetrics, siteMetrics } from './metrics.ts';
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
    const log = makeLog(settings.logLevel);
    const metrics = siteMetrics();
    const readFingerprint = () => codeFingerprint(settings.siteUrl);
    const reconciler = await openReconciler({
      build,
      limits: settings.build,
      builtFrom: await readFingerprint(),
      reports: {
        live: (release) => {
          metrics.live(release.waited);
          log.info({ release }, 'A release went live.');
        },
        built: (result, seconds) => metrics.built(result, seconds),
        failed: (message) => log.error(message),
      },
    });
    const consultation = await openConsultation({
      ...settings,
      tell: (message) => log.error(message),
      onDelivered: (facts) => log.info(facts, 'A consultation request was delivered.'),
    });
    const app = buildApp({
      releasesDir: join(settings.dataDir, 'releases'),
      siteUrl: settings.siteUrl,
      trustProxy: settings.trustProxy,
      log,
      metrics,
      preview: readPreviewSettings(),
      consultation,
      publishing: {
        webhookSecret: settings.webhookSecret,
        reconciler,
        readFingerprint,
        requests: consultation === null ? null : () => consultation.status(),
      },
    });
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => void stop(app, reconciler));
    }
    try {
      await app.listen({ host: settings.host, port: settings.port });
    } catch (error) {
      await app.close();
      throw new Error(explain(error, settings), { cause: error });
    }
    await offerMetrics(metrics, settings, log);
    reconciler.start();
  } catch (error) {
    claim.release();
    throw error;
  }
}

/** Metrics that cannot be served are no reason not to serve patients. */
async function offerMetrics(metrics: SiteMetrics, settings: ServerSettings, log: Logger): Promise<void> {
  if (settings.metrics === null) return;
  try {
    await serveMetrics(metrics.registry, settings.metrics);
  } catch (error) {
    log.error(
      `Metrics cannot be served (${systemCode(error) ?? messageOf(error)}). Set SITE_METRICS_PORT to a free port.`,
    );
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
