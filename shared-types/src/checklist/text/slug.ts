import { entryFolders } from '../../addresses.ts';

/** Slugs that no entry of any type may have: their folder already means something to the site or to a file system. */
const reservedSlugs: readonly string[] = ['page', 'index', 'con', 'prn', 'aux', 'nul', '404'];

/** First path segments that the site itself uses; a page of one of these names would never be seen. */
const reservedPageSlugs: readonly string[] = [
  ...entryFolders,
  '500',
  '_astro',
  'admin',
  'api',
  'assets',
  'consultation',
  'healthz',
  'media',
  'pagefind',
  'preview',
  'readyz',
  'release',
  'robots',
  'rss',
  'search',
  'sitemap',
  'uploads',
];

const form = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Turns any text into a slug: lower case, without marks, hyphens between words. May be empty. */
export function slugify(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

/** A slug as browsers, file systems and readers may confuse it. */
export function slugKey(slug: string): string {
  return slug.normalize('NFKC').toLowerCase();
}

/**
 * Whether the site keeps the address for itself.
 *
 * @param type singular name of the content type
 */
export function isReserved(type: string, slug: string): boolean {
  const key = slugKey(slug);
  return reservedSlugs.includes(key) || (type === 'page' && reservedPageSlugs.includes(key));
}

/** What is wrong with a slug by itself, and how to mend it; null when nothing is. */
export function slugFault(type: string, slug: string): { message: string; mend: string } | null {
  if (slug === '')
    return { message: 'is empty.', mend: 'Fill it in, or press "Regenerate" beside the field.' };
  if (!form.test(slug)) {
    const better = slugify(slug);
    return {
      message: `"${slug}" may hold lower-case letters a-z, digits and single hyphens only.`,
      mend: better === '' ? 'Use the title in plain letters.' : `Use "${better}".`,
    };
  }
  if (isReserved(type, slug)) {
    return {
      message: `"${slug}" is an address that the site itself uses.`,
      mend: `Use "${slug}-info" or another name.`,
    };
  }
  return null;
}
