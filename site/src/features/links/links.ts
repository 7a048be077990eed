import { type EntryLink, readEntryLink } from '@meridian/shared-types';

/** Where a link of the content leads. `internal` hrefs are paths of the site, or `#id` on the same page. */
export interface Link {
  href: string;
  external: boolean;
}

/** A link to a page of the site, as found in content, for the check that it leads somewhere. */
export interface InternalLink {
  href: string;
  text: string;
}

/** What finds out where links lead. */
export interface LinkPlaces {
  siteUrl: string;
  /** Path of the page of a published entry; null when there is none. */
  pathOfEntry: (entry: Pick<EntryLink, 'type' | 'documentId'>) => string | null;
}

const control = /[\u0000-\u0020\u007f-\u009f\u2028\u2029\\]/;

/**
 * Reads the address of a link that staff wrote, already free of HTML entities. Allowed are `https:`, `http:`, `mailto:`
 * and `tel:` addresses, paths that begin with one `/`, `#id`, and `entry:` addresses, which become the path that the
 * entry has today, or stay as they are when it is not published. An address of this very site becomes its path; a path
 * of a page gets the slash at its end. Null: refused.
 */
export function readLink(href: string, { siteUrl, pathOfEntry }: LinkPlaces): Link | null {
  const address = href.trim();
  if (address === '' || control.test(address)) return null;
  if (address.startsWith('#')) return { href: address, external: false };
  if (address.startsWith('/'))
    return address.startsWith('//') ? null : { href: pagePathOf(address), external: false };
  const entry = readEntryLink(address);
  if (entry !== null) {
    const path = pathOfEntry(entry);
    const anchor = entry.anchor === '' ? '' : `#${entry.anchor}`;
    return { href: path === null ? address : `${path}${anchor}`, external: false };
  }
  if (/^(mailto|tel):[^:/?#]+/i.test(address)) return { href: address, external: false };
  return readWebAddress(address, siteUrl);
}

/** Whether a link is to be looked up among the pages of the site. */
export function isInternal(link: Link): boolean {
  return !link.external && (/^[/#]/.test(link.href) || isGone(link));
}

/** Whether a link names an entry that is not published, so that it leads nowhere. */
export function isGone({ href }: Pick<Link, 'href'>): boolean {
  return readEntryLink(href) !== null;
}

function readWebAddress(address: string, siteUrl: string): Link | null {
  if (!/^https?:\/\/[^/]/i.test(address) || !URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.username !== '' || url.password !== '') return null;
  if (url.origin === siteUrl)
    return { href: pagePathOf(`${url.pathname}${url.search}${url.hash}`), external: false };
  return { href: url.href, external: true };
}

function pagePathOf(address: string): string {
  const [, path = address, rest = ''] = /^([^?#]*)(.*)$/s.exec(address) ?? [];
  const lastSegment = path.slice(path.lastIndexOf('/') + 1);
  return lastSegment === '' || lastSegment.includes('.') ? `${path}${rest}` : `${path}/${rest}`;
}
