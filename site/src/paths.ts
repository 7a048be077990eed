import { type ContentTypeName, contentTypes, publicPath } from '@meridian/shared-types';

/**
 * Every address of the site, made in one place. All pages end with a slash; assets do not.
 * Nothing here touches content: these are pure functions from slugs and numbers to paths.
 */

export const homePath = '/';
export const articlesPath = '/articles/';
export const topicsPath = '/topics/';
export const providersPath = listPath('provider');
export const searchPath = '/search/';
/** The module that fetches the search engine, and the event by which it hands it over. */
export const searchEnginePath = '/search-engine.js';
export const searchEngineEvent = 'meridian:search-engine';
export const notFoundPath = '/404.html';
export const feedPath = '/rss.xml';
export const sitemapPath = '/sitemap.xml';
/** Every file at the root that is no page. */
export const filePaths = [notFoundPath, feedPath, sitemapPath, searchEnginePath, '/robots.txt'];

/** Path of an article. */
export function articlePath(slug: string): string {
  return entryPath('article', slug);
}

/** Path of the nth page of the list of articles, counted from 1. */
export function articleListPath(page: number): string {
  return page <= 1 ? articlesPath : `${articlesPath}page/${page}/`;
}

/** Path of a topic; with `page` above 1, of a later page of its articles. */
export function topicPath(slug: string, page = 1): string {
  return page <= 1 ? entryPath('topic', slug) : `${topicsPath}${slug}/page/${page}/`;
}

/** Path of a provider. */
export function providerPath(slug: string): string {
  return entryPath('provider', slug);
}

/** Path of a generic page such as privacy. */
export function pagePath(slug: string): string {
  return entryPath('page', slug);
}

/** Path of the consultation page, carrying the topic that the reader comes from. */
export function consultationPath(topic: string | null = null): string {
  const path = entryPath('consultation-page', null);
  return topic === null ? path : `${path}?topic=${encodeURIComponent(topic)}`;
}

/** Path of the page that confirms a consultation request. */
export const receivedPath = '/consultation/received/';

/** Path of a processed picture, such as `/media/3f9c-800.avif`. */
export function mediaPath(fileName: string): string {
  return `/media/${fileName}`;
}

/** Absolute address of a path, for canonical links, feeds and structured data. `origin` comes without a slash. */
export function absoluteUrl(origin: string, path: string): string {
  return `${origin.replace(/\/+$/, '')}${path}`;
}

/** Whether a link of the navigation leads to the page at `path` or to the section that holds it. */
export function isCurrent(href: string, path: string): boolean {
  const target = href.split(/[?#]/)[0] ?? href;
  return target === homePath ? path === homePath : target !== '' && path.startsWith(target);
}

/** Path of the page that lists the entries of a type, such as `/providers/`. */
export function listPath(type: ContentTypeName): string {
  return `/${contentTypes[type].query.endpoint}/`;
}

/** Path of the page that shows an entry. @throws Error when it has none */
export function entryPath(type: ContentTypeName, slug: string | null): string {
  const path = publicPath(type, slug);
  if (path === null) throw new Error(`An entry of type ${type} has no address without a slug.`);
  return path;
}
