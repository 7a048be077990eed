import {
  cleanText,
  excess,
  type Ids,
  type InternalLink,
  type LinkPlaces,
  markdownOptions,
  textOf,
} from '@meridian/shared-types/checklist';
import { Marked, type Tokens } from 'marked';
import { escapeHtml } from '../../html.ts';
import { paragraphsOf } from './paragraphs.ts';
import { footnotes } from './footnotes.ts';
import { withinTime } from './limits.ts';
import { sanitize } from './sanitize.ts';

export interface MarkdownOptions extends LinkPlaces {
  /** Level of the topmost heading, 2 to 6; deeper ones follow without a gap. */
  level: number;
  /** Ids of the page that the passage is part of. */
  ids: Ids;
  /** HTML of a picture by its address; null when there is none. */
  picture: (address: string, alt: string) => string | null;
}

export interface Heading {
  level: number;
  id: string;
  text: string;
}

export interface RenderedMarkdown {
  /** Sanitised. */
  html: string;
  headings: Heading[];
  links: InternalLink[];
  citations: { reference: number; id: string }[];
  /** What could not be shown as written, and why. */
  warnings: string[];
}

/** Characters of a passage that cannot take long; starting the timer for it would take longer. */
const short = 3_000;

/**
 * The one way from Markdown to HTML: GitHub's dialect with tables and footnotes, heading ids, then an allowlist. HTML in
 * the source is shown as text. A passage beyond the caps on size, depth and time, or one that makes the parser fail,
 * comes back as escaped plain text with a warning.
 */
export function renderMarkdown(source: string, options: MarkdownOptions): RenderedMarkdown {
  const markdown = cleanText(source);
  const reason = excess(markdown);
  if (reason !== null) return plainText(markdown, reason);
  try {
    return markdown.length < short ? render(markdown, options) : withinTime(() => render(markdown, options));
  } catch (error) {
    return plainText(markdown, isTimeout(error) ? 'it takes too long' : 'the parser cannot read it');
  }
}

function render(markdown: string, options: MarkdownOptions): RenderedMarkdown {
  const { ids, siteUrl, pathOfEntry } = options;
  const headings: Heading[] = [];
  const warnings: string[] = [];
  const notes = footnotes(markdown, markdown.includes('[^') ? ids.take('text') : 'text');
  const marked = new Marked(markdownOptions, ...notes.extensions);
  const shallowest = { depth: 6 };

  marked.use({
    renderer: {
      heading({ tokens, depth }) {
        const above = headings.at(-1)?.level ?? options.level - 1;
        const level = Math.min(options.level + Math.max(depth - shallowest.depth, 0), above + 1, 6);
        const text = textOf(tokens);
        const id = ids.take(text);
        headings.push({ level, id, text });
        return `<h${level} id="${id}">${this.parser.parseInline(tokens)}</h${level}>\n`;
      },
      html({ text }) {
        return escapeHtml(text);
      },
      text(token) {
        // Behind a tag such as <pre> Marked takes text for HTML, which is none here: what is no tag may be one to a browser.
        if ('escaped' in token) token.escaped = false;
        return false;
      },
      image({ href, text }) {
        const html = options.picture(href, text);
        if (html !== null) return html;
        warnings.push(
          `the picture "${href.slice(0, 200)}" cannot be shown; its description stands in its place`,
        );
        return escapeHtml(text);
      },
      checkbox({ checked }) {
        return checked ? '☑ ' : '☐ ';
      },
      code({ text }) {
        return `<pre><code>${escapeHtml(text)}</code></pre>\n`;
      },
      table({ header, rows }) {
        const cell = ({ tokens, align }: Tokens.TableCell, tag: 'th' | 'td') => {
          const scope = tag === 'th' ? ' scope="col"' : '';
          const alignment = align === 'center' || align === 'right' ? ` class="text-${align}"` : '';
          return `<${tag}${scope}${alignment}>${this.parser.parseInline(tokens)}</${tag}>`;
        };
        const row = (cells: Tokens.TableCell[], tag: 'th' | 'td') =>
          `<tr>${cells.map((item) => cell(item, tag)).join('')}</tr>`;
        const name = escapeHtml(`Table: ${header.map(({ tokens }) => textOf(tokens)).join(', ')}`);
        const body =
          rows.length === 0 ? '' : `<tbody>${rows.map((cells) => row(cells, 'td')).join('')}</tbody>`;
        return `<section class="table-scroll" tabindex="0" aria-label="${name}"><table><thead>${row(header, 'th')}</thead>${body}</table></section>\n`;
      },
    },
  });

  const tokens = marked.lexer(markdown);
  void marked.walkTokens(tokens, (token) => {
    if (token.type === 'heading' && 'depth' in token && typeof token.depth === 'number') {
      shallowest.depth = Math.min(shallowest.depth, token.depth);
    }
  });
  const body = marked.parser(tokens);
  const list = notes.list((note) => marked.parseInline(note, { async: false }));

  const sanitized = sanitize(`${body}${list}`, {
    siteUrl,
    pathOfEntry,
    citationId: (reference) => ids.take(`cited-${reference}`),
  });
  for (const href of sanitized.refused) {
    warnings.push(
      `the link to "${cleanText(href).slice(0, 200)}" is not allowed; its words are shown without it`,
    );
  }
  return { html: sanitized.html, headings, links: sanitized.links, citations: sanitized.citations, warnings };
}

function plainText(markdown: string, reason: string): RenderedMarkdown {
  const html = paragraphsOf(markdown)
    .map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`)
    .join('\n');
  return {
    html,
    headings: [],
    links: [],
    citations: [],
    warnings: [`the text is shown as it is written, for ${reason}`],
  };
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
