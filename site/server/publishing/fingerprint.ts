import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../errors.ts';

const project = path.resolve(import.meta.dirname, '../../..');

/** Everything that decides how the same content comes out. */
const inputs = [
  'site/src',
  'site/public',
  'site/server/release',
  'site/server/publishing',
  'site/settings.ts',
  'site/astro.config.ts',
  'site/tailwind.config.ts',
  'site/package.json',
  'shared-types/src',
  'package-lock.json',
];

/** A hash over the code of the site and the settings that its pages show. */
export async function codeFingerprint(siteUrl: string): Promise<string> {
  const hash = createHash('sha256').update(siteUrl);
  for (const input of inputs) {
    for (const file of await filesOf(path.join(project, input))) {
      hash.update(`\0${path.relative(project, file)}\0`).update(await readFile(file));
    }
  }
  return hash.digest('hex').slice(0, 32);
}

async function filesOf(place: string): Promise<string[]> {
  try {
    const entries = await readdir(place, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && !/\.test\.ts$/.test(entry.name))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .toSorted();
  } catch (error) {
    if (systemCode(error) === 'ENOTDIR') return [place];
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}
