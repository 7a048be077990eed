import { z } from 'zod';

/** Days on which a patient may ask to be seen. */
export const preferredDays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;
/** Times of day that a patient may prefer. */
export const preferredTimes = ['morning', 'afternoon', 'evening'] as const;

const line = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\u2028\u2029]*$/u);
const documentId = z.string().regex(/^[a-z0-9]{1,40}$/);

/** One consultation request as the site server hands it to the CMS. Unknown keys are refused. */
export const consultationRequestSchema = z.strictObject({
  reference: z.string().regex(/^[0-9A-Z]{3}-[0-9A-Z]{3}$/),
  name: line(200),
  phone: z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/)
    .nullable(),
  email: z.email().max(254).nullable(),
  preferredDays: z.array(z.enum(preferredDays)).max(7),
  preferredTimes: z.array(z.enum(preferredTimes)).max(3),
  topic: documentId.nullable(),
  provider: documentId.nullable(),
  returningPatient: z.boolean().nullable(),
  message: z.string().max(2000).nullable(),
  consent: z.literal(true),
  receivedAt: z.iso.datetime(),
  sourcePage: z.string().regex(/^\/[^\s?#]{0,200}$/),
  suspectedSpam: z.boolean(),
  dueAt: z.iso.datetime().nullable(),
});

export type ConsultationRequest = z.infer<typeof consultationRequestSchema>;
