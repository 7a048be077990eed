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

/** The entry with a slug that a path of the public site shows; null for a path that shows none, such as a list. */
export function readPublicPath(path: string): { type: string; slug: string } | null {
  for (const [type, place] of Object.entries(places)) {
    if (!('folder' in place) || !path.startsWith(place.folder)) continue;
    const [, slug] = /^([^/]+)\/$/.exec(path.slice(place.folder.length)) ?? [];
    if (slug !== undefined) return { type, slug };
  }
  return null;
}
