import { Parser } from 'htmlparser2';
import { escapeHtml } from '../../src/html.ts';
import { slotMarks, type SlotName } from '../slot-marks.ts';

/** What a template is filled with. Every text is escaped on its way in, save the HTML of marks. */
export interface Filling {
  /** What fields hold, by their names; several for boxes of one name. */
  values: Readonly<Record<string, readonly string[]>>;
  /** Names of the fields that something is wrong with. */
  invalid: ReadonlySet<string>;
  /** HTML for the marks `<!--fill:NAME-->`; a mark without any stays empty. */
  marks: Readonly<Record<string, string>>;
  /** Stands before the title of the document. */
  titlePrefix: string;
}

/** A page of a release that holds a form or a confirmation for the server to fill in. */
export interface PageTemplate {
  render(filling: Filling): string;
}

/** Says what stands at a place of the page. */
type Hole = (filling: Filling) => string;

interface Cut {
  from: number;
  to: number;
  hole: Hole | null;
}

/**
 * Reads a released page. Between the marks of the slot stands what a plain copy of the page shows; behind them a
 * `<template data-slot="NAME">` holds what the server shows instead. In it, `value`, `checked` and `selected` of every
 * field, `aria-invalid`, and comments `<!--fill:NAME-->` are filled in. All else stays as it is, byte for byte.
 *
 * @returns null when the page has no such template
 */
export function readTemplate(html: string, slot: SlotName): PageTemplate | null {
  const { start, end } = slotMarks(slot);
  const from = html.indexOf(start);
  const to = from === -1 ? -1 : html.indexOf(end, from);
  if (to === -1) return null;
  const cuts: Cut[] = [{ from: from + start.length, to, hole: null }];
  const add = (at: number, hole: Hole) => void cuts.push({ from: at, to: at, hole });
  let inside = false;
  let templates = 0;
  let select: string | null = null;
  let titled = false;
  const parser = new Parser(
    {
      onopentag(tag, { type, name, value = '', ['data-slot']: of }) {
        const behind = parser.endIndex + 1;
        const atEnd = html[parser.endIndex - 1] === '/' ? parser.endIndex - 1 : parser.endIndex;
        if (tag === 'title' && !titled) {
          titled = true;
          add(behind, ({ titlePrefix }) => escapeHtml(titlePrefix));
        }
        if (tag === 'template' && of === slot) {
          inside = true;
          templates += 1;
          cuts.push({ from: parser.startIndex, to: behind, hole: null });
        }
        if (!inside) return;
        if (tag === 'option' && select !== null) {
          const field = select;
          add(atEnd, ({ values }) => (holds(values, field, value) ? ' selected' : ''));
        }
        if (name === undefined) return;
        if (tag === 'select') select = name;
        if (tag === 'textarea') add(behind, ({ values }) => textareaText(values[name]?.[0] ?? ''));
        if (tag === 'input' && (type === 'checkbox' || type === 'radio')) {
          add(atEnd, ({ values }) => (holds(values, name, value) ? ' checked' : ''));
        } else if (tag === 'input') {
          add(atEnd, ({ values }) => {
            const text = values[name]?.[0] ?? '';
            return text === '' ? '' : ` value="${escapeHtml(text)}"`;
          });
        }
        if (tag === 'select' || tag === 'textarea' || tag === 'input') {
          add(atEnd, ({ invalid }) => (invalid.has(name) && type !== 'radio' ? ' aria-invalid="true"' : ''));
        }
      },
      onclosetag(tag) {
        if (tag === 'select') select = null;
        if (tag === 'template' && inside) {
          inside = false;
          cuts.push({ from: parser.startIndex, to: parser.endIndex + 1, hole: null });
        }
      },
      oncomment(text) {
        const mark = /^fill:([a-z-]+)$/.exec(text)?.[1];
        if (inside && mark !== undefined)
          cuts.push({
            from: parser.startIndex,
            to: parser.endIndex + 1,
            hole: ({ marks }) => marks[mark] ?? '',
          });
      },
    },
    { recognizeSelfClosing: false },
  );
  parser.end(html);
  if (templates === 0) return null;
  const pieces = piecesOf(html, cuts);
  return {
    render: (filling) => pieces.map((piece) => (typeof piece === 'string' ? piece : piece(filling))).join(''),
  };
}

function piecesOf(html: string, cuts: readonly Cut[]): (string | Hole)[] {
  const pieces: (string | Hole)[] = [];
  let at = 0;
  for (const { from, to, hole } of cuts.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    if (from < at) continue;
    pieces.push(html.slice(at, from));
    if (hole !== null) pieces.push(hole);
    at = to;
  }
  pieces.push(html.slice(at));
  return pieces;
}

function holds(values: Filling['values'], field: string, value: string): boolean {
  return values[field]?.includes(value) === true;
}

/** The first line feed of a text area is not part of its text. */
function textareaText(text: string): string {
  return text === '' ? '' : `\n${escapeHtml(text)}`;
}
