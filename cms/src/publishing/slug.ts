import { entryFolders } from '@meridian/shared-types';

/** First path segments that the site itself uses; a page of one of these names would never be seen. */
const RESERVED_PAGE_SLUGS = [
  ...entryFolders,
  '404',
  'admin',
  'api',
  'consultation',
  'healthz',
  'media',
  'pagefind',
  'preview',
  'readyz',
  'robots',
  'rss',
  'search',
  'sitemap',
  'uploads',
];
/** `/articles/page/2/` is the second page of the list. */
const RESERVED_LIST_SLUGS = ['page'];

const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Turns any text into a slug: lower case, without marks, hyphens between words. May be empty. */
export function slugify(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

/** What is wrong with a slug by itself, and how to mend it; null when nothing is. */
export function slugFault(type: string, slug: string): string | null {
  if (slug === '') return 'is empty. Fill it in, or press "Regenerate" beside the field.';
  if (!SLUG.test(slug)) {
    const better = slugify(slug);
    const advice = better === '' ? 'Use the title in plain letters.' : `Use "${better}".`;
    return `"${slug}" may hold lower-case letters a-z, digits and single hyphens only. ${advice}`;
  }
  const reserved = type === 'page' ? RESERVED_PAGE_SLUGS : RESERVED_LIST_SLUGS;
  if (reserved.includes(slug))
    return `"${slug}" is an address that the site itself uses. Use "${slug}-info" or another name.`;
  return null;
}
