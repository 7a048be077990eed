import { findDestination, pathOfFile, readAddress, readRedirects, type AddressBook } from '../addresses.ts';
import { isPage } from '../media-types.ts';
import type { ReleaseContent } from './manifest.ts';
import { collapse, type PageFacts, type PageLink } from './pages.ts';

/** A finished site, as the checks see it. */
export interface BuiltSite {
  content: ReleaseContent;
  /** Paths of all files, such as `articles/index.html`. */
  files: ReadonlySet<string>;
  /** Facts of every page by the path of its file. */
  pages: ReadonlyMap<string, PageFacts>;
  /** Absolute links to this address, such as canonical ones, are links of the site. Null: none are. */
  siteUrl: string | null;
}

const placeholder = 'http://site.invalid';

/** What came of looking at a site. */
export interface Examined {
  site: BuiltSite;
  /** Every fault that patients would meet, one sentence each; empty when the site may go live. */
  faults: string[];
  /** Files that links lead to; perhaps some more. */
  targets: ReadonlySet<string>;
}

/**
 * Looks for faults in a built site.
 * @param sound one in which none were found: its links are not followed again where that cannot find another thing
 */
export function examine(site: BuiltSite, sound: Examined | null = null): Examined {
  const redirects = readRedirects(site.content.redirects);
  const book: AddressBook = {
    has: (file) => site.files.has(file),
    movedTo: (path) => redirects.get(path),
  };
  const useless = uselessRedirects(site, book);
  const before = sound !== null && useless.length === 0 && keepsTargets(sound, site) ? sound : null;
  const suspects = [...site.pages].filter(([file, page]) => before?.site.pages.get(file) !== page);
  const targets = new Set(before?.targets);
  const broken = brokenLinks(suspects, site, book, targets);
  return { site, faults: [...missingPages(site), ...useless, ...broken], targets };
}

/** Whether every link that led somewhere in a sound site leads there in another. */
function keepsTargets({ site: before, targets }: Examined, after: BuiltSite): boolean {
  return (
    before.siteUrl === after.siteUrl &&
    JSON.stringify(before.content.redirects) === JSON.stringify(after.content.redirects) &&
    [...targets].every((file) => {
      const page = before.pages.get(file);
      const now = after.pages.get(file);
      return (
        after.files.has(file) && (page === now || [...(page?.ids ?? [])].every((id) => now?.ids.has(id)))
      );
    })
  );
}

/** Pages that the build announced but did not write, or wrote with another title. */
function missingPages({ content, pages }: BuiltSite): string[] {
  return content.pages.flatMap(({ path, title }) => {
    const file = path.endsWith('/') ? `${path.slice(1)}index.html` : path.slice(1);
    const page = pages.get(file);
    if (page === undefined) return [`The page ${path} ("${title}") is missing.`];
    if (page.title.includes(collapse(title))) return [];
    return [`The page ${path} should be titled "${title}", but its title is "${page.title}".`];
  });
}

function uselessRedirects({ content }: BuiltSite, book: AddressBook): string[] {
  return content.redirects.flatMap(({ from, to }) => {
    const source = findDestination({ path: from, query: '' }, { ...book, movedTo: () => undefined });
    if (source.kind !== 'missing')
      return [`The redirect from ${from} hides behind a page of the same address.`];
    const address = readAddress(to);
    const target = address === null ? null : findDestination(address, book);
    if (target?.kind === 'file') return [];
    return [`The redirect from ${from} leads to ${to}, which is no page.`];
  });
}

function brokenLinks(
  suspects: readonly [string, PageFacts][],
  site: BuiltSite,
  book: AddressBook,
  targets: Set<string>,
): string[] {
  const faults: string[] = [];
  // A link from the root means the same on every page, and most links are on very many.
  const known = new Map<string, string | null>();
  for (const [file, page] of suspects) {
    const base = placeholder + pathOfFile(file);
    for (const link of page.links) {
      const shared = /^\/(?!\/)/.test(link.href);
      let fault = shared ? known.get(link.href) : undefined;
      if (fault === undefined) fault = faultOfLink(link, base, site, book, targets);
      if (shared) known.set(link.href, fault);
      if (fault !== null) faults.push(`On ${pathOfFile(file)} the link ${describe(link)} ${fault}.`);
    }
  }
  return faults;
}

function faultOfLink(
  { href }: PageLink,
  base: string,
  site: BuiltSite,
  book: AddressBook,
  targets: Set<string>,
): string | null {
  if (!URL.canParse(href, base)) return 'is not an address';
  const url = new URL(href, base);
  const ours = [placeholder, ...(site.siteUrl === null ? [] : [new URL(site.siteUrl).origin])];
  if (!ours.includes(url.origin)) return null;
  const address = readAddress(url.pathname);
  if (address === null) return 'is not an address';
  let target = findDestination(address, book);
  if (target.kind === 'redirect') {
    const next = readAddress(target.location);
    if (next !== null) target = findDestination(next, book);
  }
  if (target.kind !== 'file') return 'leads nowhere';
  targets.add(target.file);
  return faultOfAnchor(url.hash, target.file, site);
}

function faultOfAnchor(hash: string, file: string, { pages }: BuiltSite): string | null {
  const anchor = decodeAnchor(hash.slice(1));
  if (anchor === '' || anchor.toLowerCase() === 'top' || anchor.startsWith(':~:') || !isPage(file))
    return null;
  return pages.get(file)?.ids.has(anchor) === true
    ? null
    : `leads to #${anchor}, which that page does not have`;
}

function decodeAnchor(anchor: string): string {
  try {
    return decodeURIComponent(anchor);
  } catch {
    return anchor;
  }
}

function describe({ href, text }: PageLink): string {
  return text === '' ? href : `"${text}" (${href})`;
}

/**
 * Why a site that lost so many pages must not go live by itself: more than five and more than a fifth. Null: it may.
 */
export function collapseFault(before: number, after: number): string | null {
  const lost = before - after;
  if (lost <= 5 || lost <= before * 0.2) return null;
  return (
    `The site would shrink from ${before} pages to ${after}. So many pages are rarely taken away on purpose, so the ` +
    'live site stays as it is. Check what is published in the CMS; if the pages are meant to go, approve the release.'
  );
}
