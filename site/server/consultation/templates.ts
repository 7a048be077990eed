import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Release } from '../live-release.ts';
import type { SlotName } from '../slot-marks.ts';
import { type PageTemplate, readTemplate } from './page-template.ts';

/** Knows the templates of the live release. */
export interface Templates {
  /** Null: the release has no such page, or no such template in it. */
  of(release: Release, file: string, slot: SlotName): Promise<PageTemplate | null>;
}

/** Reads each template of a release once. */
export function followTemplates(): Templates {
  let releaseId: string | null = null;
  const templates = new Map<string, Promise<PageTemplate | null>>();
  return {
    of(release, file, slot) {
      if (release.id !== releaseId) templates.clear();
      releaseId = release.id;
      const known = templates.get(file);
      if (known !== undefined) return known;
      const template = release.files.has(file)
        ? readFile(join(release.publicDir, file), 'utf8').then((html) => readTemplate(html, slot))
        : Promise.resolve(null);
      templates.set(file, template);
      template.catch(() => templates.delete(file));
      return template;
    },
  };
}
