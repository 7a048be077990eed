import type { DomDocument, DomElement, DomNode } from '@mixmark-io/domino';
import type { Notes } from './notes.ts';
import { oneLine, shorten } from './text.ts';

/** What an article cannot hold, by the word that staff know it by. */
const CUT: Readonly<Record<string, string>> = {
  SCRIPT: 'A script',
  IFRAME: 'A window into another site',
  FRAME: 'A window into another site',
  OBJECT: 'An embedded object',
  EMBED: 'An embedded object',
  APPLET: 'An embedded object',
  FORM: 'A form',
  INPUT: 'A form field',
  SELECT: 'A form field',
  TEXTAREA: 'A form field',
  BUTTON: 'A button',
  VIDEO: 'A video',
  AUDIO: 'A sound',
  CANVAS: 'A drawing',
  SVG: 'A drawing',
  MATH: 'A formula',
  MARQUEE: 'A moving text',
};
/** Nobody sees these, so nobody misses them. */
const UNSEEN = new Set(['STYLE', 'LINK', 'META', 'BASE', 'TITLE', 'HEAD', 'NOSCRIPT', 'TEMPLATE']);
const PICTURE_FILE = /\.(?:jpe?g|png|gif|webp|avif)(?:[?#]|$)/i;
const RAISED = figures('⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻');
const LOWERED = figures('₀₁₂₃₄₅₆₇₈₉₊₋');

/**
 * Takes out of a document what an article cannot hold, gives links their new addresses, and moves headings so that the
 * highest is an h2. All of it is noted.
 */
export function cleanElements(
  document: DomDocument,
  { notes, link }: { notes: Notes; link: (href: string) => string | null },
): void {
  let highest = 7;
  const headings: DomElement[] = [];
  for (const element of elements(document.body)) {
    const name = element.nodeName.toUpperCase();
    const cut = CUT[name];
    if (cut !== undefined) {
      const source = element.getAttribute('src') ?? element.getAttribute('data') ?? '';
      const from = source === '' || source.startsWith('data:') ? '' : ` (${shorten(source, 200)})`;
      const words = name === 'SCRIPT' ? '' : oneLine(element.textContent);
      const said = words === '' ? '' : ` It said: "${shorten(words, 200)}"`;
      notes.ask(`${cut}${from} was cut out.${said}`);
      element.remove();
    } else if (UNSEEN.has(name)) element.remove();
    else {
      if (Array.from(element.attributes).some((attribute) => /^on/i.test(attribute.name))) {
        notes.change('Scripts in attributes were cut out.');
      }
      if (/^H[1-6]$/.test(name)) {
        if (element.textContent.trim() !== '') highest = Math.min(highest, Number(name[1]));
        headings.push(element);
      } else if (name === 'A') cleanLink(element);
      else if (name === 'SUP' || name === 'SUB') flatten(document, element, name === 'SUP', notes);
      else if (name === 'PRE' && !has(element, 'code')) {
        const code = document.createElement('code');
        code.textContent = element.textContent;
        element.textContent = '';
        element.appendChild(code);
      }
    }
  }
  moveHeadings(document, headings, highest, notes);

  function cleanLink(element: DomElement): void {
    const href = (element.getAttribute('href') ?? '').trim();
    if (href === '') {
      unwrap(element);
      return;
    }
    if (has(element, 'img')) {
      if (!PICTURE_FILE.test(href)) notes.change(`A picture was a link to ${shorten(href, 200)}.`);
      unwrap(element);
      return;
    }
    const target = link(href);
    if (target === null) unwrap(element);
    else element.setAttribute('href', target);
  }
}

/** All elements below one in their order, without what is inside those that are taken out anyway. */
function elements(root: DomElement): DomElement[] {
  const found: DomElement[] = [];
  const open = [root.firstChild];
  while (open.length > 0) {
    const node = open.pop() ?? null;
    if (node === null) continue;
    open.push(node.nextSibling);
    if (node.nodeType !== 1) continue;
    found.push(node as DomElement);
    const name = node.nodeName.toUpperCase();
    if (CUT[name] === undefined && !UNSEEN.has(name)) open.push(node.firstChild);
  }
  return found;
}

function unwrap(element: DomElement): void {
  const nodes: DomNode[] = [];
  for (let node = element.firstChild; node !== null; node = node.nextSibling) nodes.push(node);
  element.replaceWith(...nodes);
}

function moveHeadings(document: DomDocument, headings: DomElement[], highest: number, notes: Notes): void {
  const by = highest > 6 ? 0 : 2 - highest;
  if (by !== 0) notes.change('The levels of the headings were moved so that the highest begins a section.');
  for (const heading of headings) {
    const level = Math.min(6, Math.max(2, Number(heading.nodeName[1]) + by));
    if (heading.nodeName === `H${String(level)}`) continue;
    rename(document, heading, `h${String(level)}`);
  }
}

/** Whether an element holds one that a selector finds. */
export function has(element: DomElement, selector: string): boolean {
  return element.querySelectorAll(selector).length > 0;
}

/** Puts an element of another name with the same content in the place of an element. */
export function rename(document: DomDocument, element: DomElement, name: string): void {
  const other = document.createElement(name);
  for (let node = element.firstChild; node !== null; node = element.firstChild) other.appendChild(node);
  element.replaceWith(other);
}

/** Markdown knows no raised text: 10<sup>3</sup> must not become 103. */
function flatten(document: DomDocument, element: DomElement, raised: boolean, notes: Notes): void {
  if (has(element, 'a, img')) {
    unwrap(element);
    return;
  }
  const text = oneLine(element.textContent);
  const characters = Array.from(text);
  const table = raised ? RAISED : LOWERED;
  const known = characters.every((character) => table.has(character));
  const flat = known
    ? characters.map((character) => table.get(character) ?? '').join('')
    : `${raised ? '^' : '_'}(${text})`;
  if (!known)
    notes.ask(`The ${raised ? 'raised' : 'lowered'} text "${shorten(text, 100)}" was put in brackets.`);
  element.replaceWith(document.createTextNode(text === '' ? '' : flat));
}

function figures(signs: string): ReadonlyMap<string, string> {
  return new Map(Array.from('0123456789+-', (plain, index) => [plain, signs.charAt(index)]));
}
