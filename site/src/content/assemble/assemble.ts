import { ContentError, type Problem } from '../../errors.ts';
import { notFoundPath } from '../../paths.ts';
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
  assembleProvider,
  assembleProviderList,
  assembleSearch,
  assembleTopic,
  assembleTopicList,
} from './pages.ts';
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
  const navigation = { entry: 'navigation', links: pages.siteLinks, hasId: () => false, view: { path: '' } };
  const problems = linkProblems([navigation, ...pages.all]);
  if (problems.length > 0) throw new ContentError(problems.map((text) => located(text, library)));
  return pages;
}

/** Finds the entry that a problem names at its beginning: `article "sciatica": …`, or `navigation: …`. */
function located(text: string, library: Library): Problem {
  const [, type = '', slug] = /^([a-z-]+)(?: "([^"]*)")?/.exec(text) ?? [];
  const { articles, topics, providers, pages } = library;
  const many = new Map<string, readonly { documentId: string; slug: string }[]>([
    ['article', articles],
    ['topic', topics],
    ['provider', providers],
    ['page', pages],
  ]);
  const single = new Map<string, { documentId: string }>([
    ['navigation', library.navigation],
    ['home-page', library.homePage],
    ['consultation-page', library.consultationPage],
    ['clinic', library.clinic],
  ]);
  const entry = many.get(type)?.find((each) => each.slug === slug) ?? single.get(type);
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
    providerList: assembleProviderList(site, library),
    providers: of(library.providers, assembleProvider),
    genericPages: of(library.pages, assembleGenericPage),
    consultation: assembleConsultation(site, library),
    received: assembleReceived(site, library),
    search: assembleSearch(site, library),
    notFound: assembleNotFound(site, library),
  };
  const all: Assembled<PageFrame>[] = Object.values(pages).flat(2);
  return { site, siteLinks: links, all, ...pages };
}
