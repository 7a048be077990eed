import type { DomDocument, DomElement, DomNode } from '@mixmark-io/domino';
import { gfm } from '@joplin/turndown-plugin-gfm';
import TurndownService from 'turndown';
import { cleanElements, has, rename } from './html-cleaning.ts';
import { readHtmlOrWords } from './html-parsing.ts';
import type { Notes } from './notes.ts';
import type { PictureReference } from './source.ts';
import { oneLine, shorten } from './text.ts';

/** A part of a page as it will be a section: Markdown below a heading that may be empty, or a picture. */
export type Section =
  | { kind: 'text'; heading: string; body: string }
  | { kind: 'picture'; picture: PictureReference; caption: string };

export interface BodyOptions {
  notes: Notes;
  /** Whether empty lines in the text part paragraphs. */
  looseText: boolean;
  /** The address that a link gets; null takes the link away and leaves its words. */
  link: (href: string) => string | null;
}

/** Below what the CMS takes in one field, with room for what staff add. */
const LONGEST_BODY = 45_000;
const LONGEST_HEADING = 200;
const LONGEST_CAPTION = 300;

/** What stands in the flow of a text; everything else begins a block of its own. */
const INLINE = new Set(
  'A ABBR ACRONYM B BDI BDO BIG BR CITE CODE DATA DEL DFN EM FONT I IMG INS KBD LABEL MARK Q RUBY S SAMP SMALL SPAN STRIKE STRONG SUB SUP TIME TT U VAR WBR'.split(
    ' ',
  ),
);
/** Only hold other blocks. */
const HOLDERS = new Set(
  'ADDRESS ARTICLE ASIDE BODY CENTER DETAILS DIV DL FIELDSET FIGURE FOOTER HEADER HGROUP HTML MAIN NAV SECTION'.split(
    ' ',
  ),
);
const ELEMENT = 1;
const TEXT = 3;

/**
 * Turns HTML into sections: each heading of the highest level begins one, pictures become sections of their own, and
 * the rest becomes Markdown. What cannot be taken over is noted.
 */
export function readBody(html: string, options: BodyOptions): Section[] {
  return readHtmlOrWords(html, options.notes, (document) => sectionsOf(document, options));
}

function sectionsOf(document: DomDocument, { notes, looseText, link }: BodyOptions): Section[] {
  cleanElements(document, { notes, link });
  const turndown = markdownWriter();
  const sections: Section[] = [];
  let heading = '';
  let blocks: string[] = [];
  let pictures: Section[] = [];

  readBlocks(document.body);
  endSection();
  return sections;

  function readBlocks(holder: DomElement): void {
    let run: DomNode[] = [];
    const endRun = (): void => {
      addParagraphs(run);
      run = [];
    };
    for (let node = holder.firstChild; node !== null;) {
      const next = node.nextSibling;
      if (node.nodeType === TEXT || (node.nodeType === ELEMENT && INLINE.has(node.nodeName))) run.push(node);
      else if (node.nodeType === ELEMENT) {
        endRun();
        readBlock(node as DomElement);
      }
      node = next;
    }
    endRun();
  }

  function readBlock(element: DomElement): void {
    if (element.nodeName === 'H2') {
      takePictures(element);
      beginSection(oneLine(element.textContent));
    } else if (element.nodeName === 'FIGURE' && isPicture(element)) {
      const caption = oneLine(element.querySelector('figcaption')?.textContent ?? '');
      takePictures(element, caption);
      endBlock();
    } else if (HOLDERS.has(element.nodeName)) {
      readBlocks(element);
    } else if (looseText && element.nodeName === 'P') {
      // A paragraph that WordPress has marked as one still holds line breaks that count.
      const nodes: DomNode[] = [];
      for (let node = element.firstChild; node !== null; node = node.nextSibling) nodes.push(node);
      addParagraphs(nodes);
    } else {
      addBlock(element);
    }
  }

  function beginSection(text: string): void {
    if (text === '') return;
    endSection();
    heading = shorten(text, LONGEST_HEADING);
    if (heading !== text) notes.change(`A heading was too long and was shortened. It was: "${text}"`);
  }

  function endSection(): void {
    flushText();
    if (heading !== '') {
      notes.ask(`The section "${heading}" has no text. Write it, or delete the section.`);
      sections.push({ kind: 'text', heading, body: '' });
    }
    heading = '';
    sections.push(...pictures);
    pictures = [];
  }

  function flushText(): void {
    if (blocks.length === 0) return;
    const bodies = packed(blocks);
    if (bodies.length > 1) {
      notes.change(`A very long text was divided into ${String(bodies.length)} sections.`);
    }
    sections.push(
      ...bodies.map((body, index): Section => ({ kind: 'text', heading: index === 0 ? heading : '', body })),
    );
    heading = '';
    blocks = [];
  }

  /** Pictures follow the first text below a heading, so that the heading keeps its text. */
  function endBlock(): void {
    if (pictures.length === 0 || (heading !== '' && blocks.length === 0)) return;
    flushText();
    sections.push(...pictures);
    pictures = [];
  }

  function addParagraphs(nodes: readonly DomNode[]): void {
    for (const paragraph of looseText ? paragraphsOf(document, nodes) : [nodes]) {
      const element = document.createElement('p');
      for (const node of paragraph) element.appendChild(node);
      addBlock(element);
    }
  }

  function addBlock(element: DomElement): void {
    takePictures(element);
    for (const high of Array.from(element.querySelectorAll('h2'))) rename(document, high, 'h3');
    for (const empty of Array.from(element.querySelectorAll('a'))) {
      if (empty.textContent.trim() === '') empty.remove();
    }
    const wrapper = document.createElement('div');
    wrapper.appendChild(element);
    const markdown = turndown.turndown(wrapper).trim();
    if (markdown !== '') blocks.push(markdown);
    endBlock();
  }

  function takePictures(element: DomElement, caption = ''): void {
    const found = Array.from(element.querySelectorAll('img'));
    const amongWords = found.length > 0 && caption === '' && element.textContent.trim() !== '';
    if (amongWords) notes.change('A picture that stood within a text stands below it now.');
    const text = shorten(caption, LONGEST_CAPTION);
    if (text !== caption) notes.change(`A caption was too long and was shortened. It was: "${caption}"`);
    for (const image of found) {
      // Pages that load pictures late keep the address elsewhere.
      const late = image.getAttribute('data-src') ?? image.getAttribute('data-lazy-src');
      const src = image.getAttribute('src') ?? '';
      const address = (src === '' || src.startsWith('data:') ? (late ?? src) : src).trim();
      const alternativeText = oneLine(image.getAttribute('alt') ?? '');
      image.remove();
      if (address === '') notes.ask('A picture has no address and was left out.');
      else if (address.startsWith('data:')) {
        notes.ask('A picture that was written into the text itself was left out. Upload it by hand.');
      } else pictures.push({ kind: 'picture', picture: { address, alternativeText }, caption: text });
    }
  }
}

/** Whether a figure shows one picture, and is no table, quotation or gallery. */
function isPicture(figure: DomElement): boolean {
  return figure.querySelectorAll('img').length === 1 && !has(figure, 'figure, table, blockquote, pre');
}

/** Divides inline nodes at the empty lines in their text; a single line end is a line break. */
function paragraphsOf(document: DomDocument, nodes: readonly DomNode[]): DomNode[][] {
  const paragraphs: DomNode[][] = [[]];
  for (const node of nodes) {
    if (node.nodeType !== TEXT) {
      paragraphs.at(-1)?.push(node);
      continue;
    }
    for (const [index, part] of node.textContent.split(/\n[ \t]*\n\s*/).entries()) {
      if (index > 0) paragraphs.push([]);
      for (const [number, line] of part.split('\n').entries()) {
        const paragraph = paragraphs.at(-1);
        if (number > 0 && paragraph !== undefined && paragraph.length > 0) {
          paragraph.push(document.createElement('br'));
        }
        if (line !== '') paragraph?.push(document.createTextNode(line));
      }
    }
  }
  return paragraphs;
}

function markdownWriter(): TurndownService {
  const service = new TurndownService({
    headingStyle: 'atx',
    bulletListMarker: '-',
    codeBlockStyle: 'fenced',
    emDelimiter: '*',
  }).use(gfm);
  const escape = service.escape.bind(service);
  service.escape = (text) =>
    escape(text)
      // What reads like an element or a character reference was meant as words.
      .replaceAll(/<(?=[a-z/!?])/gi, String.raw`\<`)
      .replaceAll(/&(?=#?\w{1,32};)/g, String.raw`\&`)
      // Footnotes, which the site knows.
      .replaceAll(/\\\[(\^[^\]\s\\]{1,40})\\\]/g, '[$1]');
  return service;
}

/** Blocks of Markdown joined to as few texts as fit into a field each. */
function packed(blocks: readonly string[]): string[] {
  const bodies: string[] = [];
  for (const block of blocks.flatMap((each) => (each.length > LONGEST_BODY ? pieces(each) : [each]))) {
    const last = bodies.at(-1);
    if (last !== undefined && last.length + block.length + 2 <= LONGEST_BODY) {
      bodies[bodies.length - 1] = `${last}\n\n${block}`;
    } else bodies.push(block);
  }
  return bodies;
}

/** A block that is too long by itself, cut at the end of a line, or else of a word. */
function pieces(block: string): string[] {
  const cut: string[] = [];
  let rest = block;
  while (rest.length > LONGEST_BODY) {
    const head = rest.slice(0, LONGEST_BODY);
    const line = head.lastIndexOf('\n');
    const word = head.lastIndexOf(' ');
    // Never between the halves of a character.
    const end = line > 0 ? line : word > 0 ? word : LONGEST_BODY - (head.isWellFormed() ? 0 : 1);
    cut.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...cut, rest];
}
