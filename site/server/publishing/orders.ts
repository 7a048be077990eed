import { z } from 'zod';

/** From what a release was made: the same of all three gives the same pages. */
export const madeOfSchema = z.object({
  /** Fingerprint of code and settings. */
  builtFrom: z.string(),
  contentDigest: z.string(),
  /** The clinic's day, for pages show what is to come. */
  day: z.string().nullable(),
});

export type MadeOf = z.infer<typeof madeOfSchema>;

/** What the reconciler wants of the process that builds. */
export const orderSchema = z.object({
  /** Number of the order, repeated in the answer. */
  number: z.int(),
  /** A warm-up builds the pages and throws them away, so that the next build is quick. */
  warmUp: z.boolean(),
  /** Fingerprint of code and settings. */
  builtFrom: z.string(),
  /** What the live release was made of; null: a release has to be made in any case. */
  live: madeOfSchema.nullable(),
});

export type Order = z.infer<typeof orderSchema>;

const entrySchema = z.object({
  type: z.string(),
  documentId: z.string(),
  title: z.string().nullable(),
  message: z.string(),
});

/** How an order came out. */
export const outcomeSchema = z.discriminatedUnion('kind', [
  /** A release waits to go live. */
  z.object({
    kind: z.literal('prepared'),
    id: z.string(),
    revision: z.int().nonnegative(),
    pages: z.int().nonnegative(),
    madeOf: madeOfSchema,
    /** Why a person has to agree, with the pages of the live release. */
    collapse: z.object({ message: z.string(), before: z.int().nonnegative() }).nullable(),
  }),
  /** The live release shows what the CMS has at this revision already. */
  z.object({ kind: z.literal('unchanged'), revision: z.int().nonnegative() }),
  /** The content has to change before a build can succeed. */
  z.object({ kind: z.literal('content'), message: z.string(), entries: z.array(entrySchema) }),
  /** Something else went wrong, which may pass. */
  z.object({ kind: z.literal('fault'), message: z.string() }),
]);

export type Outcome = z.infer<typeof outcomeSchema>;

/** Answer of the process that builds: `timings` in milliseconds by step, `memory` in megabytes. */
export const answerSchema = z.object({
  number: z.int(),
  outcome: outcomeSchema,
  timings: z.record(z.string(), z.number()),
  memory: z.number(),
});

export type Answer = z.infer<typeof answerSchema>;
