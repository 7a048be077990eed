// Generated from cms/src/api/redirect/content-types/redirect/schema.json. Do not edit. Run "npm run generate".
import { z } from 'zod';
import * as is from '../attributes.ts';
import { entryFields } from '../entry.ts';
import type { ContentQuery } from '../query.ts';

export const redirectSchema = z.object({
  ...entryFields,
  from: z.string().min(1).max(255),
  to: z
    .string()
    .min(1)
    .max(500)
    .regex(/^(?:\/[^\s]*|https?:\/\/[^\s]+|entry:[a-z][a-z-]*\/[a-z0-9]+(?:#[^\s#]*)?)$/),
  automatic: z.boolean().nullable(),
  why: is.emptyAsNull(z.string().max(500)),
});
export type Redirect = z.infer<typeof redirectSchema>;
export const redirectQuery = {
  uid: 'api::redirect.redirect',
  kind: 'collectionType',
  endpoint: 'redirects',
  fields: ['documentId', 'createdAt', 'updatedAt', 'publishedAt', 'from', 'to', 'automatic', 'why'],
} as const satisfies ContentQuery;
