import { type Ids, type InternalLink, pageIds } from '@meridian/shared-types/checklist';
import type { RenderedMarkdown } from '../../features/markdown/markdown.ts';
import { rememberedMarkdown } from '../../features/markdown/memory.ts';
import { pictureHtml } from '../../features/pictures/view.ts';
import type { Library } from '../content.ts';

/** Gathers, while one page is put together, what concerns the page as a whole. */
export interface PageParts {
  /** For messages, such as `article "sciatica"`. */
  entry: string;
  ids: Ids;
  links: InternalLink[];
  citations: { reference: number; id: string }[];
  /** Whether an element of the page has this id. */
  hasId: (id: string) => boolean;
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
    markdown: (source, field, level) => {
      const rendered = rememberedMarkdown(source, {
        level,
        ids: parts.ids,
        siteUrl: library.siteUrl,
        picture: (address, alt) => pictureHtml(address, alt, library.pictures),
      });
      for (const [, id = ''] of rendered.html.matchAll(/ id="([^"]+)"/g)) noteIds.add(id);
      parts.links.push(...rendered.links);
      parts.citations.push(...rendered.citations);
      for (const warning of rendered.warnings) library.warn(`${entry} field ${field}: ${warning}.`);
      return rendered;
    },
  };
  return parts;
}
