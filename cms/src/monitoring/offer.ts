import { readdir } from 'node:fs/promises';
import type { Core } from '@strapi/strapi';
import { serveMetrics } from '@meridian/shared-types/operations';
import type { MeridianConfig } from '../../config/meridian.ts';
import { failureCode } from '../requests/failures.ts';
import { countOpen } from '../requests/overview.ts';
import { followGauges, registry } from './metrics.ts';
import { readinessOf } from './ready.ts';

/** `meridian-2026-01-31T030000000Z.tar.gz.age` */
const BACKUP = /^meridian-(\d{4}-\d{2}-\d{2})T(\d{2})(\d{2})(\d{2})(\d{3})Z\.tar\.gz\.age$/;

const DAY = 24 * 60 * 60 * 1000;

/** Serves metrics where the settings say so. What goes wrong is told, and no reason to stop. */
export async function offerMetrics(strapi: Core.Strapi): Promise<void> {
  const { metrics, backupDir } = strapi.config.get<MeridianConfig>('meridian');
  if (metrics === null) return;
  followGauges({
    ready: readinessOf(strapi),
    newestBackup: async () => newestOf(await readdir(backupDir).catch(() => []), new Date()),
    inbox: () => countOpen(strapi),
  });
  try {
    await serveMetrics(registry, metrics);
  } catch (error) {
    strapi.log.error(
      `Metrics cannot be served (${failureCode(error)}). Set CMS_METRICS_PORT to a free port.`,
    );
  }
}

/**
 * When the newest of these backups was made, by its name; null when there is none. One of more than a day from now was
 * made while the clock was wrong, and would hide for as long that no other comes.
 */
export function newestOf(names: readonly string[], now: Date): Date | null {
  const [newest] = names
    .flatMap((name) => {
      const [, date, hours, minutes, seconds, milliseconds] = BACKUP.exec(name) ?? [];
      return date === undefined
        ? []
        : [new Date(`${date}T${hours ?? ''}:${minutes ?? ''}:${seconds ?? ''}.${milliseconds ?? ''}Z`)];
    })
    .filter((at) => at.getTime() - now.getTime() <= DAY)
    .sort((a, b) => b.getTime() - a.getTime());
  return newest ?? null;
}
