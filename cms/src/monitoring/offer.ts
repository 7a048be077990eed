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

/** Serves metrics where the settings say so. What goes wrong is told, and no reason to stop. */
export async function offerMetrics(strapi: Core.Strapi): Promise<void> {
  const { metrics, backupDir } = strapi.config.get<MeridianConfig>('meridian');
  if (metrics === null) return;
  followGauges({
    ready: readinessOf(strapi),
    newestBackup: async () => newestOf(await readdir(backupDir).catch(() => [])),
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

/** When the newest of these backups was made, by its name; null when there is none. */
export function newestOf(names: readonly string[]): Date | null {
  const [newest] = names
    .flatMap((name) => {
      const [, date, hours, minutes, seconds, milliseconds] = BACKUP.exec(name) ?? [];
      return date === undefined
        ? []
        : [`${date}T${hours ?? ''}:${minutes ?? ''}:${seconds ?? ''}.${milliseconds ?? ''}Z`];
    })
    .sort()
    .reverse();
  return newest === undefined ? null : new Date(newest);
}
