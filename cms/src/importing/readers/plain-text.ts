import { escapeHtml, oneLine } from '../text.ts';

/** What a plain text says: HTML with its headings, and the heading at its very beginning as a title. */
export interface PlainText {
  /** Empty when the text begins with a paragraph. */
  title: string;
  html: string;
  /** Short lines that may have been meant as headings. */
  doubtful: string[];
}

const LONGEST_HEADING = 90;
const MOST_WORDS = 14;
const BULLET = /^(?:[-*•·–]|\d{1,2}[.)])\s+/;
/** Words that stay small in titles. */
const SMALL = /^(?:a|an|and|as|at|but|by|for|from|in|into|is|nor|of|on|or|over|per|the|to|up|via|vs|with)$/;

/**
 * Reads a text of paragraphs parted by empty lines. A short line of capitalised words without a full stop, with text
 * below it, is a heading; lines that all begin with a hyphen, bullet or number are a list.
 */
export function readPlainText(text: string): PlainText {
  const parts = text
    .split(/\n[ \t]*(?:\n[ \t]*)+/)
    .map((part) => part.split('\n').map(oneLine).filter(Boolean))
    .filter((lines) => lines.length > 0);
  const shapes = parts.map((lines, index) => ({ lines, shape: shapeOf(lines, index === parts.length - 1) }));
  const [first, second] = shapes;
  // A heading above another one is the title, and so is one that begins the text.
  const hasTitle = first?.shape === 'heading' && second !== undefined;
  const body = hasTitle ? shapes.slice(1) : shapes;
  return {
    title: hasTitle ? first.lines.join(' ') : '',
    html: body.map(({ lines, shape }) => toHtml(lines, shape)).join('\n'),
    doubtful: body.filter(({ shape }) => shape === 'doubtful').map(({ lines }) => lines.join(' ')),
  };
}

type Shape = 'heading' | 'doubtful' | 'bullets' | 'numbers' | 'paragraph';

function shapeOf(lines: readonly string[], isLast: boolean): Shape {
  if (lines.length > 1 && lines.every((line) => BULLET.test(line))) {
    return lines.every((line) => /^\d/.test(line)) ? 'numbers' : 'bullets';
  }
  const [line = ''] = lines;
  const words = line.split(' ');
  const isShort = lines.length === 1 && line.length <= LONGEST_HEADING && words.length <= MOST_WORDS;
  if (!isShort || isLast || /[.!:;,…"”]$/.test(line) || !/^[\p{Lu}\p{N}]/u.test(line)) return 'paragraph';
  // Telephone numbers, addresses and dates are short lines as well.
  if (!/\p{L}{2}/u.test(line) || /[@/]|\d{3}/.test(line)) return 'paragraph';
  const telling = words.filter((word) => /\p{L}/u.test(word) && !SMALL.test(word));
  return telling.every((word) => /^\P{L}*[\p{Lu}\p{N}]/u.test(word)) ? 'heading' : 'doubtful';
}

function toHtml(lines: readonly string[], shape: Shape): string {
  const items = (): string =>
    lines.map((line) => `<li>${escapeHtml(line.replace(BULLET, ''))}</li>`).join('');
  switch (shape) {
    case 'heading':
      return `<h2>${escapeHtml(lines.join(' '))}</h2>`;
    case 'bullets':
      return `<ul>${items()}</ul>`;
    case 'numbers':
      return `<ol>${items()}</ol>`;
    case 'doubtful':
    case 'paragraph':
      return `<p>${escapeHtml(lines.join(' '))}</p>`;
  }
}
