import { footnoteSyntax } from '@meridian/shared-types/checklist';
import type { MarkedExtension, Tokens } from 'marked';
import { escapeHtml } from '../../html.ts';

/** Footnotes of one passage. `list` gives the notes that the text cites, to stand at its end; '' when there are none. */
export interface Footnotes {
  extensions: MarkedExtension[];
  list(parseInline: (markdown: string) => string): string;
}

/**
 * Footnotes as `footnoteSyntax` reads them, numbered in the order of citation, with links both ways.
 *
 * @param markdown the passage
 * @param prefix begins every id, to keep the passages of a page apart
 */
export function footnotes(markdown: string, prefix: string): Footnotes {
  const { notes, extension } = footnoteSyntax(markdown);
  const cited: { label: string; citations: number }[] = [];

  return {
    extensions: [
      extension,
      {
        extensions: [
          { name: 'footnoteDefinition', renderer: () => '' },
          { name: 'footnoteCitation', renderer: (token) => citationHtml(token) },
        ],
      },
    ],
    list(parseInline) {
      if (cited.length === 0) return '';
      const items = cited.map(({ label, citations }, index) => {
        const number = index + 1;
        const back = Array.from(
          { length: citations },
          (_, time) =>
            `<a href="#${citationId(number, time + 1)}" aria-label="Back to note ${number} in the text">↩</a>`,
        );
        return `<li id="${prefix}-note-${number}">${parseInline(notes.get(label) ?? '')} ${back.join(' ')}</li>`;
      });
      return `<ol class="footnotes">${items.join('')}</ol>`;
    },
  };

  function citationHtml(token: Tokens.Generic): string {
    const label = String(token['label']);
    let index = cited.findIndex((note) => note.label === label);
    if (index === -1) index = cited.push({ label, citations: 0 }) - 1;
    const note = cited[index];
    if (note === undefined) return escapeHtml(token.raw);
    note.citations += 1;
    const number = index + 1;
    return `<sup><a id="${citationId(number, note.citations)}" href="#${prefix}-note-${number}" aria-label="Note ${number}">${number}</a></sup>`;
  }

  function citationId(number: number, time: number): string {
    return `${prefix}-cited-${number}${time === 1 ? '' : `-${time}`}`;
  }
}
