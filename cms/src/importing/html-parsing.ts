import {
  createIncrementalHTMLParser,
  type DomDocument,
  type DomElement,
  type DomNode,
  type DomTemplate,
} from '@mixmark-io/domino';
import type { Notes } from './notes.ts';
import { oneLine } from './text.ts';

/** What reads or writes elements calls itself for each level, and the parser takes very long over thousands of them. */
const DEEPEST = 1_000;
/** Steps of the parser, of which most open no element, between two looks at how deep it is. */
const STEPS = 250;
/** An element of Office without content, which ends here in XML; HTML would put all that follows into it. */
const EMPTY_OFFICE_ELEMENT = /<[a-z]\w*:[a-z]\w*(?:\s[^<>]*)?\/>/gi;

/**
 * Reads HTML as elements; where that fails, reads its words alone as one paragraph, and notes it. Whatever the parser
 * or the reader trips over, one text must not keep all others out.
 */
export function readHtmlOrWords<Result>(
  html: string,
  notes: Notes,
  read: (document: DomDocument) => Result,
): Result {
  try {
    return read(parse(html));
  } catch (error) {
    const reason =
      error instanceof RangeError ? 'its elements are nested too deeply' : 'its HTML cannot be read';
    notes.ask(`It came as plain text, without headings, links and pictures, for ${reason}. Set them again.`);
    return read(parse(`<p>${wordsOf(html)}</p>`));
  }
}

/** @throws RangeError when elements are nested too deeply */
function parse(html: string): DomDocument {
  const parser = createIncrementalHTMLParser();
  const document = parser.document();
  parser.end(html.replaceAll(EMPTY_OFFICE_ELEMENT, ''));
  let steps = 0;
  parser.process(() => {
    steps += 1;
    if (steps % STEPS === 0 && depthOfEnd(document) > DEEPEST) throw new RangeError('nested too deeply');
    return false;
  });
  return document;
}

/**
 * How deep the elements are nested that the parser may still add to: those at the end of the document. At the
 * beginning there is neither element.
 */
function depthOfEnd({
  documentElement,
  body,
}: Record<'documentElement' | 'body', DomElement | null>): number {
  let depth = 0;
  let level = onlyNodes(body ?? documentElement);
  for (; level.length > 0; depth += 1) level = level.flatMap(endOf);
  return depth;
}

function endOf(node: DomNode): DomNode[] {
  const { lastChild } = isTemplate(node) ? node.content : node;
  // What must not stand in a table is put before it.
  return onlyNodes(lastChild, lastChild?.nodeName === 'TABLE' ? lastChild.previousSibling : null);
}

function isTemplate(node: DomNode): node is DomTemplate {
  return node.nodeName === 'TEMPLATE';
}

function onlyNodes(...nodes: (DomNode | null)[]): DomNode[] {
  return nodes.filter((node) => node !== null);
}

/** What of HTML is words, with character references as they are. */
function wordsOf(html: string): string {
  return oneLine(
    html
      .replaceAll(/<!--(?:-?>|[^]*?(?:--!?>|$))/g, ' ')
      .replaceAll(/<(script|style)\b[^]*?(?:<\/\1\s*>|$)/gi, ' ')
      .replaceAll(/<[^<>]*>/g, ' ')
      .replaceAll('<', '&lt;'),
  );
}
