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
