import { typeNames } from '@meridian/shared-types';
import { ContentError, type Problem } from '../../errors.ts';
import { notFoundPath } from '../../paths.ts';
import { catalogs } from '../catalogs/index.ts';
import type { Library } from '../content.ts';
import type { PageFrame, Site } from '../views.ts';
import { rememberedArticles } from './article-memory.ts';
import { linkProblems } from './link-check.ts';
import {
  type Assembled,
  assembleArticleLists,
  assembleConsultation,
  assembleReceived,
  assembleGenericPage,
  assembleHome,
  assembleNotFound,
  assembleSearch,
  assembleTopic,
  assembleTopicList,
} from './pages.ts';
import { assembleRedirects } from './redirects.ts';
import { assembleSite } from './site.ts';

/** Every page of the site, ready to be printed. */
export type Pages = ReturnType<typeof assembleAll>;

/**
 * Puts all pages together and checks the links between them.
 *
 * @throws ContentError naming every link that leads nowhere
 */
export function assemblePages(library: Library): Pages {
  const pages = assembleAll(library);
  const around = (['navigation', 'clinic'] as const).map((entry) => ({
    entry,
    links: pages.siteLinks[entry],
    hasId: () => false,
    view: { path: '' },
  }));
  const problems = linkProblems([...around, ...pages.all], pages.redirects);
  if (problems.length > 0) throw new ContentError(problems.map((text) => located(text, library)));
  return pages;
}

/** Finds the entry that a problem names at its beginning: `article "sciatica": …`, or `navigation: …`. */
function located(text: string, library: Library): Problem {
  const [, type = '', slug] = /^([a-z-]+)(?: "([^"]*)")?/.exec(text) ?? [];
  const name = typeNames.find((each) => each === type);
  const entries: readonly { documentId: string; slug?: string }[] =
    name === undefined ? [] : library.entries[name];
  const entry = slug === undefined ? entries[0] : entries.find((each) => each.slug === slug);
  return { type, documentId: entry?.documentId ?? null, title: entryTitle(entry), text };
}

function entryTitle(entry: object | undefined): string | null {
  if (entry === undefined) return null;
  if ('title' in entry && typeof entry.title === 'string') return entry.title;
  return 'name' in entry && typeof entry.name === 'string' ? entry.name : null;
}

/** Views of all pages that have an address of their own. */
export function allViews({ all }: Pages): PageFrame[] {
  return all.map(({ view }) => view).filter(({ path }) => path !== notFoundPath);
}

function assembleAll(library: Library) {
  const { site, links } = assembleSite(library);
  const of = <Entry, Page>(
    entries: readonly Entry[],
    assemble: (entry: Entry, site: Site, library: Library) => Page,
  ) => entries.map((entry) => assemble(entry, site, library));
  const pages = {
    home: assembleHome(site, library),
    articleLists: assembleArticleLists(site, library),
    articles: rememberedArticles(site, library),
    topicList: assembleTopicList(site, library),
    topics: of(library.topics, assembleTopic),
    genericPages: of(library.pages, assembleGenericPage),
    consultation: assembleConsultation(site, library),
    received: assembleReceived(site, library),
    search: assembleSearch(site, library),
    notFound: assembleNotFound(site, library),
  };
  const inCatalogs = Object.values(catalogs).flatMap((catalog) => {
    const { list, entries } = catalog.pages(site, library);
    return [list, ...entries.map(({ page }) => page)];
  });
  const all: Assembled<PageFrame>[] = [...Object.values(pages).flat(2), ...inCatalogs];
  const redirects = assembleRedirects(library, new Set(all.map(({ view }) => view.path)));
  return { site, siteLinks: links, all, redirects, ...pages };
}
