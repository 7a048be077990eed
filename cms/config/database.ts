import { isAbsolute, resolve } from 'node:path';
import type { Core } from '@strapi/strapi';
import { databaseConnection } from '../src/boot/database.ts';

// Strapi reads and writes times in Postgres by the clock of its process: one clock for all, wherever a replica or a move runs.
process.env['TZ'] = 'UTC';

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
