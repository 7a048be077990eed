import type { Media } from '@meridian/shared-types';
import { altOf } from '@meridian/shared-types/checklist';
import type { FocusClass, Picture } from '../../content/views.ts';
import { escapeHtml } from '../../html.ts';
import type { StoredPicture } from './stored-picture.ts';

/** A picture of the media library for display; null when there is none or it could not be processed. */
export function pictureView(
  media: Media | null,
  pictures: ReadonlyMap<string, StoredPicture>,
): Picture | null {
  const stored = media === null ? null : storedPicture(media.url, pictures);
  if (media === null || stored === null) return null;
  return {
    sources: stored.sources,
    src: stored.src,
    width: stored.width,
    height: stored.height,
    alt: altOf(media.alternativeText),
    caption: media.caption,
    focus: focusClass(media.focalPoint),
  };
}

/** HTML of a picture within Markdown; null when it is none of the media library's. */
export function pictureHtml(
  address: string,
  alt: string,
  pictures: ReadonlyMap<string, StoredPicture>,
): string | null {
  const stored = storedPicture(address, pictures);
  if (stored === null) return null;
  const sizes = '(min-width: 48rem) 44rem, 100vw';
  const sources = stored.sources.map(
    ({ type, srcset }) => `<source type="${type}" srcset="${srcset}" sizes="${sizes}">`,
  );
  return `<picture>${sources.join('')}<img src="${stored.src}" alt="${escapeHtml(altOf(alt))}" width="${stored.width}" height="${stored.height}" loading="lazy" decoding="async"></picture>`;
}

/** A processed picture by the address that content gives it, relative or absolute. */
export function storedPicture(
  address: string,
  pictures: ReadonlyMap<string, StoredPicture>,
): StoredPicture | null {
  const base = 'http://cms.invalid';
  return URL.canParse(address, base) ? (pictures.get(new URL(address, base).pathname) ?? null) : null;
}

/** The nearest of nine places, so that a class can say it and no style attribute is needed. */
export function focusClass(point: Media['focalPoint']): FocusClass {
  if (point === null) return 'object-center';
  const column = point.x < 100 / 3 ? 'left' : point.x > 200 / 3 ? 'right' : 'center';
  const row = point.y < 100 / 3 ? 'top' : point.y > 200 / 3 ? 'bottom' : 'center';
  return focusClasses[row][column];
}

const focusClasses = {
  top: { left: 'object-left-top', center: 'object-top', right: 'object-right-top' },
  center: { left: 'object-left', center: 'object-center', right: 'object-right' },
  bottom: { left: 'object-left-bottom', center: 'object-bottom', right: 'object-right-bottom' },
} as const;
