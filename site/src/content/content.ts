import {
  type Article,
  type Clinic,
  type ConsultationPage,
  type ContentTypeName,
  type Entries,
  type EntryLink,
  type HomePage,
  type Navigation,
  type Page,
  type Provider,
  publicPath,
  type Redirect,
  type Topic,
} from '@meridian/shared-types';
import { BuildError } from '../errors.ts';
import { dayOf } from '../features/dates/dates.ts';
import type { StoredPicture } from '../features/pictures/stored-picture.ts';

/** All published content. `pictures` are found by their path on the CMS. */
export interface Content {
  entries: Entries;
  pictures: ReadonlyMap<string, StoredPicture>;
}

/** Content in the order in which readers see it, with what is looked up while pages are put together. */
export interface Library extends Content {
  clinic: Clinic;
  navigation: Navigation;
  homePage: HomePage;
  consultationPage: ConsultationPage;
  providers: readonly Provider[];
  topics: readonly Topic[];
  pages: readonly Page[];
  articles: readonly Article[];
  redirects: readonly Redirect[];
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

/**
 * Sorts content (articles newest first, all else by name) and makes the look-ups.
 *
 * @throws BuildError when an entry that the site has one of is missing
 */
export function library(
  content: Content,
  { now, ...surroundings }: Pick<Library, 'siteUrl' | 'warn'> & { now: Date },
): Library {
  const { entries } = content;
  const clinic = only('clinic', entries.clinic);
  const articles = entries.article.toSorted(
    (a, b) => b.createdAt.localeCompare(a.createdAt) || a.title.localeCompare(b.title, 'en'),
  );
  const providers = entries.provider.toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
  const topics = entries.topic.toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
  const articlesByTopic = new Map<string, Article[]>(topics.map(({ documentId }) => [documentId, []]));
  for (const article of articles) {
    for (const topic of new Set(article.topics)) articlesByTopic.get(topic)?.push(article);
  }
  const paths = pathsOf(entries);
  return {
    ...content,
    ...surroundings,
    clinic,
    today: dayOf(now.toISOString(), clinic.timeZone),
    navigation: only('navigation', entries.navigation),
    homePage: only('home-page', entries['home-page']),
    consultationPage: only('consultation-page', entries['consultation-page']),
    articles,
    providers,
    topics,
    pages: entries.page.toSorted((a, b) => a.title.localeCompare(b.title, 'en')),
    providerById: new Map(providers.map((provider) => [provider.documentId, provider])),
    topicById: new Map(topics.map((topic) => [topic.documentId, topic])),
    articleById: new Map(articles.map((article) => [article.documentId, article])),
    articlesByTopic,
    redirects: entries.redirect,
    pathOfEntry: ({ type, documentId }) => paths.get(`${type} ${documentId}`) ?? null,
  };
}

function pathsOf(entries: Entries): Map<string, string | null> {
  const all: Record<string, readonly { documentId: string; slug?: string }[]> = entries;
  return new Map(
    Object.entries(all).flatMap(([type, ofType]) =>
      ofType.map(({ documentId, slug }) => [`${type} ${documentId}`, publicPath(type, slug ?? null)]),
    ),
  );
}

/** Entries by their document ids, in the order of the ids. */
export function resolve<Entry>(ids: readonly string[], byId: ReadonlyMap<string, Entry>): Entry[] {
  return ids.flatMap((id) => byId.get(id) ?? []);
}

function only<Entry>(name: ContentTypeName, [entry]: readonly Entry[]): Entry {
  if (entry === undefined) {
    throw new BuildError(`The store has no ${name}. Publish it in the CMS, then build again.`);
  }
  return entry;
}
