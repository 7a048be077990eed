// Generated from cms/src/api/consultation-page/content-types/consultation-page/schema.json. Do not edit. Run "npm run generate".
import { z } from 'zod';
import * as is from '../attributes.ts';
import { entryFields } from '../entry.ts';
import type { ContentQuery } from '../query.ts';
import {
  consultationRequestFormSchema,
  consultationRequestFormQuery,
  consultationStepSchema,
  consultationStepQuery,
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

export const consultationPageSchema = z.object({
  ...entryFields,
  title: z.string().min(1).max(150),
  summary: z.string().min(1).max(400),
  form: consultationRequestFormSchema.nullable(),
  whatToExpect: z.array(consultationStepSchema),
  providers: z.array(is.relation),
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
export type ConsultationPage = z.infer<typeof consultationPageSchema>;
export const consultationPageQuery = {
  uid: 'api::consultation-page.consultation-page',
  kind: 'singleType',
  endpoint: 'consultation-page',
  fields: ['documentId', 'createdAt', 'updatedAt', 'publishedAt', 'title', 'summary'],
  populate: {
    form: consultationRequestFormQuery,
    whatToExpect: consultationStepQuery,
    providers: { fields: ['documentId'] },
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
