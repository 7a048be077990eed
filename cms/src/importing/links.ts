import { entryLink } from '@meridian/shared-types';
import type { Notes } from './notes.ts';
import { shorten } from './text.ts';

/** An entry that comes with this import. */
export interface Target {
  type: 'article' | 'page';
  documentId: string;
}

/** Where links within what is imported lead. */
export interface LinkMap {
  add(address: string, target: Target): void;
  find(address: string): Target | undefined;
  /** Whether an address belongs to a place of which entries come. */
  isOurs(address: URL): boolean;
}

/** Begins a map from old addresses to new entries. */
export function linkMap(): LinkMap {
  const targets = new Map<string, Target>();
  const hosts = new Set<string>();
  return {
    add(address, target) {
      if (!URL.canParse(address)) return;
      const url = new URL(address);
      hosts.add(hostOf(url));
      const key = keyOf(url);
      if (!targets.has(key)) targets.set(key, target);
    },
    find: (address) => (URL.canParse(address) ? targets.get(keyOf(new URL(address))) : undefined),
    isOurs: (url) => hosts.has(hostOf(url)),
  };
}

/**
 * Gives links of one text their new addresses: an entry that comes too is named by its id, whatever address it will
 * have. What leads nowhere is noted.
 *
 * @param base the address of the text itself
 * @param exists whether a path such as `/articles/neck-pain/` is a page of this site already
 */
export function linkReader(
  map: LinkMap,
  base: string,
  exists: (path: string) => boolean,
  notes: Notes,
): (href: string) => string | null {
  return (href) => {
    const shown = shorten(href, 200);
    const plain = href.replaceAll(/[\s\p{Cc}]/gu, '');
    if (plain.startsWith('#')) {
      notes.ask(`The link to ${shown} leads to a place on its own page: check that there is one.`);
      return plain;
    }
    const scheme = /^([a-z][a-z\d+.-]*):/i.exec(plain)?.[1]?.toLowerCase();
    if (scheme === 'mailto' || scheme === 'tel') return plain;
    if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
      notes.ask(`The link to ${shown} was taken out, its words stay: such addresses are not allowed.`);
      return null;
    }
    if (!URL.canParse(plain, base)) {
      notes.ask(`The link to ${shown} was taken out, its words stay: it is no address.`);
      return null;
    }
    const url = new URL(plain, base);
    const target = map.find(url.href);
    if (target !== undefined) {
      const anchor = url.hash.slice(1);
      if (anchor !== '')
        notes.ask(`The link to ${shown} leads to a place on another page: check that there is one.`);
      notes.change(`The link to ${shown} names the entry that came with it.`);
      return entryLink({ type: target.type, documentId: target.documentId, anchor });
    }
    if (url.protocol === 'file:') {
      if (exists(url.pathname)) return `${url.pathname}${url.search}${url.hash}`;
      notes.ask(`The link to ${shown} led nowhere and was taken out, its words stay.`);
      return null;
    }
    if (map.isOurs(url)) {
      notes.ask(
        `The link to ${shown} leads to a page that did not come: it still names its old address. Change it.`,
      );
    }
    return url.href;
  };
}

function hostOf(url: URL): string {
  return url.host.replace(/^www\./, '');
}

/** The same for http and https, with and without www and the slash at the end. */
function keyOf(url: URL): string {
  const page = ['p', 'page_id'].map((name) => url.searchParams.get(name)).find((id) => id !== null);
  if (page !== undefined) return `${hostOf(url)}?p=${page}`;
  return `${hostOf(url)}${url.pathname.replace(/\/+$/, '').toLowerCase()}`;
}
