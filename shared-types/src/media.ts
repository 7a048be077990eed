import { z } from 'zod';
import { emptyAsNull } from './attributes.ts';

/**
 * A file of Strapi's media library. `url` is a path below the CMS, or absolute where uploads lie elsewhere; `size` is
 * in kB; `width` and `height` are in px and `focalPoint` in percent from the top left, all `null` unless it is a
 * picture for which they are known.
 */
export const mediaSchema = z.object({
  documentId: z.string().min(1),
  name: z.string().min(1),
  url: z.string().min(1),
  alternativeText: emptyAsNull(z.string()),
  caption: emptyAsNull(z.string()),
  width: z.int().positive().nullable(),
  height: z.int().positive().nullable(),
  mime: z.string().min(1),
  size: z.number().nonnegative(),
  hash: z.string().min(1),
  ext: emptyAsNull(z.string()),
  focalPoint: z.object({ x: z.number().min(0).max(100), y: z.number().min(0).max(100) }).nullable(),
  updatedAt: z.iso.datetime(),
});

export type Media = z.infer<typeof mediaSchema>;

/** What to ask REST for, to get what `mediaSchema` reads. */
export const mediaQuery = {
  fields: [
    'documentId',
    'name',
    'url',
    'alternativeText',
    'caption',
    'width',
    'height',
    'mime',
    'size',
    'hash',
    'ext',
    'focalPoint',
    'updatedAt',
  ],
} as const;
