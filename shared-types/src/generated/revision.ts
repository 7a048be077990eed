// Generated from cms/src/api/revision/content-types/revision/schema.json. Do not edit. Run "npm run generate".
import { z } from 'zod';
import * as is from '../attributes.ts';
import { entryFields } from '../entry.ts';
import type { ContentQuery } from '../query.ts';

export const revisionSchema = z.object({
  ...entryFields,
  entryType: z.string().min(1).max(255),
  entryId: z.string().min(1).max(255),
  action: z.string().min(1).max(255),
  title: is.emptyAsNull(z.string()),
  actor: is.emptyAsNull(z.string().max(255)),
});
export type Revision = z.infer<typeof revisionSchema>;
export const revisionQuery = {
  uid: 'api::revision.revision',
  kind: 'collectionType',
  endpoint: 'revisions',
  fields: [
    'documentId',
    'createdAt',
    'updatedAt',
    'publishedAt',
    'entryType',
    'entryId',
    'action',
    'title',
    'actor',
  ],
} as const satisfies ContentQuery;
