import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CmsError } from './errors.ts';

/**
 * The folder whose `uploads` Strapi serves: below the data folder, and apart from the database and the secrets there.
 * Makes it when it is missing, for Strapi refuses to start without it.
 *
 * @throws CmsError when the data folder cannot be written.
 */
export function publicFolder(dataDir: string): string {
  const folder = join(dataDir, 'public');
  try {
    mkdirSync(join(folder, 'uploads'), { recursive: true });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
    throw new CmsError(
      `The data folder ${dataDir} cannot be written (${code}). ` +
        'Give the user who runs the CMS write access to it, or set DATA_DIR to another folder.',
      { cause },
    );
  }
  return folder;
}
