import { publicPath } from '../addresses.ts';
import { entryLink, readEntryLink } from '../entry-links.ts';
import { isInternal, type LinkPlaces, readLink } from './text/links.ts';
import { allTokens, readMarkdown } from './text/markdown.ts';
import { isSitePage } from './text/site-pages.ts';
import { type Entry, type Parts, partsOf, textAt } from './parts.ts';

/**
 * What an entry makes its checklist ask about the rest. An address is the path of a page, such as `/articles/neck-pain/`,
 * or names an entry, as `entry:topic/k3j9x0` does.
 */
export interface Questions {
  /** '' when there is none. */
  slug: string;
  /** Pages and entries that it links or relates to. */
  addresses: string[];
  /** Those of them of which a certain place is meant. */
  anchorsOf: string[];
  /** Links to other sites. */
  urls: string[];
  /** Pictures: the document id of a file, or the address by which Markdown shows it. */
  files: string[];
}

/** Characters of the longest address that is asked about: the most that a field for an address takes. */
export const longestQuestion = 2000;
/** Questions of each kind that are asked at once. */
export const mostQuestions = 1000;
/** Characters of all questions that are asked at once. The CMS reads a million bytes, and some take six. */
const mostCharacters = 150_000;

/** An entry that was asked about and exists. */
export interface KnownEntry {
  /** As it was asked. */
  address: string;
  /** Null where it may not be told. */
  title: string | null;
  isPublished: boolean;
  /** Ids that a link may end in after `#`; null when they were not asked for or cannot be told. */
  anchors: string[] | null;
}

/** What is known of the rest, as far as it was asked. */
export interface Surroundings {
  /** What was asked. Nothing else is judged: a form may be ahead of the answers. */
  asked: Questions;
  /** Public address of the site, without a slash at the end. */
  siteUrl: string;
  /** The day in the clinic's time zone, `2026-11-24`. */
  today: string;
  /** Whether articles may go out that nobody has reviewed. */
  allowsUnreviewed: boolean;
  /** Title of another published entry of the same type with this slug, or one that differs by case only. */
  slugTakenBy: string | null;
  entries: KnownEntry[];
  /** Links to other sites that did not work when they were last tried, and how. */
  deadLinks: { url: string; reason: string }[];
  /** Pictures of the media library, by what was asked. */
  files: { asked: string; alternativeText: string | null }[];
}

/** A link to a page of the site or to an entry, apart from the place on it. */
export interface InnerLink {
  address: string;
  /** Without `#`; '' for the top. */
  anchor: string;
}

/** What the checklist of an entry has to be told. What is too long to be there is not asked about. */
export function questionsOf(type: string, entry: Entry, siteUrl: string): Questions {
  const parts = partsOf(type, entry);
  const own = ownAddresses(type, entry);
  const inner: InnerLink[] = [];
  const urls = new Set<string>();
  const files = new Set(parts.pictures.map(({ documentId }) => documentId).filter((id) => id !== ''));
  for (const href of hrefsOf(parts)) {
    const link = innerLink(href, siteUrl);
    if (link !== null) inner.push(link);
    else if (readLink(href, unresolved(siteUrl))?.external === true) urls.add(href.trim());
  }
  for (const { href } of markdownPictures(parts)) if (isFileAddress(href)) files.add(href);
  const others = inner.filter(({ address }) => address !== '' && !own.has(address) && !isSitePage(address));
  const slug = textAt(entry, 'slug');
  return {
    slug: isTooLong(slug) ? '' : slug,
    addresses: askable([
      ...others.map(({ address }) => address),
      ...parts.relations.map(({ type: target, documentId }) =>
        entryLink({ type: target, documentId, anchor: '' }),
      ),
    ]),
    anchorsOf: askable(others.filter(({ anchor }) => anchor !== '').map(({ address }) => address)),
    urls: askable(urls),
    files: askable(files),
  };
}

/** As many of the questions as one request of the admin may ask. What is left out is judged when it is published. */
export function askedAtOnce({ slug, addresses, anchorsOf, urls, files }: Questions): Questions {
  let left = mostCharacters - slug.length;
  const first = (texts: readonly string[]): string[] =>
    texts.slice(0, mostQuestions).filter((text) => (left -= text.length) >= 0);
  return {
    slug,
    addresses: first(addresses),
    anchorsOf: first(anchorsOf),
    urls: first(urls),
    files: first(files),
  };
}

/** Whether an address is longer than any that leads somewhere within the clinic. */
export function isTooLong(address: string): boolean {
  return address.length > longestQuestion;
}

/** Whether the media library may have a file at an address: a picture that was pasted as text is none of its files. */
export function isFileAddress(address: string): boolean {
  return !isTooLong(address) && !/^data:/i.test(address);
}

/** Reads a link to a page of the site or to an entry; null for others. The address is '' for the same page. */
export function innerLink(href: string, siteUrl: string): InnerLink | null {
  const named = readEntryLink(href.trim());
  if (named !== null) return { address: entryLink({ ...named, anchor: '' }), anchor: decoded(named.anchor) };
  const link = readLink(href, unresolved(siteUrl));
  if (link === null || !isInternal(link)) return null;
  const [, path = '', anchor = ''] = /^([^?#]*)(?:\?[^#]*)?(?:#(.*))?$/s.exec(link.href) ?? [];
  return { address: decoded(path), anchor: decoded(anchor) };
}

/** Leaves links that name an entry as they are: whether it is published is asked, not known. */
export function unresolved(siteUrl: string): LinkPlaces {
  return { siteUrl, pathOfEntry: () => null };
}

/** The addresses by which an entry names itself. */
export function ownAddresses(type: string, entry: Entry): ReadonlySet<string> {
  const documentId = textAt(entry, 'documentId');
  const path = publicPath(type, textAt(entry, 'slug'));
  return new Set([
    ...(path === null ? [] : [path]),
    ...(documentId === '' ? [] : [entryLink({ type, documentId, anchor: '' })]),
  ]);
}

/** Addresses of all links of an entry, those within Markdown too. */
function hrefsOf(parts: Parts): string[] {
  return [
    ...parts.links.map(({ text }) => text).filter((text) => text.trim() !== ''),
    ...parts.passages.flatMap(({ text }) => markdownLinks(text).map(({ href }) => href)),
  ];
}

/** Links of a passage of Markdown, with their words. */
export function markdownLinks(markdown: string): { href: string; text: string; autolink: boolean }[] {
  return allTokens(readMarkdown(markdown).tokens ?? []).flatMap((token) =>
    token.type === 'link' && 'href' in token && typeof token.href === 'string'
      ? [
          {
            href: token.href,
            text: typeof token['text'] === 'string' ? token['text'] : '',
            autolink: 'autolink' in token && token.autolink === true,
          },
        ]
      : [],
  );
}

/** Pictures within the Markdown of an entry, each with its field. */
export function markdownPictures(parts: Parts): { path: string; href: string; text: string }[] {
  return parts.passages.flatMap(({ path, text: markdown }) =>
    allTokens(readMarkdown(markdown).tokens ?? []).flatMap((token) =>
      token.type === 'image' && 'href' in token && typeof token.href === 'string'
        ? [{ path, href: token.href, text: typeof token['text'] === 'string' ? token['text'] : '' }]
        : [],
    ),
  );
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Each once, without what is too long. */
function askable(texts: Iterable<string>): string[] {
  return [...new Set(texts)].filter((text) => !isTooLong(text));
}
