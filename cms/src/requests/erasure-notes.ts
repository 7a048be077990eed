import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Core } from '@strapi/strapi';
import { keptReferencePattern } from '@meridian/shared-types';
import type { MeridianConfig } from '../../config/meridian.ts';
import { failureCode } from './failures.ts';

const FILE = 'erasures.txt';

/**
 * Remembers, outside of the database, that requests were deleted for good: one reference a line, in DATA_DIR and beside
 * the backups, so that a restored database gives nobody back. References say nothing about a person.
 */
export function noteErasures(strapi: Core.Strapi, references: readonly string[]): void {
  if (references.length === 0) return;
  const lines = references.map((reference) => `${reference}\n`).join('');
  for (const folder of folders(strapi)) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      appendFileSync(join(folder, FILE), lines, { mode: 0o600, flush: true });
    } catch (error) {
      strapi.log.error(
        `What was erased could not be noted in ${folder} (${failureCode(error)}). It is noted at the next start.`,
      );
    }
  }
}

/** The references that each of the folders remembers. */
export function readNotes(strapi: Core.Strapi): ReadonlySet<string>[] {
  return folders(strapi).map((folder) => {
    try {
      const lines = readFileSync(join(folder, FILE), 'utf8').split('\n');
      return new Set(lines.filter((line) => keptReferencePattern.test(line)));
    } catch (error) {
      if (failureCode(error) === 'ENOENT') return new Set();
      throw error;
    }
  });
}

function folders(strapi: Core.Strapi): string[] {
  const { dataDir, backupDir } = strapi.config.get<MeridianConfig>('meridian');
  return [dataDir, backupDir];
}
