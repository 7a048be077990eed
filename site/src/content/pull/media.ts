import { type Media, mediaSchema } from '@meridian/shared-types';
import { pictureAddresses } from '../../features/pictures/addresses.ts';
import type { RawEntry } from './entries.ts';

const found = new WeakMap<RawEntry, Media[]>();
const addresses = new WeakMap<RawEntry, { cmsUrl: string; paths: string[] }>();

/** Files of the media library that an entry shows in fields of its own. Looked for once an entry. */
export function mediaOf(raw: RawEntry): Media[] {
  const known = found.get(raw);
  if (known !== undefined) return known;
  const media = mediaIn(raw);
  found.set(raw, media);
  return media;
}

/** Paths on the CMS of the pictures in all Markdown of an entry. Looked for once an entry. */
export function markdownPicturesOf(raw: RawEntry, cmsUrl: string): string[] {
  const known = addresses.get(raw);
  if (known?.cmsUrl === cmsUrl) return known.paths;
  const paths = pictureAddresses(raw, cmsUrl);
  addresses.set(raw, { cmsUrl, paths });
  return paths;
}

function mediaIn(value: unknown): Media[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('mime' in value && 'url' in value && 'hash' in value) {
    const media = mediaSchema.safeParse(value);
    return media.success ? [media.data] : [];
  }
  return Object.values(value).flatMap(mediaIn);
}
