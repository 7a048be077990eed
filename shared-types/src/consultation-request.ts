import { z } from 'zod';

/**
 * What a patient asks for on the consultation page, as the site hands it to the CMS. The one description of it: the
 * site's server makes and spools exactly this, the CMS takes exactly this.
 */

/** Capital letters and digits that nobody mixes up, on paper or on the phone: no 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V, no A/E. */
export const referenceAlphabet = '34679CDFGHJKMNPQRTWXY';

const referenceGroup = `[${referenceAlphabet}]{3}`;
const reference = `${referenceGroup}-${referenceGroup}-${referenceGroup}`;

/** A reference: three groups of three, such as `KX7-4QM-R9T`. */
export const referencePattern = new RegExp(`^${reference}$`);

/** A reference as the CMS keeps it, which numbers the second request of one reference: `KX7-4QM-R9T-2`. */
export const keptReferencePattern = new RegExp(`^${reference}(?:-[1-9]\\d*)?$`);

/**
 * A reference out of nine bytes or more, such as the beginning of a digest. The same bytes always give the same one.
 *
 * @throws RangeError when there are fewer than nine bytes
 */
export function referenceOf(bytes: Uint8Array): string {
  if (bytes.length < 9) throw new RangeError('A reference needs nine bytes.');
  const letters = Array.from(
    bytes.subarray(0, 9),
    (byte) => referenceAlphabet[byte % referenceAlphabet.length],
  );
  return [0, 3, 6].map((start) => letters.slice(start, start + 3).join('')).join('-');
}

export const preferredDays = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
] as const;

/** Times of day; the clinic says with its opening hours what each means. */
export const preferredTimes = ['morning', 'afternoon', 'evening'] as const;

/** Most characters of what a patient may type. */
export const requestLimits = { name: 200, phone: 50, email: 254, message: 1000 } as const;

/** Control characters, separators of lines, marks that turn the direction of text, and halves of characters. */
const forbiddenInLine =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/u;

/** As in a line, but a message may have line feeds. */
const forbiddenInText =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/u;

/** Whether a text is one line without anything that cannot be seen or that does harm. */
export function isPlainLine(text: string): boolean {
  return !forbiddenInLine.test(text);
}

/** Whether a text of several lines has nothing in it that cannot be seen or that does harm. */
export function isPlainText(text: string): boolean {
  return !forbiddenInText.test(text);
}

const line = (longest: number) =>
  z.string().min(1).max(longest).refine(isPlainLine, 'must be one line of visible characters');

const documentId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be a document id');

const oneEach = (values: readonly string[]) => new Set(values).size === values.length;

/**
 * A consultation request. Times are ISO 8601 in UTC. Unknown keys are refused.
 *
 * - `phone` is E.164 (`+13108287757`); one of `phone` and `email` is always there.
 * - `topic` and `provider` are document ids; `null` is "no topic" and "no preference".
 * - `returningPatient` is `null` where the clinic does not ask.
 * - `sourcePage` is the path of the page that led to the form, such as `/articles/sciatica/`.
 * - `suspectedSpam`: a bot seems to have filled in the form.
 * - `dueAt` is when the clinic has promised to answer, `null` without a promise.
 */
export const consultationRequestSchema = z
  .strictObject({
    reference: z.string().regex(referencePattern, 'must be a reference such as KX7-4QM-R9T'),
    name: line(requestLimits.name),
    phone: z
      .string()
      .regex(/^\+[1-9]\d{6,14}$/, 'must be an E.164 number such as +13108287757')
      .nullable(),
    email: z.email().max(requestLimits.email).refine(isPlainLine).nullable(),
    preferredDays: z
      .array(z.enum(preferredDays))
      .max(preferredDays.length)
      .refine(oneEach, 'must name each day once'),
    preferredTimes: z
      .array(z.enum(preferredTimes))
      .max(preferredTimes.length)
      .refine(oneEach, 'must name each time once'),
    topic: documentId.nullable(),
    provider: documentId.nullable(),
    returningPatient: z.boolean().nullable(),
    message: z
      .string()
      .min(1)
      .max(requestLimits.message)
      .refine(isPlainText, 'must be visible characters')
      .nullable(),
    consent: z.literal(true),
    receivedAt: z.iso.datetime(),
    sourcePage: z
      .string()
      .max(255)
      .regex(/^\/(?![/\\])[^\\\s?#]*$/, 'must be a path of the site such as /articles/sciatica/')
      .refine(isPlainLine),
    suspectedSpam: z.boolean(),
    dueAt: z.iso.datetime().nullable(),
  })
  .refine(({ phone, email }) => phone !== null || email !== null, 'must have a phone number or an e-mail');

export type ConsultationRequest = z.infer<typeof consultationRequestSchema>;

/** What the site posts to the CMS. */
export const intakeSchema = z.strictObject({ data: consultationRequestSchema });

/** What the CMS answers, the first time (201) and when the request is there already (200). */
export const intakeAnswerSchema = z.object({ reference: z.string().regex(referencePattern) });
