import { z } from 'zod';

/**
 * Content faults, told by their shape: those found while pages are made come from modules that a build loaded anew, so
 * they are of another class than the one of this process.
 */
export const contentFault = z.object({
  name: z.literal('ContentError'),
  message: z.string(),
  problems: z.array(
    z.object({
      type: z.string(),
      documentId: z.string().nullable(),
      title: z.string().nullable(),
      text: z.string(),
    }),
  ),
});
