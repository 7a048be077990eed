import type { Core } from '@strapi/strapi';
import { lifecycles } from '../internals.ts';
import { dependentsOfFile } from '../publishing/dependents.ts';
import { ARTICLE } from './records.ts';
import { settle } from './standing.ts';

/** A picture that is replaced or described anew changes what patients read of the published articles that show it. */
export function followPictures(strapi: Core.Strapi): void {
  lifecycles(strapi, 'plugin::upload.file', {
    afterUpdate: async ({ result }) => {
      // Strapi gives nothing when there was no such row.
      const file = result as { id: number; url: string } | null;
      if (file === null) return;
      const shown = await dependentsOfFile(strapi, file);
      for (const { uid, documentId } of shown) if (uid === ARTICLE) await settle(strapi, documentId);
    },
  });
}
