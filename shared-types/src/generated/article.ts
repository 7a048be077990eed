// Generated from cms/src/api/article/content-types/article/schema.json. Do not edit. Run "npm run generate".
import { z } from 'zod';
import * as is from '../attributes.ts';
import { entryFields } from '../entry.ts';
import { mediaQuery, mediaSchema } from '../media.ts';
import type { ContentQuery } from '../query.ts';
import {
  sectionCallOutSchema,
  sectionCallOutQuery,
  sectionCallToActionSchema,
  sectionCallToActionQuery,
  sectionDoAndDontSchema,
  sectionDoAndDontQuery,
  sectionFaqSchema,
  sectionFaqQuery,
  sectionImageSchema,
  sectionImageQuery,
  sectionQuoteSchema,
  sectionQuoteQuery,
  sectionRichTextSchema,
  sectionRichTextQuery,
  sharedReferenceSchema,
  sharedReferenceQuery,
  sharedSeoSchema,
  sharedSeoQuery,
} from './components.ts';

export const articleSchema = z.object({
  ...entryFields,
  title: z.string().min(1).max(150),
  slug: is.uid.max(100),
  summary: z.string().min(1).max(400),
  heroImage: mediaSchema.nullable(),
  sections: z.array(
    z.discriminatedUnion(
      '__component',
      [
        sectionRichTextSchema.extend({ __component: z.literal('section.rich-text') }),
        sectionCallOutSchema.extend({ __component: z.literal('section.call-out') }),
        sectionDoAndDontSchema.extend({ __component: z.literal('section.do-and-dont') }),
        sectionFaqSchema.extend({ __component: z.literal('section.faq') }),
        sectionImageSchema.extend({ __component: z.literal('section.image') }),
        sectionQuoteSchema.extend({ __component: z.literal('section.quote') }),
        sectionCallToActionSchema.extend({ __component: z.literal('section.call-to-action') }),
      ],
      { error: is.unknownComponent },
    ),
  ),
  topics: z.array(is.relation),
  author: is.relation.nullable(),
  reviewer: is.relation.nullable(),
  reviewedOn: is.date.nullable(),
  nextReviewDue: is.date.nullable(),
  references: z.array(sharedReferenceSchema),
  relatedArticles: z.array(is.relation),
  seo: sharedSeoSchema.nullable(),
});
export type Article = z.infer<typeof articleSchema>;
export const articleQuery = {
  uid: 'api::article.article',
  kind: 'collectionType',
  endpoint: 'articles',
  fields: [
    'documentId',
    'createdAt',
    'updatedAt',
    'publishedAt',
    'title',
    'slug',
    'summary',
    'reviewedOn',
    'nextReviewDue',
  ],
  populate: {
    heroImage: mediaQuery,
    sections: {
      on: {
        'section.rich-text': sectionRichTextQuery,
        'section.call-out': sectionCallOutQuery,
        'section.do-and-dont': sectionDoAndDontQuery,
        'section.faq': sectionFaqQuery,
        'section.image': sectionImageQuery,
        'section.quote': sectionQuoteQuery,
        'section.call-to-action': sectionCallToActionQuery,
      },
    },
    topics: { fields: ['documentId'] },
    author: { fields: ['documentId'] },
    reviewer: { fields: ['documentId'] },
    references: sharedReferenceQuery,
    relatedArticles: { fields: ['documentId'] },
    seo: sharedSeoQuery,
  },
} as const satisfies ContentQuery;
