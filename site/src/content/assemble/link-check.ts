import { innerLink } from '@meridian/shared-types/checklist';
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
  const link = innerLink(href, '');
  if (link === null) return null;
  const { address, anchor } = link;
  if (files.has(address)) return null;
  const target = address === '' ? page : byPath.get(address);
  if (target === undefined) return `but there is no such page (the articles are under ${articlesPath})`;
  if (anchor === '' || target.hasId(anchor)) return null;
  return `but ${address === '' ? 'this page' : 'that page'} has no part "${anchor}"`;
}
