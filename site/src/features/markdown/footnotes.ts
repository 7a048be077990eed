import type { MarkedExtension, Tokens } from 'marked';
import { escapeHtml } from './escape.ts';

/** Footnotes of one passage. `list` gives the notes that the text cites, to stand at its end; '' when there are none. */
export interface Footnotes {
  extension: MarkedExtension;
  list(parseInline: (markdown: string) => string): string;
}

const longestLabel = 40;

/**
 * `[^label]` in the text and `[^label]: The note.` on a line of its own. Numbered in the order of citation, with links
 * both ways. A citation without a note stays as it is written.
 *
 * @param markdown the passage, which is searched for notes first
 * @param prefix begins every id, to keep the passages of a page apart
 */
export function footnotes(markdown: string, prefix: string): Footnotes {
  const notes = new Map<string, string>();
  for (const [, label = '', note = ''] of markdown.matchAll(definitions)) {
    if (!notes.has(label)) notes.set(label, note.replaceAll(/\s*\n\s*/g, ' ').trim());
  }
  const cited: { label: string; citations: number }[] = [];

  return {
    extension: {
      extensions: [
        {
          name: 'footnoteDefinition',
          level: 'block',
          start: (source) => /^\[\^/m.exec(source)?.index,
          tokenizer(source) {
            const raw = definition.exec(source)?.[0];
            return raw === undefined ? undefined : { type: 'footnoteDefinition', raw };
          },
          renderer: () => '',
        },
        {
          name: 'footnoteCitation',
          level: 'inline',
          start: (source) => source.indexOf('[^'),
          tokenizer(source) {
            const match = citation.exec(source);
            return match?.[1] !== undefined && notes.has(match[1])
              ? { type: 'footnoteCitation', raw: match[0], label: match[1] }
              : undefined;
          },
          renderer: (token) => citationHtml(token),
        },
      ],
    },
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

const label = String.raw`\[\^([^\]\s]{1,${longestLabel}})\]`;
const citation = new RegExp(`^${label}(?!:)`);
const note = String.raw`:[ \t]+([^\n]+(?:\n[ \t]{2,}[^\n]+)*)(?:\n+|$)`;
const definition = new RegExp(`^${label}${note}`);
const definitions = new RegExp(`^${label}${note}`, 'gm');
