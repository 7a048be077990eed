import { type ContentType, hasSlug } from './content-type.ts';
import { contentTypes } from './generated/index.ts';

/** Types that do not follow the rule: a page for each slug below the plural of the type, the home page for all others. */
const exceptions: ReadonlyMap<string, string> = new Map([
  ['page', '/'],
  ['consultation-page', '/consultation/'],
]);
const types: ReadonlyMap<string, ContentType> = new Map<string, ContentType>(Object.entries(contentTypes));

/** Names of the folders at the top of the site that hold the pages of entries, such as `articles`. */
export const entryFolders: readonly string[] = [...types.values()]
  .filter((type) => hasSlug(type) && !exceptions.has(type.singularName))
  .map(({ query }) => query.endpoint);

/**
 * Path of the public page that shows an entry, such as `/articles/neck-pain/`. What every page shows, such as the
 * clinic, leads to the home page.
 *
 * @param type singular name of the content type
 * @param slug of the entry; without meaning for single types
 * @returns null for a type without a page, and for an entry that needs a slug and has none
 */
export function publicPath(type: string, slug: string | null): string | null {
  const known = types.get(type);
  if (known === undefined) return null;
  const place = exceptions.get(type);
  if (known.kind === 'singleType') return place ?? '/';
  if (!hasSlug(known) || slug === null || slug === '') return null;
  return `${place ?? `/${known.query.endpoint}/`}${slug}/`;
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
  for (const [type, known] of types) {
    const place = exceptions.get(type);
    if (known.kind === 'singleType' && place === path) return { type, slug: null };
    if (!hasSlug(known)) continue;
    const folder = place ?? `/${known.query.endpoint}/`;
    const slug = /^([^/]+)\/$/.exec(path.startsWith(folder) ? path.slice(folder.length) : '')?.[1];
    // A page stands at the top, where single types have the names that they have.
    if (slug !== undefined && !(folder === '/' && [...exceptions.values()].includes(path)))
      return { type, slug };
  }
  return null;
}
