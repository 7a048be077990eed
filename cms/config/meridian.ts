import { bucketSettings, type Bucket } from '@meridian/shared-types/bucket';
import { join, resolve } from 'node:path';
import type { MetricsAddress } from '@meridian/shared-types/operations';
import type { Core } from '@strapi/strapi';
import { readNetworks, type Networks } from '../src/access/networks.ts';
import { wholeDays } from '../src/boot/days.ts';

/** What Meridian itself needs to know beyond Strapi's own settings. */
export interface MeridianConfig {
  /** Absolute path of the folder that holds all state. */
  dataDir: string;
  /** Absolute path of the folder that holds the backups. */
  backupDir: string;
  /** Plain values of the API tokens that bootstrap makes. */
  tokens: { build: string; preview: string; intake: string };
  /** Where patients reach the site, without a slash at the end. */
  siteUrl: string;
  /** Where the CMS reaches the site servers, without a slash at the end. */
  siteServers: string[];
  /** Signs what the CMS says to site servers: `whsec_` and 32 random bytes in base64. */
  webhookSecret: string;
  /** Signs preview links (`secret`), which only `adminOrigin` may frame. */
  preview: { secret: string; adminOrigin: string };
  /** Who becomes the first admin of an empty database; null when nobody is named. */
  firstAdmin: { email: string; password: string } | null;
  /** From where the admin panel may be reached. */
  adminNetworks: Networks;
  /** Where staff reach the admin panel, without a slash at the end. */
  adminUrl: string;
  /** Who is told of new consultation requests; null when nobody is, or mail is not set up. */
  frontDeskEmail: string | null;
  /** Where metrics are served; null: nowhere. */
  metrics: MetricsAddress | null;
  /** Days for which a closed consultation request is kept. */
  retentionDays: number;
  /** Whether links to other sites are tried, which needs a way out to the internet. */
  checksLinks: boolean;
  /** Where pictures are kept; null for the data folder. */
  bucket: Bucket | null;
}

export default ({ env }: Core.Config.Shared.ConfigParams): MeridianConfig => {
  const email = env('ADMIN_EMAIL', '');
  const password = env('ADMIN_PASSWORD', '');
  const dataDir = resolve(env('DATA_DIR', '../.data'));
  return {
    dataDir,
    backupDir: env('BACKUP_DIR', '') || join(dataDir, 'backups'),
    tokens: {
      build: env('CMS_BUILD_TOKEN', ''),
      preview: env('CMS_PREVIEW_TOKEN', ''),
      intake: env('CMS_INTAKE_TOKEN', ''),
    },
    siteUrl: env('SITE_URL', 'http://127.0.0.1:4321').replace(/\/+$/, ''),
    siteServers: env('SITE_SERVERS', '').split(',').filter(Boolean),
    webhookSecret: env('WEBHOOK_SECRET', ''),
    preview: {
      secret: env('PREVIEW_SECRET', ''),
      adminOrigin: new URL(env('ADMIN_URL', 'http://127.0.0.1:1337/admin')).origin,
    },
    adminNetworks: readNetworks(env('ADMIN_ALLOWED_NETWORKS', '')),
    adminUrl: env('ADMIN_URL', 'http://127.0.0.1:1337/admin').replace(/\/+$/, ''),
    frontDeskEmail: env('SMTP_HOST', '') === '' ? null : env('FRONT_DESK_EMAIL', '') || null,
    metrics:
      env('CMS_METRICS_PORT', '') === ''
        ? null
        : { host: env('METRICS_HOST', '') || '127.0.0.1', port: env.int('CMS_METRICS_PORT', 0) },
    retentionDays: wholeDays('REQUEST_RETENTION_DAYS', env('REQUEST_RETENTION_DAYS', '') || '90'),
    checksLinks: env('CHECK_EXTERNAL_LINKS', '') !== 'off',
    bucket: bucketSettings((name) => env(name, '')),
    firstAdmin: email === '' || password === '' ? null : { email, password },
  };
};
