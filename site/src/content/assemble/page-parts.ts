import { type InternalLink, isGone } from '../../features/links/links.ts';
import { readEntryLink } from '@meridian/shared-types';
import { type Ids, pageIds } from '../../features/markdown/ids.ts';
import type { RenderedMarkdown } from '../../features/markdown/markdown.ts';
import { rememberedMarkdown } from '../../features/markdown/memory.ts';
import { pictureHtml } from '../../features/pictures/view.ts';
import type { Library } from '../content.ts';

/** A link with the field that it stands in. */
export interface PageLink extends InternalLink {
  field: string;
}

/** Gathers, while one page is put together, what concerns the page as a whole. */
export interface PageParts {
  /** For messages, such as `article "sciatica"`. */
  entry: string;
  ids: Ids;
  links: PageLink[];
  citations: { reference: number; id: string }[];
  /** Whether an element of the page has this id. */
  hasId: (id: string) => boolean;
  /** Notes a link to a page of the site, and tells of one that leads nowhere. */
  link: (link: PageLink) => void;
  /** Renders a field of Markdown, whose headings begin at `level`. */
  markdown: (source: string, field: string, level: number) => RenderedMarkdown;
}

/** Starts a page. `entry` names it in messages. */
export function pageParts(library: Library, entry: string): PageParts {
  const noteIds = new Set<string>();
  const parts: PageParts = {
    entry,
    ids: pageIds(),
    links: [],
    citations: [],
    hasId: (id) => parts.ids.has(id) || noteIds.has(id),
    link: (link) => {
      parts.links.push(link);
      if (isGone(link)) library.warn(`${entry} field ${link.field}: ${goneLink(link)}.`);
    },
    markdown: (source, field, level) => {
      const rendered = rememberedMarkdown(source, {
        level,
        ids: parts.ids,
        siteUrl: library.siteUrl,
        pathOfEntry: library.pathOfEntry,
        picture: (address, alt) => pictureHtml(address, alt, library.pictures),
      });
      for (const [, id = ''] of rendered.html.matchAll(/ id="([^"]+)"/g)) noteIds.add(id);
      for (const link of rendered.links) parts.link({ ...link, field });
      parts.citations.push(...rendered.citations);
      for (const warning of rendered.warnings) library.warn(`${entry} field ${field}: ${warning}.`);
      return rendered;
    },
  };
  return parts;
}

/** What staff are told of a link to an entry that is not published. */
export function goneLink({ href, text }: InternalLink): string {
  const { type = 'entry', documentId = '' } = readEntryLink(href) ?? {};
  return `the link "${text}" leads to the ${type} with document id "${documentId}", which is not published`;
}
