import { resolve } from 'node:path';
import type { Core } from '@strapi/strapi';
import { wholeDays } from '../src/boot/days.ts';

/** What Meridian itself needs to know beyond Strapi's own settings. */
export interface MeridianConfig {
  /** Absolute path of the folder that holds all state. */
  dataDir: string;
  /** Plain values of the API tokens that bootstrap makes. */
  tokens: { build: string; preview: string; intake: string };
  /** Who becomes the first admin of an empty database; null when nobody is named. */
  firstAdmin: { email: string; password: string } | null;
  /** Where staff reach the admin panel, without a slash at the end. */
  adminUrl: string;
  /** Who is told of new consultation requests; null when nobody is, or mail is not set up. */
  frontDeskEmail: string | null;
  /** Days for which a closed consultation request is kept. */
  retentionDays: number;
}

export default ({ env }: Core.Config.Shared.ConfigParams): MeridianConfig => {
  const email = env('ADMIN_EMAIL', '');
  const password = env('ADMIN_PASSWORD', '');
  return {
    dataDir: resolve(env('DATA_DIR', '../.data')),
    tokens: {
      build: env('CMS_BUILD_TOKEN', ''),
      preview: env('CMS_PREVIEW_TOKEN', ''),
      intake: env('CMS_INTAKE_TOKEN', ''),
    },
    adminUrl: env('ADMIN_URL', 'http://127.0.0.1:1337/admin').replace(/\/+$/, ''),
    frontDeskEmail: env('SMTP_HOST', '') === '' ? null : env('FRONT_DESK_EMAIL', '') || null,
    retentionDays: wholeDays('REQUEST_RETENTION_DAYS', env('REQUEST_RETENTION_DAYS', '') || '90'),
    firstAdmin: email === '' || password === '' ? null : { email, password },
  };
};
