import { marked } from 'marked';

/** Markdown as HTML; raw HTML in it stays as it is. @throws Error when it is nested too deeply for the parser */
export function markdownToHtml(markdown: string): string {
  return marked.parse(markdown, { async: false, gfm: true });
}
