// Generated from cms/src/api/provider/content-types/provider/schema.json. Do not edit. Run "npm run generate".
import { z } from 'zod';
import * as is from '../attributes.ts';
import { entryFields } from '../entry.ts';
import { mediaQuery, mediaSchema } from '../media.ts';
import type { ContentQuery } from '../query.ts';
import { sharedListItemSchema, sharedListItemQuery } from './components.ts';

export const providerSchema = z.object({
  ...entryFields,
  name: z.string().min(1).max(150),
  slug: is.uid.max(100),
  credentials: is.emptyAsNull(z.string().max(120)),
  jobTitle: is.emptyAsNull(z.string().max(200)),
  boardCertifications: z.array(sharedListItemSchema),
  specialties: z.array(sharedListItemSchema),
  languages: z.array(sharedListItemSchema),
  bio: is.emptyAsNull(z.string().max(50000)),
  photo: mediaSchema.nullable(),
  areasServed: z.array(sharedListItemSchema),
  acceptsNewPatients: z.boolean().nullable(),
});
export type Provider = z.infer<typeof providerSchema>;
export const providerQuery = {
  uid: 'api::provider.provider',
  kind: 'collectionType',
  endpoint: 'providers',
  fields: [
    'documentId',
    'createdAt',
    'updatedAt',
    'publishedAt',
    'name',
    'slug',
    'credentials',
    'jobTitle',
    'bio',
    'acceptsNewPatients',
  ],
  populate: {
    boardCertifications: sharedListItemQuery,
    specialties: sharedListItemQuery,
    languages: sharedListItemQuery,
    photo: mediaQuery,
    areasServed: sharedListItemQuery,
  },
} as const satisfies ContentQuery;
