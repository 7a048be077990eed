import type { ContentTypeName } from '@meridian/shared-types';
import { provider } from './provider.ts';

/** The content types with a list and a page for each entry, but for those that `assemble.ts` puts together itself. */
export const catalogs = { provider };

/** A content type that is a catalog. */
export type CatalogName = keyof typeof catalogs;

export function isCatalog(type: ContentTypeName): type is CatalogName {
  return type in catalogs;
}
