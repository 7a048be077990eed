import sanitizeHtml from 'sanitize-html';
import { type InternalLink, isGone, isInternal, type LinkPlaces, readLink } from '../links/links.ts';

/** What the check of the finished HTML found out. */
export interface Sanitized {
  html: string;
  /** Links to pages of the site. */
  links: InternalLink[];
  /** Addresses that were refused; their words stay as plain text. */
  refused: string[];
  /** Ids of the citations of each numbered reference. */
  citations: { reference: number; id: string }[];
}

export interface SanitizeOptions extends LinkPlaces {
  /** Gives the id of the next citation of a numbered reference. */
  citationId: (reference: number) => string;
}

const allowedTags = [
  ...['h2', 'h3', 'h4', 'h5', 'h6', 'p', 'blockquote', 'ul', 'ol', 'li', 'hr', 'br', 'pre', 'section'],
  ...['table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ...['a', 'strong', 'em', 'del', 'code', 'sup', 'picture', 'source', 'img'],
  // Stands for a refused link until the filter takes it out.
  'span',
];

const allowedAttributes = {
  ...Object.fromEntries(['h2', 'h3', 'h4', 'h5', 'h6', 'li'].map((tag) => [tag, ['id']])),
  a: ['id', 'href', 'rel', 'aria-label'],
  ol: ['start', { name: 'class', values: ['footnotes'] }],
  section: ['tabindex', 'aria-label', { name: 'class', values: ['table-scroll'] }],
  th: ['scope', { name: 'class', values: ['text-center', 'text-right'] }],
  td: [{ name: 'class', values: ['text-center', 'text-right'] }],
  source: ['type', 'srcset', 'sizes'],
  img: ['src', 'alt', 'width', 'height', 'loading', 'decoding'],
};

/** Lets through only what the pipeline itself makes, whatever the renderer was led to write. */
export function sanitize(html: string, { citationId, ...places }: SanitizeOptions): Sanitized {
  const links: InternalLink[] = [];
  const refused: string[] = [];
  const citations: { reference: number; id: string }[] = [];

  const clean = sanitizeHtml(html, {
    allowedTags,
    allowedAttributes,
    // What names an unpublished entry is taken out below; the filter has to see it for that.
    allowedSchemes: ['http', 'https', 'mailto', 'tel', 'entry'],
    allowedSchemesByTag: { img: [], source: [] },
    allowedSchemesAppliedToAttributes: ['href', 'src', 'srcset'],
    allowProtocolRelative: false,
    disallowedTagsMode: 'escape',
    nestingLimit: 60,
    transformTags: {
      a: (tagName, attributes) => {
        const href = attributes['href'] ?? '';
        const link = readLink(href, places);
        if (link === null) {
          refused.push(href);
          return { tagName: 'span', attribs: {} };
        }
        const reference = /^#reference-(\d+)$/.exec(link.href)?.[1];
        const id = reference === undefined ? attributes['id'] : citationId(Number(reference));
        if (reference !== undefined && id !== undefined) citations.push({ reference: Number(reference), id });
        return {
          tagName,
          attribs: {
            ...attributes,
            href: link.href,
            ...(id === undefined ? {} : { id }),
            ...(link.external ? { rel: 'external noopener' } : {}),
          },
        };
      },
    },
    exclusiveFilter: ({ tag, attribs, text }) => {
      const href = attribs['href'];
      if (tag !== 'a') return false;
      if (href === undefined) return 'excludeTag';
      if (isInternal({ href, external: false })) links.push({ href, text: text.trim() });
      return isGone({ href }) ? 'excludeTag' : false;
    },
  });
  return { html: clean, links, refused, citations };
}
