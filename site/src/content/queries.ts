import { createHash } from 'node:crypto';
import { siteUrl } from '../../settings.ts';
import { BuildError } from '../errors.ts';
import { turnMarkdownMemory } from '../features/markdown/memory.ts';
import { allViews, assemblePages, type Pages } from './assemble/assemble.ts';
import type { Assembled } from './assemble/pages.ts';
import type { Catalog } from './catalogs/catalog.ts';
import type { MovedAddress } from './assemble/redirects.ts';
import { type Library, library } from './content.ts';
import { handedOver } from './pull/handover.ts';
import type { Pulled } from './pull/pull.ts';
import { readContent, readRevision } from './store.ts';
import type {
  ArticleListView,
  ArticleView,
  ConsultationView,
  HomeView,
  NotFoundView,
  PageFrame,
  PageProps,
  PageView,
  ReceivedView,
  SearchView,
  Site,
  StaticPath,
  TopicListView,
  TopicView,
} from './views.ts';

interface Loaded {
  revision: number;
  library: Library;
  pages: Pages;
  chromeHash: string;
}

let loaded: { from: Pulled | null; all: Promise<Loaded> } | null = null;

/** Content and pages; put together once a build, and anew for every request while developing. */
export function load(): Promise<Loaded> {
  const from = handedOver();
  if (import.meta.env.DEV || loaded?.from !== from) loaded = { from, all: loadNow() };
  return loaded.all;
}

export async function homePage(): Promise<PageProps<HomeView>> {
  return props(await load(), ({ home }) => home);
}

export async function consultationPage(): Promise<PageProps<ConsultationView>> {
  return props(await load(), ({ consultation }) => consultation);
}

/** The page that confirms a consultation request. */
export async function receivedPage(): Promise<PageProps<ReceivedView>> {
  return props(await load(), ({ received }) => received);
}

export async function searchPage(): Promise<PageProps<SearchView>> {
  return props(await load(), ({ search }) => search);
}

export async function notFoundPage(): Promise<PageProps<NotFoundView>> {
  return props(await load(), ({ notFound }) => notFound);
}

/** The first page of the list of articles. */
export async function articleListPage(): Promise<PageProps<ArticleListView>> {
  return props(await load(), ({ articleLists }) => first(articleLists));
}

export async function topicListPage(): Promise<PageProps<TopicListView>> {
  return props(await load(), ({ topicList }) => topicList);
}

/** The list of a catalog. */
export async function listPage<View extends PageFrame>(
  catalog: Catalog<PageFrame, View>,
): Promise<PageProps<View>> {
  const { pages, library } = await load();
  return { site: pages.site, view: catalog.pages(pages.site, library).list.view };
}

/** The second and later pages of the list of articles. */
export async function articleListPages(): Promise<StaticPath<{ page: string }, ArticleListView>[]> {
  const all = await load();
  return laterPages(all.pages.articleLists).map(([page, list]) => staticPath(all, { page }, list));
}

export async function articlePages(): Promise<StaticPath<{ slug: string }, ArticleView>[]> {
  const all = await load();
  return zip(all.library.articles, all.pages.articles).map(([{ slug }, page]) =>
    staticPath(all, { slug }, page),
  );
}

export async function topicPages(): Promise<StaticPath<{ slug: string }, TopicView>[]> {
  const all = await load();
  return zip(all.library.topics, all.pages.topics).map(([{ slug }, pages]) =>
    staticPath(all, { slug }, first(pages)),
  );
}

/** The second and later pages of the topics with many articles. */
export async function topicListPages(): Promise<StaticPath<{ slug: string; page: string }, TopicView>[]> {
  const all = await load();
  return zip(all.library.topics, all.pages.topics).flatMap(([{ slug }, pages]) =>
    laterPages(pages).map(([page, view]) => staticPath(all, { slug, page }, view)),
  );
}

/** The pages of the entries of a catalog. */
export async function entryPages<View extends PageFrame>(
  catalog: Catalog<View, PageFrame>,
): Promise<StaticPath<{ slug: string }, View>[]> {
  const all = await load();
  return catalog
    .pages(all.pages.site, all.library)
    .entries.map(({ slug, page }) => staticPath(all, { slug }, page));
}

export async function genericPages(): Promise<StaticPath<{ slug: string }, PageView>[]> {
  const all = await load();
  return zip(all.library.pages, all.pages.genericPages).map(([{ slug }, page]) =>
    staticPath(all, { slug }, page),
  );
}

/** Views of all pages that have an address of their own, with the content that they come from. */
export async function siteOverview(): Promise<{
  revision: number;
  library: Library;
  site: Site;
  views: PageFrame[];
  redirects: readonly MovedAddress[];
}> {
  const { revision, library, pages } = await load();
  const { site, redirects } = pages;
  return { revision, library, site, views: allViews(pages), redirects };
}

async function loadNow(): Promise<Loaded> {
  const content = await readContent();
  turnMarkdownMemory();
  const warnings = new Set<string>();
  const shelves = library(content, {
    siteUrl: siteUrl(),
    now: new Date(),
    warn: (warning) => warnings.add(warning),
  });
  const pages = assemblePages(shelves);
  for (const warning of warnings) console.warn(`[WARN] [content] ${warning}`);
  return { revision: await readRevision(), library: shelves, pages, chromeHash: hash(pages.site) };
}

function props<View extends PageFrame>(
  { pages }: Loaded,
  pick: (pages: Pages) => Assembled<View>,
): PageProps<View> {
  return { site: pages.site, view: pick(pages).view };
}

function staticPath<Params extends Record<string, string>, View extends PageFrame>(
  { pages, chromeHash }: Loaded,
  params: Params,
  { view }: Assembled<View>,
): StaticPath<Params, View> {
  return { params, props: { site: pages.site, view }, cacheKey: cacheKey(chromeHash, view) };
}

const cacheKeys = new WeakMap<PageFrame, { chromeHash: string; key: string }>();

function cacheKey(chromeHash: string, view: PageFrame): string {
  const known = cacheKeys.get(view);
  if (known?.chromeHash === chromeHash) return known.key;
  const key = hash([chromeHash, view]);
  cacheKeys.set(view, { chromeHash, key });
  return key;
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url');
}

function first<Item>(items: readonly Item[]): Item {
  const [item] = items;
  if (item === undefined) throw new BuildError('A list of pages has no first page.');
  return item;
}

function laterPages<Item>(pages: readonly Item[]): [string, Item][] {
  return pages.slice(1).map((page, index) => [String(index + 2), page]);
}

function zip<Left, Right>(lefts: readonly Left[], rights: readonly Right[]): [Left, Right][] {
  return lefts.flatMap((left, index) => {
    const right = rights[index];
    return right === undefined ? [] : [[left, right]];
  });
}
