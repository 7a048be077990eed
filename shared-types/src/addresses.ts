/** Folders and single pages of the public site, by the content type that fills them. A folder is followed by a slug. */
const places = {
  article: { folder: '/articles/' },
  provider: { folder: '/providers/' },
  topic: { folder: '/topics/' },
  page: { folder: '/' },
  clinic: { page: '/' },
  navigation: { page: '/' },
  'home-page': { page: '/' },
  'consultation-page': { page: '/consultation/' },
} as const;

/**
 * Path of the public page that shows an entry, such as `/articles/neck-pain/`. What every page shows, such as the
 * clinic, leads to the home page.
 *
 * @param type singular name of the content type
 * @param slug of the entry; without meaning for single types
 * @returns null for a type without a page, and for an entry that needs a slug and has none
 */
export function publicPath(type: string, slug: string | null): string | null {
  const place = new Map<string, { folder: string } | { page: string }>(Object.entries(places)).get(type);
  if (place === undefined) return null;
  if ('page' in place) return place.page;
  return slug === null || slug === '' ? null : `${place.folder}${slug}/`;
}

/**
 * The entry that a path of the public site shows, the other way round of `publicPath`.
 *
 * @returns null for a path that shows none; a slug of null for the page of a single type
 */
export function readPublicPath(path: string): { type: string; slug: string | null } | null {
  if (path === '/') return { type: 'home-page', slug: null };
  for (const [type, place] of Object.entries(places)) {
    if ('page' in place) {
      if (place.page !== '/' && path === place.page) return { type, slug: null };
      continue;
    }
    const [, slug] = path.startsWith(place.folder)
      ? (/^([^/]+)\/$/.exec(path.slice(place.folder.length)) ?? [])
      : [];
    if (slug !== undefined) return { type, slug };
  }
  return null;
}
