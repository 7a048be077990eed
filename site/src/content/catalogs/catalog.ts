import type { Assembled } from '../assemble/pages.ts';
import type { Library } from '../content.ts';
import type { PageFrame, Site } from '../views.ts';

/** Pages of a content type that has one for each entry, and one that lists them. */
export interface Catalog<View extends PageFrame, ListView extends PageFrame> {
  /** All of its pages; put together once for a library. */
  pages: (site: Site, library: Library) => CatalogPages<View, ListView>;
  /** The page of one entry; null when the library does not have it. */
  page: (documentId: string, site: Site, library: Library) => Assembled<View> | null;
}

/** `entries` are in the order in which readers see them. */
export interface CatalogPages<View extends PageFrame, ListView extends PageFrame> {
  list: Assembled<ListView>;
  entries: readonly { slug: string; page: Assembled<View> }[];
}

/** Makes a catalog of a content type. `entries` gives them in the order in which readers see them. */
export function catalog<
  Entry extends { documentId: string; slug: string },
  View extends PageFrame,
  ListView extends PageFrame,
>({
  entries,
  assemble,
  assembleList,
}: {
  entries: (library: Library) => readonly Entry[];
  assemble: (entry: Entry, site: Site, library: Library) => Assembled<View>;
  assembleList: (site: Site, library: Library) => Assembled<ListView>;
}): Catalog<View, ListView> {
  const known = new WeakMap<Library, CatalogPages<View, ListView>>();
  return {
    pages: (site, library) => {
      const pages = known.get(library) ?? {
        list: assembleList(site, library),
        entries: entries(library).map((entry) => ({
          slug: entry.slug,
          page: assemble(entry, site, library),
        })),
      };
      known.set(library, pages);
      return pages;
    },
    page: (documentId, site, library) => {
      const entry = entries(library).find((each) => each.documentId === documentId);
      return entry === undefined ? null : assemble(entry, site, library);
    },
  };
}
