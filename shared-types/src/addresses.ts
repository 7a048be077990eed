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
 * What stands at a path, by the form of the path alone: the other way round than `publicPath`. The home page stands for
 * every type that it shows.
 *
 * @param path with a slash at the end, such as `/articles/neck-pain/`
 * @returns null for a path that no entry can have; `slug` is null for single types
 */
export function readPublicPath(path: string): { type: string; slug: string | null } | null {
  if (path === '/') return { type: 'home-page', slug: null };
  const all = Object.entries(places);
  const single = all.find(([, place]) => 'page' in place && place.page === path);
  if (single !== undefined) return { type: single[0], slug: null };
  for (const [type, place] of all) {
    if (!('folder' in place)) continue;
    const slug = /^([^/]+)\/$/.exec(
      path.startsWith(place.folder) ? path.slice(place.folder.length) : '',
    )?.[1];
    if (slug !== undefined) return { type, slug };
  }
  return null;
}
