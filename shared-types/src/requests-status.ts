import { z } from 'zod';
import { referencePattern } from './consultation-request.ts';

/**
 * How consultation requests fare between a site server and the CMS. Nothing in it is personal. Times are ISO 8601.
 *
 * - `waiting`: taken, not yet handed to the CMS; `oldestSince`: when the oldest of them came.
 * - `locked`: waiting ones that need a former key (SPOOL_KEYS_OLD) to be opened.
 * - `failing`: since when the CMS takes nothing, and why, such as `ECONNREFUSED` or `HTTP 500`.
 * - `rejected`: set aside for a person, and why: the file is damaged (`unreadable`), the CMS refused it (`refused`), or
 *   knows another one with the same key (`conflict`).
 */
export const requestsStatusSchema = z.object({
  waiting: z.int().min(0),
  oldestSince: z.iso.datetime().nullable(),
  locked: z.int().min(0),
  failing: z.object({ since: z.iso.datetime(), reason: z.string() }).nullable(),
  rejected: z.array(
    z.object({
      reference: z.string().regex(referencePattern),
      reason: z.enum(['unreadable', 'refused', 'conflict']),
      since: z.iso.datetime(),
    }),
  ),
});

export type RequestsStatus = z.infer<typeof requestsStatusSchema>;
