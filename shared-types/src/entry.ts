import { z } from 'zod';

/** What every entry carries, whatever its type. Times are ISO 8601 in UTC. */
export const entryFields = {
  documentId: z.string().min(1),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  publishedAt: z.iso.datetime(),
};

/** An entry of any content type, as generic code sees it. */
export type Entry = z.infer<z.ZodObject<typeof entryFields>>;
