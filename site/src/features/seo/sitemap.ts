import type { Library } from '../../content/content.ts';
import type { PageFrame } from '../../content/views.ts';
import {
  absoluteUrl,
  articlePath,
  consultationPath,
  homePath,
  pagePath,
  providerPath,
  topicPath,
} from '../../paths.ts';
import { escapeXml } from './xml.ts';

/** Sitemap of all pages that search engines may list. Pages of one entry say when it was last changed. */
export function sitemap(views: readonly PageFrame[], library: Library): string {
  const changed = lastChanges(library);
  const urls = views
    .filter(({ head }) => head.robots === null)
    .map(({ path }) => {
      const lastmod = changed.get(path);
      const when = lastmod === undefined ? '' : `<lastmod>${lastmod}</lastmod>`;
      return `  <url><loc>${escapeXml(absoluteUrl(library.siteUrl, path))}</loc>${when}</url>\n`;
    });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${urls.join('')}</urlset>\n`;
}

function lastChanges(library: Library): Map<string, string> {
  return new Map([
    [homePath, library.homePage.updatedAt],
    [consultationPath(), library.consultationPage.updatedAt],
    ...library.articles.map((entry): [string, string] => [articlePath(entry.slug), entry.updatedAt]),
    ...library.providers.map((entry): [string, string] => [providerPath(entry.slug), entry.updatedAt]),
    ...library.topics.map((entry): [string, string] => [topicPath(entry.slug), entry.updatedAt]),
    ...library.pages.map((entry): [string, string] => [pagePath(entry.slug), entry.updatedAt]),
  ]);
}
