// Generated from cms/src/api/navigation/content-types/navigation/schema.json. Do not edit. Run "npm run generate".
import { z } from 'zod';
import { entryFields } from '../entry.ts';
import type { ContentQuery } from '../query.ts';
import { sharedLinkSchema, sharedLinkQuery } from './components.ts';

export const navigationSchema = z.object({
  ...entryFields,
  header: z.array(sharedLinkSchema),
  footer: z.array(sharedLinkSchema),
});
export type Navigation = z.infer<typeof navigationSchema>;
export const navigationQuery = {
  uid: 'api::navigation.navigation',
  kind: 'singleType',
  endpoint: 'navigation',
  fields: ['documentId', 'createdAt', 'updatedAt', 'publishedAt'],
  populate: { header: sharedLinkQuery, footer: sharedLinkQuery },
} as const satisfies ContentQuery;
