// Generated from cms/src/api/scheduled-action/content-types/scheduled-action/schema.json. Do not edit. Run "npm run generate".
import { z } from 'zod';
import * as is from '../attributes.ts';
import { entryFields } from '../entry.ts';
import type { ContentQuery } from '../query.ts';

export const scheduledActionSchema = z.object({
  ...entryFields,
  targetType: z.string().min(1).max(100),
  targetId: z.string().min(1).max(100),
  targetTitle: z.string().min(1),
  action: z.enum(['publish', 'unpublish']),
  dueAt: z.iso.datetime(),
  scheduledBy: z.int(),
  scheduledByName: z.string().min(1),
  state: z.enum(['waiting', 'done', 'refused', 'cancelled']),
  reason: is.emptyAsNull(z.string()),
  doneAt: z.iso.datetime().nullable(),
  attempts: z.int(),
});
export type ScheduledAction = z.infer<typeof scheduledActionSchema>;
export const scheduledActionQuery = {
  uid: 'api::scheduled-action.scheduled-action',
  kind: 'collectionType',
  endpoint: 'scheduled-actions',
  fields: [
    'documentId',
    'createdAt',
    'updatedAt',
    'publishedAt',
    'targetType',
    'targetId',
    'targetTitle',
    'action',
    'dueAt',
    'scheduledBy',
    'scheduledByName',
    'state',
    'reason',
    'doneAt',
    'attempts',
  ],
} as const satisfies ContentQuery;
