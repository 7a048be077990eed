import { z } from 'zod';

/**
 * What the CMS tells a site server, and what it hears back. A message is `POST /_meridian/messages` with the JSON of
 * one `messageSchema`, signed as Standard Webhooks do. `requests.status` is answered with a `RequestsStatus`, all else but
 * `content.changed` with a `Status`.
 */

/** Where a site server takes messages. */
export const messagesPath = '/_meridian/messages';

/** Largest body of a message, in bytes. */
export const largestMessage = 16 * 1024;

const revision = z.int().nonnegative();
const releaseId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'must be the id of a release');
/** Name of the person who acts, as colleagues know it. */
const person = z.string().trim().min(1).max(200);

export const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('content.changed'), data: z.object({ revision }) }),
  z.object({ type: z.literal('release.status'), data: z.object({}) }),
  /** `id` is that of the release which waits for approval. */
  z.object({ type: z.literal('release.approve'), data: z.object({ id: releaseId, by: person }) }),
  /** Without an id: to the release before the live one. */
  z.object({ type: z.literal('release.rollback'), data: z.object({ id: releaseId.nullable(), by: person }) }),
  z.object({ type: z.literal('release.resume'), data: z.object({ by: person }) }),
  /** Builds anew, with the code as it is on the disk, whatever the content. */
  z.object({ type: z.literal('release.build'), data: z.object({}) }),
  z.object({ type: z.literal('requests.status'), data: z.object({}) }),
]);

/** A message from the CMS to a site server. */
export type Message = z.infer<typeof messageSchema>;

/** How far publishing has come. `queued`: a build is wanted and waits for its turn. */
export const publishingStates = [
  'idle',
  'queued',
  'building',
  'failed',
  'waiting-for-approval',
  'held',
] as const;

const instant = z.iso.datetime();

/** An entry that stands in the way of a release. `message` says what is wrong and what to do. */
const faultyEntrySchema = z.object({
  type: z.string(),
  documentId: z.string(),
  title: z.string().nullable(),
  message: z.string(),
});

/** A release that is or was live. `from` is the revision that was live before it; `kept`: can be returned to. */
const pastReleaseSchema = z.object({
  id: z.string(),
  revision,
  liveAt: instant,
  from: revision,
  kept: z.boolean(),
});

/**
 * State of publishing on one site server. Times are ISO 8601 in UTC.
 *
 * - `since`: when `state` began; `wanted`: the newest revision of the CMS that the server knows of
 * - `expectedSeconds`: median of recent builds
 * - `failure.retrying`: the server tries again by itself; otherwise content has to change first
 * - `approval`: a checked release that has lost so many pages that a person has to say yes; pages before and after
 * - `hold`: a person went back to release `id`; nothing newer goes live until somebody resumes
 * - `releases`: the last 50, newest first
 */
export const statusSchema = z.object({
  live: z.object({ id: z.string(), revision, liveAt: instant }).nullable(),
  state: z.enum(publishingStates),
  since: instant,
  wanted: revision.nullable(),
  expectedSeconds: z.number().nonnegative().nullable(),
  failure: z
    .object({ message: z.string(), entries: z.array(faultyEntrySchema), retrying: z.boolean() })
    .nullable(),
  approval: z
    .object({
      id: z.string(),
      message: z.string(),
      before: z.int().nonnegative(),
      after: z.int().nonnegative(),
      revision,
    })
    .nullable(),
  hold: z.object({ id: z.string(), by: z.string(), since: instant }).nullable(),
  releases: z.array(pastReleaseSchema).max(50),
});

export type Status = z.infer<typeof statusSchema>;
export type PublishingState = Status['state'];
export type FaultyEntry = z.infer<typeof faultyEntrySchema>;
export type PastRelease = z.infer<typeof pastReleaseSchema>;
