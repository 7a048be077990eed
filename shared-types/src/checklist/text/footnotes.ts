import type { MarkedExtension } from 'marked';

/** How footnotes of one passage are read: its notes by label, and what teaches `marked` to see them. */
export interface FootnoteSyntax {
  notes: ReadonlyMap<string, string>;
  extension: MarkedExtension;
}

const longestLabel = 40;

/**
 * `[^label]` in the text and `[^label]: The note.` on a line of its own. A citation without a note stays as it is
 * written.
 *
 * @param markdown the passage, which is searched for notes first
 */
export function footnoteSyntax(markdown: string): FootnoteSyntax {
  const notes = new Map<string, string>();
  for (const [, label = '', note = ''] of markdown.matchAll(definitions)) {
    if (!notes.has(label)) notes.set(label, note.replaceAll(/\s*\n\s*/g, ' ').trim());
  }
  return {
    notes,
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
        },
      ],
    },
  };
}

const label = String.raw`\[\^([^\]\s]{1,${longestLabel}})\]`;
const citation = new RegExp(`^${label}(?!:)`);
const note = String.raw`:[ \t]+([^\n]+(?:\n[ \t]{2,}[^\n]+)*)(?:\n+|$)`;
const definition = new RegExp(`^${label}${note}`);
const definitions = new RegExp(`^${label}${note}`, 'gm');
