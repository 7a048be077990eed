// Generated from cms/src/components. Do not edit. Run "npm run generate".
import { z } from 'zod';
import * as is from '../attributes.ts';
import { mediaQuery, mediaSchema } from '../media.ts';
import type { Selection } from '../query.ts';

export const clinicAddressSchema = z.object({
  streetAddress: is.emptyAsNull(z.string().max(200)),
  addressLocality: is.emptyAsNull(z.string().max(200)),
  addressRegion: is.emptyAsNull(z.string().max(200)),
  postalCode: is.emptyAsNull(z.string().max(20)),
  addressCountry: is.emptyAsNull(
    z
      .string()
      .min(2)
      .max(2)
      .regex(/^[A-Z]{2}$/),
  ),
});
export type ClinicAddress = z.infer<typeof clinicAddressSchema>;
export const clinicAddressQuery = {
  fields: ['streetAddress', 'addressLocality', 'addressRegion', 'postalCode', 'addressCountry'],
} as const satisfies Selection;

export const clinicClosureSchema = z.object({
  validFrom: is.date,
  validThrough: is.date,
  reason: is.emptyAsNull(z.string().max(120)),
});
export type ClinicClosure = z.infer<typeof clinicClosureSchema>;
export const clinicClosureQuery = {
  fields: ['validFrom', 'validThrough', 'reason'],
} as const satisfies Selection;

export const clinicEmergencyNoticeSchema = z.object({
  heading: z.string().min(1).max(120),
  body: z.string().min(1).max(500),
});
export type ClinicEmergencyNotice = z.infer<typeof clinicEmergencyNoticeSchema>;
export const clinicEmergencyNoticeQuery = { fields: ['heading', 'body'] } as const satisfies Selection;

export const clinicGeoSchema = z.object({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
});
export type ClinicGeo = z.infer<typeof clinicGeoSchema>;
export const clinicGeoQuery = { fields: ['latitude', 'longitude'] } as const satisfies Selection;

export const clinicOpeningHoursSchema = z.object({
  dayOfWeek: z.enum(['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']),
  opens: is.time,
  closes: is.time,
});
export type ClinicOpeningHours = z.infer<typeof clinicOpeningHoursSchema>;
export const clinicOpeningHoursQuery = {
  fields: ['dayOfWeek', 'opens', 'closes'],
} as const satisfies Selection;

export const consultationQuestionSchema = z.object({
  about: z.enum(['topic', 'provider', 'days', 'times', 'returning', 'message']),
  label: z.string().min(1).max(120),
  reason: z.string().min(1).max(250),
});
export type ConsultationQuestion = z.infer<typeof consultationQuestionSchema>;
export const consultationQuestionQuery = {
  fields: ['about', 'label', 'reason'],
} as const satisfies Selection;

export const consultationRequestFormSchema = z.object({
  heading: z.string().min(1).max(120),
  intro: is.emptyAsNull(z.string().max(400)),
  questions: z.array(consultationQuestionSchema).max(6),
  responseHours: z.int().min(1).max(200).nullable(),
  consent: z.string().min(1).max(300),
  confirmation: z.string().min(1).max(1000),
  changes: is.emptyAsNull(z.string().max(500)),
});
export type ConsultationRequestForm = z.infer<typeof consultationRequestFormSchema>;
export const consultationRequestFormQuery = {
  fields: ['heading', 'intro', 'responseHours', 'consent', 'confirmation', 'changes'],
  populate: { questions: consultationQuestionQuery },
} as const satisfies Selection;

export const consultationStepSchema = z.object({
  heading: z.string().min(1).max(120),
  body: z.string().min(1).max(3000),
});
export type ConsultationStep = z.infer<typeof consultationStepSchema>;
export const consultationStepQuery = { fields: ['heading', 'body'] } as const satisfies Selection;

export const sectionCallOutSchema = z.object({
  variant: z.enum(['info', 'warning', 'urgent']),
  heading: z.string().min(1).max(200),
  body: z.string().min(1).max(5000),
});
export type SectionCallOut = z.infer<typeof sectionCallOutSchema>;
export const sectionCallOutQuery = { fields: ['variant', 'heading', 'body'] } as const satisfies Selection;

export const sectionCallToActionSchema = z.object({
  heading: z.string().min(1).max(200),
  text: is.emptyAsNull(z.string().max(500)),
  action: z.enum(['call', 'consultation', 'link']),
  label: is.emptyAsNull(z.string().max(80)),
  url: is.emptyAsNull(
    z
      .string()
      .max(2000)
      .regex(/^(?:(?:\/|#|https?:\/\/|tel:|mailto:)[^\s]*|entry:[a-z][a-z-]*\/[a-z0-9]+(?:#[^\s#]*)?)$/),
  ),
});
export type SectionCallToAction = z.infer<typeof sectionCallToActionSchema>;
export const sectionCallToActionQuery = {
  fields: ['heading', 'text', 'action', 'label', 'url'],
} as const satisfies Selection;

export const sharedListItemSchema = z.object({ text: z.string().min(1).max(300) });
export type SharedListItem = z.infer<typeof sharedListItemSchema>;
export const sharedListItemQuery = { fields: ['text'] } as const satisfies Selection;

export const sectionDoAndDontSchema = z.object({
  heading: is.emptyAsNull(z.string().max(200)),
  doItems: z.array(sharedListItemSchema),
  dontItems: z.array(sharedListItemSchema),
});
export type SectionDoAndDont = z.infer<typeof sectionDoAndDontSchema>;
export const sectionDoAndDontQuery = {
  fields: ['heading'],
  populate: { doItems: sharedListItemQuery, dontItems: sharedListItemQuery },
} as const satisfies Selection;

export const sectionQuestionSchema = z.object({
  question: z.string().min(1).max(300),
  answer: z.string().min(1).max(5000),
});
export type SectionQuestion = z.infer<typeof sectionQuestionSchema>;
export const sectionQuestionQuery = { fields: ['question', 'answer'] } as const satisfies Selection;

export const sectionFaqSchema = z.object({
  heading: z.string().min(1).max(200),
  questions: z.array(sectionQuestionSchema).min(1),
});
export type SectionFaq = z.infer<typeof sectionFaqSchema>;
export const sectionFaqQuery = {
  fields: ['heading'],
  populate: { questions: sectionQuestionQuery },
} as const satisfies Selection;

export const sectionImageSchema = z.object({
  image: mediaSchema,
  caption: is.emptyAsNull(z.string().max(300)),
});
export type SectionImage = z.infer<typeof sectionImageSchema>;
export const sectionImageQuery = {
  fields: ['caption'],
  populate: { image: mediaQuery },
} as const satisfies Selection;

export const sectionQuoteSchema = z.object({
  text: z.string().min(1).max(1000),
  attribution: is.emptyAsNull(z.string().max(200)),
});
export type SectionQuote = z.infer<typeof sectionQuoteSchema>;
export const sectionQuoteQuery = { fields: ['text', 'attribution'] } as const satisfies Selection;

export const sectionRichTextSchema = z.object({
  heading: is.emptyAsNull(z.string().max(200)),
  body: z.string().min(1).max(50000),
});
export type SectionRichText = z.infer<typeof sectionRichTextSchema>;
export const sectionRichTextQuery = { fields: ['heading', 'body'] } as const satisfies Selection;

export const sharedLinkSchema = z.object({
  label: z.string().min(1).max(80),
  url: z
    .string()
    .min(1)
    .max(2000)
    .regex(/^(?:(?:\/|#|https?:\/\/|tel:|mailto:)[^\s]*|entry:[a-z][a-z-]*\/[a-z0-9]+(?:#[^\s#]*)?)$/),
});
export type SharedLink = z.infer<typeof sharedLinkSchema>;
export const sharedLinkQuery = { fields: ['label', 'url'] } as const satisfies Selection;

export const sharedReferenceSchema = z.object({
  title: z.string().min(1).max(300),
  publisher: z.string().min(1).max(200),
  year: z.int().min(1800).max(2100).nullable(),
  url: z
    .string()
    .min(1)
    .max(2000)
    .regex(/^https?:\/\/[^\s]+$/),
});
export type SharedReference = z.infer<typeof sharedReferenceSchema>;
export const sharedReferenceQuery = {
  fields: ['title', 'publisher', 'year', 'url'],
} as const satisfies Selection;

export const sharedSeoSchema = z.object({
  title: is.emptyAsNull(z.string().max(70)),
  description: is.emptyAsNull(z.string().max(200)),
  image: mediaSchema.nullable(),
  noIndex: z.boolean().nullable(),
});
export type SharedSeo = z.infer<typeof sharedSeoSchema>;
export const sharedSeoQuery = {
  fields: ['title', 'description', 'noIndex'],
  populate: { image: mediaQuery },
} as const satisfies Selection;
