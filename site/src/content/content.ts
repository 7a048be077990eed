import {
  type Article,
  type Clinic,
  type ConsultationPage,
  type EntryLink,
  type HomePage,
  type Navigation,
  type Page,
  type Provider,
  publicPath,
  type Redirect,
  type Topic,
} from '@meridian/shared-types';
import type { StoredPicture } from '../features/pictures/stored-picture.ts';

/** All published content. `pictures` are found by their path on the CMS. */
export interface Content {
  clinic: Clinic;
  navigation: Navigation;
  homePage: HomePage;
  consultationPage: ConsultationPage;
  providers: readonly Provider[];
  topics: readonly Topic[];
  pages: readonly Page[];
  articles: readonly Article[];
  redirects: readonly Redirect[];
  pictures: ReadonlyMap<string, StoredPicture>;
}

/** Content in the order in which readers see it, with what is looked up while pages are put together. */
export interface Library extends Content {
  /** Public address of the site, without a slash at the end. */
  siteUrl: string;
  /** The clinic's day on which the site is built, `2026-11-23`. */
  today: string;
  providerById: ReadonlyMap<string, Provider>;
  topicById: ReadonlyMap<string, Topic>;
  articleById: ReadonlyMap<string, Article>;
  /** Path of the page of a published entry; null when there is none. */
  pathOfEntry: (entry: Pick<EntryLink, 'type' | 'documentId'>) => string | null;
  /** By document id of the topic, newest first. */
  articlesByTopic: ReadonlyMap<string, readonly Article[]>;
  /** Told of what cannot be shown as meant. */
  warn: (warning: string) => void;
}

/** Sorts content (articles newest first, all else by name) and makes the look-ups. */
export function library(
  content: Content,
  surroundings: Pick<Library, 'siteUrl' | 'today' | 'warn'>,
): Library {
  const articles = content.articles.toSorted(
    (a, b) => b.createdAt.localeCompare(a.createdAt) || a.title.localeCompare(b.title, 'en'),
  );
  const providers = content.providers.toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
  const topics = content.topics.toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
  const articlesByTopic = new Map<string, Article[]>(topics.map(({ documentId }) => [documentId, []]));
  for (const article of articles) {
    for (const topic of new Set(article.topics)) articlesByTopic.get(topic)?.push(article);
  }
  const paths = pathsOf(content);
  return {
    ...content,
    ...surroundings,
    articles,
    providers,
    topics,
    pages: content.pages.toSorted((a, b) => a.title.localeCompare(b.title, 'en')),
    providerById: new Map(providers.map((provider) => [provider.documentId, provider])),
    topicById: new Map(topics.map((topic) => [topic.documentId, topic])),
    articleById: new Map(articles.map((article) => [article.documentId, article])),
    articlesByTopic,
    pathOfEntry: ({ type, documentId }) => paths.get(`${type} ${documentId}`) ?? null,
  };
}

function pathsOf(content: Content): Map<string, string | null> {
  const entries: Record<string, readonly { documentId: string; slug?: string }[]> = {
    article: content.articles,
    provider: content.providers,
    topic: content.topics,
    page: content.pages,
    clinic: [content.clinic],
    navigation: [content.navigation],
    'home-page': [content.homePage],
    'consultation-page': [content.consultationPage],
  };
  return new Map(
    Object.entries(entries).flatMap(([type, ofType]) =>
      ofType.map(({ documentId, slug }) => [`${type} ${documentId}`, publicPath(type, slug ?? null)]),
    ),
  );
}

/** Entries by their document ids, in the order of the ids. */
export function resolve<Entry>(ids: readonly string[], byId: ReadonlyMap<string, Entry>): Entry[] {
  return ids.flatMap((id) => byId.get(id) ?? []);
}
