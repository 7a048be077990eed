// Generated from cms/src/api/home-page/content-types/home-page/schema.json. Do not edit. Run "npm run generate".
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
  sharedSeoSchema,
  sharedSeoQuery,
} from './components.ts';

export const homePageSchema = z.object({
  ...entryFields,
  title: z.string().min(1).max(150),
  summary: z.string().min(1).max(400),
  heroImage: mediaSchema.nullable(),
  featuredArticles: z.array(is.relation),
  featuredTopics: z.array(is.relation),
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
  seo: sharedSeoSchema.nullable(),
});
export type HomePage = z.infer<typeof homePageSchema>;
export const homePageQuery = {
  uid: 'api::home-page.home-page',
  kind: 'singleType',
  endpoint: 'home-page',
  fields: ['documentId', 'createdAt', 'updatedAt', 'publishedAt', 'title', 'summary'],
  populate: {
    heroImage: mediaQuery,
    featuredArticles: { fields: ['documentId'] },
    featuredTopics: { fields: ['documentId'] },
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
    seo: sharedSeoQuery,
  },
} as const satisfies ContentQuery;
