import { type Redirect, readEntryLink } from '@meridian/shared-types';
import { readLink } from '@meridian/shared-types/checklist';
import { filePaths } from '../../paths.ts';
import type { Library } from '../content.ts';

/** An address that moved, and today's path of the page that answers for it, maybe with a query and an anchor. */
export interface MovedAddress {
  from: string;
  to: string;
}

/**
 * The redirects of the site, with the paths that their targets have today. One that would lead nowhere, or that stands
 * where a page is, is left out with a warning.
 *
 * @param paths of all pages
 */
export function assembleRedirects(library: Library, paths: ReadonlySet<string>): MovedAddress[] {
  return library.redirects.flatMap(({ from, to }) => {
    const target = targetOf(to, library);
    const fault = faultOf(from, to, target, paths);
    if (fault === null && target !== null) return [{ from, to: target }];
    library.warn(`redirect "${from}": it is not used, for ${fault ?? 'its target is not allowed'}.`);
    return [];
  });
}

/** The path as a browser is told it. */
function targetOf(to: Redirect['to'], library: Library): string | null {
  const link = readLink(to, library);
  if (link === null || link.external || !link.href.startsWith('/')) return null;
  const { pathname, search, hash } = new URL(link.href, 'http://site.invalid');
  return `${pathname}${search}${hash}`;
}

function faultOf(from: string, to: string, target: string | null, paths: ReadonlySet<string>): string | null {
  if (paths.has(from.replace(/(?<=\/)index\.html$/, '')))
    return 'a page stands at that address. Delete the redirect';
  if (filePaths.includes(from)) return 'the site has a file of that name. Delete the redirect';
  const entry = readEntryLink(to);
  if (target === null && entry !== null) {
    return `the ${entry.type} that it leads to is not published. Publish that, or choose another page`;
  }
  if (target !== null && !paths.has(target.replace(/[?#].*$/s, ''))) {
    return `there is no page ${target}. Choose another page`;
  }
  return null;
}
