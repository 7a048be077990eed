import type { Media, SharedSeo } from '@meridian/shared-types';
import { altOf } from '@meridian/shared-types/checklist';
import type { Library } from '../../content/content.ts';
import type { Head, ShareImage, Site } from '../../content/views.ts';
import { absoluteUrl } from '../../paths.ts';
import { brandPicture } from '../pictures/stored-picture.ts';
import { storedPicture } from '../pictures/view.ts';
import { type GraphPage, jsonLd } from './json-ld.ts';
import { shortened } from './plain-text.ts';

/** What the head of a page is made from. `sectionsImage` is the picture that the page itself shows, if any. */
export interface HeadSource extends Omit<GraphPage, 'description' | 'image'> {
  summary: string | null;
  seo: SharedSeo | null;
  picture: Media | null;
  type: Head['openGraph']['type'];
  /** Pages that search engines are not to list. */
  unlisted?: boolean;
}

/** Title, description, canonical address, Open Graph and structured data of a page. */
export function pageHead(source: HeadSource, site: Site, library: Library): Head {
  const { clinic, siteUrl } = library;
  const title = source.seo?.title ?? source.title;
  const description = shortened(
    source.seo?.description ??
      source.summary ??
      clinic.defaultSeo?.description ??
      `${source.title}. ${clinic.name}.`,
  );
  const url = absoluteUrl(siteUrl, source.path);
  const shown = source.picture === null ? null : storedPicture(source.picture.url, library.pictures);
  return {
    title: `${title} | ${clinic.name}`,
    description,
    canonical: url,
    robots: source.unlisted === true || source.seo?.noIndex === true ? 'noindex' : null,
    openGraph: {
      type: source.type,
      title,
      description,
      url,
      siteName: clinic.name,
      locale: 'en_US',
      image: shareImage([source.seo?.image, source.picture, clinic.defaultSeo?.image], library),
    },
    jsonLd: jsonLd(
      { ...source, description, image: shown === null ? null : absoluteUrl(siteUrl, shown.share.path) },
      site,
      clinic,
      siteUrl,
    ),
  };
}

function shareImage(candidates: readonly (Media | null | undefined)[], library: Library): ShareImage | null {
  for (const media of candidates) {
    const stored = media === null || media === undefined ? null : storedPicture(media.url, library.pictures);
    if (stored !== null)
      return { ...sharePicture(stored.share, library.siteUrl), alt: altOf(media?.alternativeText ?? null) };
  }
  const brand = library.pictures.get(brandPicture);
  return brand === undefined
    ? null
    : { ...sharePicture(brand.share, library.siteUrl), alt: library.clinic.name };
}

function sharePicture(share: { path: string; width: number; height: number }, siteUrl: string) {
  return {
    url: absoluteUrl(siteUrl, share.path),
    type: 'image/jpeg',
    width: share.width,
    height: share.height,
  };
}
