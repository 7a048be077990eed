import { Marked, type Token } from 'marked';
import { cleanText } from './clean.ts';
import { footnoteSyntax } from './footnotes.ts';
import { excess } from './limits.ts';

/** How the site reads Markdown: GitHub's dialect. Footnotes come with `footnoteSyntax`. */
export const markdownOptions = { gfm: true, async: false } as const;

/** A passage as the site's pipeline reads it: its tokens, or why it can only be shown as it is written. */
export type Passage =
  | { readonly tokens: readonly Token[]; readonly excess: null }
  | { readonly tokens: null; readonly excess: string };

/**
 * Characters of the passages that are remembered: more than one entry has, so that all rules read a passage once, and a
 * checklist that runs while somebody types reads only what they type in.
 */
const remembered = 2_000_000;
/** Characters as which a passage counts besides its own, for what keeps it. */
const each = 100;
const memory = new Map<string, Passage>();
let kept = 0;

/** Reads a passage of Markdown without rendering it. Never throws. */
export function readMarkdown(source: string): Passage {
  const known = memory.get(source);
  if (known !== undefined) return known;
  const passage = read(cleanText(source));
  if (kept + source.length + each > remembered) {
    memory.clear();
    kept = 0;
  }
  kept += source.length + each;
  memory.set(source, passage);
  return passage;
}

function read(markdown: string): Passage {
  const reason = excess(markdown);
  if (reason !== null) return { tokens: null, excess: reason };
  try {
    const marked = new Marked(markdownOptions, footnoteSyntax(markdown).extension);
    return { tokens: marked.lexer(markdown), excess: null };
  } catch {
    return { tokens: null, excess: 'the parser cannot read it' };
  }
}

/** All tokens of a passage, the inner ones after the one that holds them, in the order of the text. */
export function allTokens(tokens: readonly Token[]): Token[] {
  const found: Token[] = [];
  const visit = (inner: readonly Token[]): void => {
    for (const token of inner) {
      found.push(token);
      for (const part of partsOf(token)) visit(part);
    }
  };
  visit(tokens);
  return found;
}

/** The words of inline Markdown, without its marks. */
export function textOf(tokens: readonly Token[]): string {
  return tokens
    .map((token) => {
      if ('tokens' in token) return textOf(token.tokens ?? []);
      if (token.type === 'html') return '';
      return 'text' in token && typeof token.text === 'string' ? token.text : '';
    })
    .join('')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** What stands within a token: lists and tables keep it elsewhere than others. */
function partsOf(token: Token): (readonly Token[])[] {
  if (token.type === 'list' && 'items' in token) return [token.items as Token[]];
  if (token.type === 'table' && 'header' in token) {
    const { header, rows } = token as { header: { tokens: Token[] }[]; rows: { tokens: Token[] }[][] };
    return [...header, ...rows.flat()].map(({ tokens }) => tokens);
  }
  return 'tokens' in token && Array.isArray(token.tokens) ? [token.tokens] : [];
}
