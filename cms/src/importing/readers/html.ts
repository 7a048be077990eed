import type { DomDocument } from '@mixmark-io/domino';
import { readHtmlOrWords } from '../html-parsing.ts';
import type { Notes } from '../notes.ts';
import { oneLine } from '../text.ts';

/** What an HTML file says about its page, and its content. */
export interface HtmlPage {
  title: string;
  summary: string;
  author: string;
  html: string;
}

/**
 * Reads an HTML file: its main part, without the header, footer and navigation around it. Where it cannot be read as
 * HTML its words alone are its content, which is noted.
 */
export function readHtml(file: string, notes: Notes): HtmlPage {
  return readHtmlOrWords(file, notes, pageOf);
}

function pageOf(document: DomDocument): HtmlPage {
  const meta = (name: string): string =>
    oneLine(document.querySelector(`meta[name="${name}"]`)?.getAttribute('content') ?? '');
  const { body } = document;
  const main = body.querySelector('main') ?? body.querySelector('article') ?? body;
  if (main === body) {
    for (const around of Array.from(main.querySelectorAll('nav, header, footer'))) {
      if (around.parentNode === body && around.querySelectorAll('h1').length === 0) around.remove();
    }
  }
  const heading = main.querySelector('h1');
  const title = oneLine(heading?.textContent ?? '');
  // The first heading of the highest level is the title; the page shows it by itself.
  if (title !== '') heading?.remove();
  return {
    title: title === '' ? oneLine(document.title) : title,
    summary: meta('description'),
    author: meta('author'),
    html: main.innerHTML,
  };
}
