import { anchorsOf, hasAnchor } from '../anchors.ts';
import type { Finding } from '../finding.ts';
import type { Rule, Subject } from '../rule.ts';
import {
  type InnerLink,
  innerLink,
  isTooLong,
  type KnownEntry,
  markdownLinks,
  ownAddresses,
  unresolved,
} from '../surroundings.ts';
import { readLink } from '../text/links.ts';

interface Written {
  path: string;
  href: string;
  /** The words that lead there; null for a field that holds an address alone. */
  words: string | null;
}

/** Where links lead, looked up once for all of them. */
interface Targets {
  own: ReadonlySet<string>;
  ownAnchors: () => ReadonlySet<string>;
  asked: ReadonlySet<string>;
  entries: ReadonlyMap<string, Target>;
}

type Target = Omit<KnownEntry, 'anchors'> & { anchors: ReadonlySet<string> | null };

/** Links lead to a page that is published and to a place on it, and only where links may lead. */
export const linksRule: Rule = (subject) => {
  const { parts, around } = subject;
  const targets = targetsOf(subject);
  const written: Written[] = [
    ...parts.links.map(({ path, text }) => ({ path, href: text, words: null })),
    ...parts.passages.flatMap(({ path, text }) =>
      markdownLinks(text).map(({ href, text: words }) => ({ path, href, words })),
    ),
  ];
  return written.flatMap((each): Finding[] => {
    if (each.href.trim() === '' && each.words === null) return [];
    const inner = innerLink(each.href, around.siteUrl);
    if (inner !== null) return brokenLink(each, inner, targets);
    return readLink(each.href, unresolved(around.siteUrl)) === null ? [unsafeLink(each)] : [];
  });
};

function targetsOf({ type, entry, around }: Subject): Targets {
  let anchors: ReadonlySet<string> | null = null;
  return {
    own: ownAddresses(type, entry),
    // Most entries have no link to a place of their own, so their places are not looked for.
    ownAnchors: () => (anchors ??= new Set(anchorsOf(type, entry))),
    asked: new Set(around.asked.addresses),
    entries: new Map(
      around.entries.map((each) => [
        each.address,
        { ...each, anchors: each.anchors === null ? null : new Set(each.anchors) },
      ]),
    ),
  };
}

function unsafeLink({ path, href, words }: Written): Finding {
  return {
    level: 'blocks',
    rule: 'link-unsafe',
    path,
    message: `${nameOf(words)} has the address "${shortened(href)}", to which the site does not link.`,
    mend: 'Begin it with https://, mailto:, tel: or, for a page of this site, with one slash.',
  };
}

function brokenLink(
  { path, words, href }: Written,
  { address, anchor }: InnerLink,
  targets: Targets,
): Finding[] {
  const fault = faultOf(address, anchor, targets);
  if (fault === null) return [];
  return [
    {
      level: 'blocks',
      rule: fault.rule,
      path,
      message: `${nameOf(words)} leads to ${shortened(href)}, ${fault.message}`,
      mend: fault.mend,
    },
  ];
}

function faultOf(address: string, anchor: string, { own, ownAnchors, asked, entries }: Targets) {
  if (address === '' || own.has(address)) {
    return anchor === '' || hasAnchor(ownAnchors(), anchor) ? null : noAnchor('this page', anchor);
  }
  // Nothing of the clinic has an address that is too long to be asked about.
  if (!asked.has(address) && !isTooLong(address)) return null;
  const target = entries.get(address);
  if (target === undefined) {
    return {
      rule: 'link-broken',
      message: address.startsWith('entry:') ? 'but that entry was deleted.' : 'but there is no such page.',
      mend: 'Correct the link, or take it out.',
    };
  }
  if (!target.isPublished) {
    const name = target.title === null ? 'that entry' : `"${target.title}"`;
    return {
      rule: 'link-unpublished',
      message: `but ${name} is not published.`,
      mend: 'Publish it first, or take the link out. Entries that need one another are published together, from the list.',
    };
  }
  if (anchor === '' || target.anchors === null || hasAnchor(target.anchors, anchor)) return null;
  return noAnchor('that page', anchor);
}

function noAnchor(page: string, anchor: string) {
  return {
    rule: 'link-anchor',
    message: `but ${page} has no part "${shortened(anchor)}".`,
    mend: 'Correct what stands after #: it is the heading in lower case, with hyphens.',
  };
}

function nameOf(words: string | null): string {
  return words === null ? 'the link' : `the link "${shortened(words)}"`;
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
