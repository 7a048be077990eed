import { type Entry, isRecord, itemsAt, partsOf, sectionsOf, textAt } from './parts.ts';
import { pageIds } from './text/ids.ts';
import { allTokens, readMarkdown, textOf } from './text/markdown.ts';
import { markdownLinks } from './surroundings.ts';

/** Ids that the site gives to notes and to places that cite; they follow from the text as a whole. */
const ofNotes = /(?:^|-)(?:note|cited)-\d+(?:-\d+)?$/;

/** The places on an entry's page that a link may lead to, made as the site makes them: headings, questions, references. */
export function anchorsOf(type: string, entry: Entry): string[] {
  const ids = pageIds();
  const passage = (markdown: string): void => {
    const { tokens } = readMarkdown(markdown);
    if (tokens === null) return;
    if (markdown.includes('[^')) ids.take('text');
    for (const token of allTokens(tokens)) {
      if (token.type === 'heading') ids.take(textOf(token['tokens'] as Parameters<typeof textOf>[0]));
    }
    for (const { href } of markdownLinks(markdown)) {
      const reference = /^#reference-(\d+)$/.exec(href)?.[1];
      if (reference !== undefined) ids.take(`cited-${reference}`);
    }
  };

  for (const step of itemsAt(entry, 'whatToExpect')) if (isRecord(step)) ids.take(textAt(step, 'heading'));
  for (const { path, text } of partsOf(type, entry).passages)
    if (!path.startsWith('sections.')) passage(text);
  for (const { section } of sectionsOf(entry)) {
    const heading = textAt(section, 'heading');
    if (heading !== '') ids.take(heading);
    if (section['__component'] === 'section.faq') {
      for (const item of itemsAt(section, 'questions')) {
        if (!isRecord(item)) continue;
        ids.take(textAt(item, 'question'));
        passage(textAt(item, 'answer'));
      }
    } else if (section['__component'] !== 'section.quote') passage(textAt(section, 'body'));
  }
  return [...ids.all(), ...itemsAt(entry, 'references').map((_reference, index) => `reference-${index + 1}`)];
}

/** Whether a page with these anchors has the place; places of notes are taken on trust. */
export function hasAnchor(anchors: ReadonlySet<string>, anchor: string): boolean {
  return ofNotes.test(anchor) || anchors.has(anchor);
}
