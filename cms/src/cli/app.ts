import { resolve } from 'node:path';
import { createStrapi, type Core } from '@strapi/strapi';
import { withBootLock } from '../boot/boot-lock.ts';
import { CmsError } from '../boot/errors.ts';
import { assertSecrets } from '../boot/secrets.ts';

const appDir = resolve(__dirname, '../../..');

/** Loads Strapi from the built `dist` folder: database migrated, bootstrap run, nothing listening yet. */
export async function loadStrapi(): Promise<Core.Strapi> {
  assertSecrets(process.env);
  const strapi = createStrapi({ appDir, distDir: resolve(appDir, 'dist') });
  return withBootLock(process.env['DATABASE_URL'] ?? '', () => strapi.load());
}

/** Prints what went wrong in one message that an operator can act on, and ends the process with code 1. */
export function fail(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  console.error(
    error instanceof CmsError
      ? `\n${message}\n`
      : `\nThe CMS could not start: ${message}\nRun "npm run doctor".\n`,
  );
  process.exit(1);
}
