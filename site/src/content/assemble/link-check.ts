import { type InternalLink, isInternal, isGone } from '../../features/links/links.ts';
import { articlesPath, feedPath, sitemapPath } from '../../paths.ts';
import type { PageFrame } from '../views.ts';
import { goneLink } from './page-parts.ts';
import type { Assembled } from './pages.ts';
import type { MovedAddress } from './redirects.ts';

/** Files of the site that are no pages. */
const files = new Set([feedPath, sitemapPath, '/robots.txt']);

/** What the check reads of a page. */
export type LinkedPage = Pick<Assembled<PageFrame>, 'entry' | 'links' | 'hasId'> & {
  view: Pick<PageFrame, 'path'>;
};

/**
 * Links of content that lead to no page, or to no such place on one; each with its page, its words and the fix. A link
 * to an address that moved is good when the page that it moved to is.
 */
export function linkProblems(pages: readonly LinkedPage[], redirects: readonly MovedAddress[]): string[] {
  const byPath = new Map(pages.map((page) => [page.view.path, page]));
  for (const { from, to } of redirects) {
    const target = byPath.get(to.replace(/[?#].*$/s, ''));
    if (target !== undefined) byPath.set(from, target);
  }
  return pages.flatMap((page) =>
    page.links.flatMap((link) => {
      const fault = faultOf(link, page, byPath);
      return fault === null
        ? []
        : [
            `${page.entry} field ${link.field}: ${fault}. Correct the link, or publish what it should lead to.`,
          ];
    }),
  );
}

function faultOf(
  link: InternalLink,
  page: LinkedPage,
  byPath: ReadonlyMap<string, LinkedPage>,
): string | null {
  const { href, text } = link;
  if (isGone(link)) return goneLink(link);
  if (!isInternal({ href, external: false })) return null;
  const [, path = '', fragment] = /^([^?#]*)(?:\?[^#]*)?(?:#(.*))?$/s.exec(href) ?? [];
  if (files.has(path)) return null;
  const leads = `the link "${text}" leads to ${href}`;
  const target = path === '' ? page : byPath.get(decoded(path));
  if (target === undefined)
    return `${leads}, but there is no such page (the articles are under ${articlesPath})`;
  if (fragment === undefined || fragment === '' || target.hasId(decoded(fragment))) return null;
  return `${leads}, but ${path === '' ? 'this page' : 'that page'} has no part "${fragment}"`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
