// Generated from cms/src/api/topic/content-types/topic/schema.json. Do not edit. Run "npm run generate".
import { z } from 'zod';
import * as is from '../attributes.ts';
import { entryFields } from '../entry.ts';
import type { ContentQuery } from '../query.ts';
import { sharedSeoSchema, sharedSeoQuery } from './components.ts';

export const topicSchema = z.object({
  ...entryFields,
  name: z.string().min(1).max(120),
  slug: is.uid.max(100),
  kind: z.enum(['treatment', 'condition']),
  summary: z.string().min(1).max(400),
  body: is.emptyAsNull(z.string().max(50000)),
  seo: sharedSeoSchema.nullable(),
});
export type Topic = z.infer<typeof topicSchema>;
export const topicQuery = {
  uid: 'api::topic.topic',
  kind: 'collectionType',
  endpoint: 'topics',
  fields: ['documentId', 'createdAt', 'updatedAt', 'publishedAt', 'name', 'slug', 'kind', 'summary', 'body'],
  populate: { seo: sharedSeoQuery },
} as const satisfies ContentQuery;
