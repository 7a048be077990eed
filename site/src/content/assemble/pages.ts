import type { Article, Page, Provider, Topic } from '@meridian/shared-types';
import { dateView, dayOf } from '../../features/dates/dates.ts';
import { requestForm } from '../../features/consultation/form.ts';
import { pictureView } from '../../features/pictures/view.ts';
import { type HeadSource, pageHead } from '../../features/seo/head.ts';
import {
  articleListPath,
  articlePath,
  articlesPath,
  consultationPath,
  homePath,
  notFoundPath,
  pagePath,
  providerPath,
  providersPath,
  receivedPath,
  searchPath,
  topicPath,
  topicsPath,
} from '../../paths.ts';
import { type Library, resolve } from '../content.ts';
import type {
  ArticleListView,
  ArticleView,
  Breadcrumb,
  ConsultationView,
  Head,
  HomeView,
  NotFoundView,
  PageFrame,
  PageView,
  ProviderListView,
  ProviderView,
  ReceivedView,
  ReferenceView,
  SearchView,
  Site,
  TopicListView,
  TopicView,
} from '../views.ts';
import {
  articleCard,
  providerCard,
  providerLink,
  reviewView,
  topicCard,
  topicLink,
  topicLinks,
} from './cards.ts';
import { type PageLink, pageParts, type PageParts } from './page-parts.ts';
import { pagesOf, paging } from './paging.ts';
import { assembleSections, contentsOf } from './sections.ts';

/** A finished page, with what the check of links needs to know of it. */
export interface Assembled<View extends PageFrame> {
  view: View;
  /** For messages. */
  entry: string;
  links: readonly PageLink[];
  hasId: (id: string) => boolean;
}

/** Where the breadcrumbs of every page begin. */
export const home: Breadcrumb = { label: 'Home', href: homePath };
const articlesCrumb: Breadcrumb = { label: 'Articles', href: articlesPath };
const topicsCrumb: Breadcrumb = { label: 'Topics', href: topicsPath };
const providersCrumb: Breadcrumb = { label: 'Providers', href: providersPath };

const related = 3;
const providersArticles = 12;
const homeItems = 6;

type PageSource = Omit<HeadSource, 'breadcrumbs'>;

/** What a head may leave out. */
export const plain = {
  seo: null,
  picture: null,
  sections: [],
  article: null,
  provider: null,
  topic: null,
  summary: null,
} as const;

export function assembleArticle(article: Article, site: Site, library: Library): Assembled<ArticleView> {
  const parts = pageParts(library, `article "${article.slug}"`);
  const topics = resolve(article.topics, library.topicById);
  const references = article.references.map((reference, index) => ({
    reference,
    id: `reference-${index + 1}`,
  }));
  const { sections, headings } = assembleSections(article.sections, library, parts, topics[0] ?? null);
  if (references.length > 0) headings.push({ level: 2, id: 'references', text: 'References' });
  const author = article.author === null ? null : (library.providerById.get(article.author) ?? null);
  const reviewer = article.reviewer === null ? null : (library.providerById.get(article.reviewer) ?? null);
  const frame = frameOf(
    {
      ...plain,
      kind: 'MedicalWebPage',
      type: 'article',
      path: articlePath(article.slug),
      title: article.title,
      summary: article.summary,
      seo: article.seo,
      picture: article.heroImage,
      sections,
      article: { article, author, reviewer, topics },
    },
    [home, articlesCrumb],
    site,
    library,
  );
  return assembled(
    parts,
    references.map(({ id }) => id),
    {
      ...frame,
      title: article.title,
      summary: article.summary,
      picture: pictureView(article.heroImage, library.pictures),
      sections,
      contents: contentsOf(headings),
      topics: topicLinks(article.topics, library),
      author: author === null ? null : providerLink(author),
      review: reviewView(article, library),
      updatedOn: dateView(dayOf(article.updatedAt, library.clinic.timeZone)),
      references: references.map(({ reference, id }, index): ReferenceView => ({
        id,
        number: index + 1,
        title: reference.title,
        publisher: reference.publisher,
        year: reference.year,
        href: reference.url,
        citedAt: parts.citations
          .filter((citation) => citation.reference === index + 1)
          .map((citation) => citation.id),
      })),
      related: relatedArticles(article, library).map((other) => articleCard(other, library)),
      consultationHref: consultationPath(topics[0]?.slug ?? null),
    },
  );
}

/** Every page of the list of articles. */
export function assembleArticleLists(site: Site, library: Library): Assembled<ArticleListView>[] {
  const pages = pagesOf(library.articles);
  return pages.map((articles, index) => {
    const number = index + 1;
    const title = number === 1 ? 'Articles' : `Articles, page ${number}`;
    const source: PageSource = {
      ...plain,
      kind: 'CollectionPage',
      type: 'website',
      path: articleListPath(number),
      title,
    };
    return assembled(pageParts(library, title), [], {
      ...frameOf(source, number === 1 ? [home] : [home, articlesCrumb], site, library),
      title,
      articles: articles.map((article) => articleCard(article, library)),
      topics: library.topics.map(topicLink),
      paging: paging(number, pages.length, articleListPath),
    });
  });
}

export function assembleTopicList(site: Site, library: Library): Assembled<TopicListView> {
  const title = 'Topics';
  const cards = library.topics.map((topic) => topicCard(topic, library));
  const source: PageSource = { ...plain, kind: 'CollectionPage', type: 'website', path: topicsPath, title };
  return assembled(pageParts(library, title), [], {
    ...frameOf(source, [home], site, library),
    title,
    treatments: cards.filter(({ kind }) => kind === 'treatment'),
    conditions: cards.filter(({ kind }) => kind === 'condition'),
  });
}

/** Every page of a topic. */
export function assembleTopic(topic: Topic, site: Site, library: Library): Assembled<TopicView>[] {
  const pages = pagesOf(library.articlesByTopic.get(topic.documentId) ?? []);
  const pathOf = (page: number) => topicPath(topic.slug, page);
  return pages.map((articles, index) => {
    const number = index + 1;
    const parts = pageParts(library, `topic "${topic.slug}"`);
    const html = number === 1 && topic.body !== null ? parts.markdown(topic.body, 'body', 2).html : null;
    const source: PageSource = {
      ...plain,
      kind: 'MedicalWebPage',
      type: 'website',
      path: pathOf(number),
      title: number === 1 ? topic.name : `${topic.name}, page ${number}`,
      summary: topic.summary,
      seo: number === 1 ? topic.seo : null,
      topic,
    };
    const above = [home, topicsCrumb, ...(number === 1 ? [] : [{ label: topic.name, href: pathOf(1) }])];
    return assembled(parts, [], {
      ...frameOf(source, above, site, library),
      name: topic.name,
      kind: topic.kind,
      summary: topic.summary,
      html,
      articles: articles.map((article) => articleCard(article, library)),
      paging: paging(number, pages.length, pathOf),
      consultationHref: consultationPath(topic.slug),
    });
  });
}

export function assembleProviderList(site: Site, library: Library): Assembled<ProviderListView> {
  const title = 'Providers';
  const source: PageSource = {
    ...plain,
    kind: 'CollectionPage',
    type: 'website',
    path: providersPath,
    title,
  };
  return assembled(pageParts(library, title), [], {
    ...frameOf(source, [home], site, library),
    title,
    providers: library.providers.map((provider) => providerCard(provider, library)),
  });
}

export function assembleProvider(provider: Provider, site: Site, library: Library): Assembled<ProviderView> {
  const parts = pageParts(library, `provider "${provider.slug}"`);
  const card = providerCard(provider, library);
  const description = [provider.jobTitle, library.clinic.name].filter((part) => part !== null).join(', ');
  const source: PageSource = {
    ...plain,
    kind: 'ProfilePage',
    type: 'profile',
    path: providerPath(provider.slug),
    title: provider.credentials === null ? provider.name : `${provider.name}, ${provider.credentials}`,
    summary: `${provider.name}: ${description}.`,
    picture: provider.photo,
    provider,
  };
  const articles = library.articles.filter(
    ({ author, reviewer }) => author === provider.documentId || reviewer === provider.documentId,
  );
  return assembled(parts, [], {
    ...frameOf(source, [home, providersCrumb], site, library, provider.name),
    ...card,
    boardCertifications: provider.boardCertifications.map(({ text }) => text),
    languages: provider.languages.map(({ text }) => text),
    areasServed: provider.areasServed.map(({ text }) => text),
    html: provider.bio === null ? null : parts.markdown(provider.bio, 'bio', 2).html,
    articles: articles.slice(0, providersArticles).map((article) => articleCard(article, library)),
    consultationHref: consultationPath(),
  });
}

export function assembleGenericPage(page: Page, site: Site, library: Library): Assembled<PageView> {
  const parts = pageParts(library, `page "${page.slug}"`);
  const { sections, headings } = assembleSections(page.sections, library, parts, null);
  const source: PageSource = {
    ...plain,
    kind: 'WebPage',
    type: 'website',
    path: pagePath(page.slug),
    title: page.title,
    summary: page.summary,
    seo: page.seo,
    sections,
  };
  return assembled(parts, [], {
    ...frameOf(source, [home], site, library),
    title: page.title,
    summary: page.summary,
    sections,
    contents: contentsOf(headings),
  });
}

export function assembleConsultation(site: Site, library: Library): Assembled<ConsultationView> {
  const page = library.consultationPage;
  const parts = pageParts(library, 'consultation-page');
  const steps = page.whatToExpect.map(({ heading, body }, index) => ({
    id: parts.ids.take(heading),
    heading,
    html: parts.markdown(body, `whatToExpect.${index}.body`, 4).html,
  }));
  const { sections } = assembleSections(page.sections, library, parts, null);
  const source: PageSource = {
    ...plain,
    kind: 'ContactPage',
    type: 'website',
    path: consultationPath(),
    title: page.title,
    summary: page.summary,
    seo: page.seo,
    sections,
  };
  return assembled(parts, [], {
    ...frameOf(source, [home], site, library),
    title: page.title,
    summary: page.summary,
    form: requestForm(library),
    steps,
    providers: chosenProviders(library).map((provider) => providerCard(provider, library)),
    sections,
  });
}

export function assembleReceived(site: Site, library: Library): Assembled<ReceivedView> {
  const title = 'Your consultation request';
  const source: PageSource = {
    ...plain,
    kind: 'WebPage',
    type: 'website',
    path: receivedPath,
    title,
    unlisted: true,
  };
  const above = [home, { label: library.consultationPage.title, href: consultationPath() }];
  return assembled(pageParts(library, title), [], {
    ...frameOf(source, above, site, library),
    title,
    form: requestForm({ ...library, warn: () => undefined }),
  });
}

export function assembleHome(site: Site, library: Library): Assembled<HomeView> {
  const page = library.homePage;
  const parts = pageParts(library, 'home-page');
  const { sections } = assembleSections(page.sections, library, parts, null);
  const source: PageSource = {
    ...plain,
    kind: 'WebPage',
    type: 'website',
    path: homePath,
    title: page.title,
    summary: page.summary,
    seo: page.seo,
    picture: page.heroImage,
    sections,
  };
  const articles = chosenOr(resolve(page.featuredArticles, library.articleById), library.articles);
  const topics = chosenOr(resolve(page.featuredTopics, library.topicById), library.topics);
  return assembled(parts, [], {
    path: homePath,
    head: pageHead({ ...source, breadcrumbs: [] }, site, library),
    breadcrumbs: [],
    title: page.title,
    summary: page.summary,
    picture: pictureView(page.heroImage, library.pictures),
    articles: articles.map((article) => articleCard(article, library)),
    topics: topics.map((topic) => topicCard(topic, library)),
    providers: chosenProviders(library).map((provider) => providerCard(provider, library)),
    sections,
  });
}

export function assembleSearch(site: Site, library: Library): Assembled<SearchView> {
  const title = 'Search';
  const source: PageSource = {
    ...plain,
    kind: 'SearchResultsPage',
    type: 'website',
    path: searchPath,
    title,
    unlisted: true,
  };
  return assembled(pageParts(library, title), [], {
    ...frameOf(source, [home], site, library),
    title,
    topics: library.topics.map((topic) => topicCard(topic, library)),
  });
}

export function assembleNotFound(site: Site, library: Library): Assembled<NotFoundView> {
  const title = 'Page not found';
  const source: PageSource = {
    ...plain,
    kind: 'WebPage',
    type: 'website',
    path: notFoundPath,
    title,
    unlisted: true,
  };
  return assembled(pageParts(library, title), [], {
    ...frameOf(source, [home], site, library),
    title,
    topics: library.topics.map((topic) => topicCard(topic, library)),
  });
}

/** Path, head and breadcrumbs of a page; `above` are the breadcrumbs before its own. */
export function frameOf(
  source: PageSource,
  above: readonly Breadcrumb[],
  site: Site,
  library: Library,
  label = source.title,
): { path: string; head: Head; breadcrumbs: Breadcrumb[] } {
  const breadcrumbs = [...above, { label, href: source.path }];
  return { path: source.path, head: pageHead({ ...source, breadcrumbs }, site, library), breadcrumbs };
}

/** A page whose parts have all been gathered. `moreIds` are those of elements that `parts` did not make. */
export function assembled<View extends PageFrame>(
  parts: PageParts,
  moreIds: readonly string[],
  view: View,
): Assembled<View> {
  const ids = new Set(moreIds);
  return { view, entry: parts.entry, links: parts.links, hasId: (id) => ids.has(id) || parts.hasId(id) };
}

/** The related articles that staff chose, or else others of the same topics. */
export function relatedArticles(article: Article, library: Library): Article[] {
  const chosen = resolve(article.relatedArticles, library.articleById).filter((other) => other !== article);
  if (chosen.length > 0) return chosen;
  // As many of each topic as are enough when others of it are chosen already; a topic may have thousands.
  const enough = 2 * related + 1;
  const alike = article.topics.flatMap((topic) => library.articlesByTopic.get(topic)?.slice(0, enough) ?? []);
  return [...new Set(alike)].filter((other) => other !== article).slice(0, related);
}

function chosenProviders(library: Library): readonly Provider[] {
  return chosenOr(resolve(library.consultationPage.providers, library.providerById), library.providers);
}

function chosenOr<Entry>(chosen: readonly Entry[], all: readonly Entry[]): readonly Entry[] {
  return chosen.length > 0 ? chosen : all.slice(0, homeItems);
}
