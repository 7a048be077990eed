import { isInternal } from '../../features/links/links.ts';
import { articlesPath, feedPath, sitemapPath } from '../../paths.ts';
import type { PageFrame } from '../views.ts';
import type { Assembled } from './pages.ts';

/** Files of the site that are no pages. */
const files = new Set([feedPath, sitemapPath, '/robots.txt']);

/** What the check reads of a page. */
export type LinkedPage = Pick<Assembled<PageFrame>, 'entry' | 'links' | 'hasId'> & {
  view: Pick<PageFrame, 'path'>;
};

/** Links of content that lead to no page, or to no such place on one; each with its page, its words and the fix. */
export function linkProblems(pages: readonly LinkedPage[]): string[] {
  const byPath = new Map(pages.map((page) => [page.view.path, page]));
  return pages.flatMap((page) =>
    page.links.flatMap(({ href, text }) => {
      const fault = faultOf(href, page, byPath);
      return fault === null
        ? []
        : [
            `${page.entry}: the link "${text}" leads to ${href}, ${fault}. Correct the link, or publish what it should lead to.`,
          ];
    }),
  );
}

function faultOf(href: string, page: LinkedPage, byPath: ReadonlyMap<string, LinkedPage>): string | null {
  if (!isInternal({ href, external: false })) return null;
  const [, path = '', fragment] = /^([^?#]*)(?:\?[^#]*)?(?:#(.*))?$/s.exec(href) ?? [];
  if (files.has(path)) return null;
  const target = path === '' ? page : byPath.get(decoded(path));
  if (target === undefined) return `but there is no such page (the articles are under ${articlesPath})`;
  if (fragment === undefined || fragment === '' || target.hasId(decoded(fragment))) return null;
  return `but ${path === '' ? 'this page' : 'that page'} has no part "${fragment}"`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
