import { entryFolders } from '../../addresses.ts';

/** Pages and files of the site that no entry makes. */
const fixed = new Set([
  '/',
  ...entryFolders.map((folder) => `/${folder}/`),
  '/consultation/',
  '/consultation/received/',
  '/search/',
  '/404.html',
  '/rss.xml',
  '/sitemap.xml',
  '/robots.txt',
]);
/** Later pages of lists: how many there are follows from what is published. */
const laterPage = /^\/(?:articles|topics\/[^/]+)\/page\/\d+\/$/;

/** Whether a path is one of the site's own pages, which are there whatever is published. */
export function isSitePage(path: string): boolean {
  return fixed.has(path) || laterPage.test(path);
}
