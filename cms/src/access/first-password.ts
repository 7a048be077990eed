import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Core } from '@strapi/strapi';
import type { MeridianConfig } from '../../config/meridian.ts';
import { lifecycles, service, table } from '../internals.ts';

const DAY = 24 * 3600 * 1000;
const DAYS = 7;

interface Admin {
  password: string | null;
  createdAt: string | Date;
}

/**
 * Remembers in `DATA_DIR/first-password` since when the first admin has the password of the installation, for `npm run
 * doctor` and the next start to tell, and warns in the log when that is longer than seven days. The file goes as soon as
 * the password is changed.
 */
export function watchFirstPassword(strapi: Core.Strapi): void {
  const look = async (): Promise<void> => {
    try {
      const since = await firstPasswordSince(strapi);
      const file = join(strapi.config.get<string>('meridian.dataDir'), 'first-password');
      if (since === null) {
        await rm(file, { force: true });
        return;
      }
      await writeFile(file, `${since.toISOString()}\n`, { mode: 0o600 });
      if (Date.now() - since.getTime() > DAYS * DAY) {
        strapi.log.warn(
          `The first admin still has the password of the installation, after more than ${String(DAYS)} days. Change it in the admin, under your name.`,
        );
      }
    } catch (error) {
      const kind = error instanceof Error ? error.name : 'unknown';
      strapi.log.error(`Whether the first password still stands could not be told (${kind}).`);
    }
  };
  strapi.server.httpServer.once('listening', () => {
    lifecycles(strapi, 'admin::user', {
      afterUpdate: () => Promise.resolve(void setImmediate(() => void look())),
    });
    strapi.cron.add({ 'meridian-first-password': { task: look, options: { rule: '23 6 * * *' } } });
    void look();
  });
}

/** Since when the first admin has the password of the installation; null when they have another. */
async function firstPasswordSince(strapi: Core.Strapi): Promise<Date | null> {
  const first = strapi.config.get<MeridianConfig['firstAdmin']>('meridian.firstAdmin');
  if (first === null) return null;
  const admin = await table<Admin>(strapi, 'admin::user').findOne({
    where: { email: first.email.toLowerCase() },
  });
  if (admin === null || admin.password === null) return null;
  const stands = await service(strapi, 'admin::auth').validatePassword(first.password, admin.password);
  return stands ? new Date(admin.createdAt) : null;
}
