import { isAbsolute, resolve } from 'node:path';
import type { Core } from '@strapi/strapi';
import { databaseConnection } from '../src/boot/database.ts';

export default ({ env }: Core.Config.Shared.ConfigParams) => {
  const dataDir = env('DATA_DIR', '../.data');
  return {
    connection: databaseConnection({
      databaseUrl: env('DATABASE_URL', ''),
      dataDir: isAbsolute(dataDir) ? dataDir : resolve(dataDir),
    }),
    // Bound values of a failed statement would end up in logs: patients' names among them.
    settings: { compileSqlOnError: false, forceMigration: false, runMigrations: true },
  };
};
