import { z } from 'zod';

/** A picture as it lies processed in the store. `address` is its path on the CMS; the others are paths on the site. */
export const storedPictureSchema = z.object({
  address: z.string(),
  sources: z.array(z.object({ type: z.enum(['image/avif', 'image/webp']), srcset: z.string() })),
  src: z.string(),
  width: z.int().positive(),
  height: z.int().positive(),
  /** JPEG for shared links, cut around the focal point. */
  share: z.object({ path: z.string(), width: z.int().positive(), height: z.int().positive() }),
  /** Names of all files, for the copy into the built site. */
  files: z.array(z.string()),
});

export type StoredPicture = z.infer<typeof storedPictureSchema>;

/** Name of the picture that stands for the site where a page has none of its own. */
export const brandPicture = 'brand';
