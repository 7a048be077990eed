import { stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { readText } from './decoding.ts';
import { notes } from './notes.ts';
import { readFrontMatter } from './readers/front-matter.ts';
import { readHtml } from './readers/html.ts';
import { markdownToHtml } from './readers/markdown.ts';
import { readPlainText } from './readers/plain-text.ts';
import type { Source } from './source.ts';
import { cleanText, escapeHtml, oneLine } from './text.ts';

const MOST_BYTES = 20 * 1024 * 1024;

/** The address of a file among the files of an import. */
export function fileAddress(file: string): string {
  return new URL(file.split('/').map(encodeURIComponent).join('/'), 'file:///').href;
}

/** Reads a text, Markdown or HTML file as an article, or as the page that it says it is. */
export async function readFileSource(root: string, file: string): Promise<Source> {
  const said = notes();
  const source: Source = {
    id: `file:${basename(root)}/${file}`,
    type: 'article',
    origin: file,
    address: fileAddress(file),
    title: '',
    slug: '',
    summary: '',
    html: '',
    looseText: false,
    topics: [],
    author: '',
    picture: null,
    isPublic: true,
    notes: said,
  };
  const { size } = await stat(join(root, file));
  if (size > MOST_BYTES) {
    said.ask('The file is larger than 20 MB: its text was not read. Divide it.');
  } else {
    const { text: raw, mendedLines } = await readText(join(root, file));
    const { text, faults } = cleanText(raw);
    if (mendedLines > 0) {
      said.ask(
        `${String(mendedLines)} lines are no UTF-8 and were read as Windows-1252. Look at accents and quotation marks.`,
      );
    }
    if (faults > 0)
      said.ask(`${String(faults)} characters were unreadable or invisible. Read the text through.`);
    fill(source, extname(file).toLowerCase(), text);
  }
  if (source.title === '') {
    source.title = titleFromName(file);
    said.ask(`It has no title: "${source.title}" was made from the name of the file.`);
  }
  return source;
}

function fill(source: Source, kind: string, text: string): void {
  if (kind === '.txt') {
    const { title, html, doubtful } = readPlainText(text);
    for (const line of doubtful) source.notes.ask(`"${line}" may be a heading: it came as a paragraph.`);
    Object.assign(source, { title, html });
  } else if (kind === '.html' || kind === '.htm') {
    Object.assign(source, readHtml(text, source.notes));
  } else {
    const { fields, markdown } = readFrontMatter(text, source.notes);
    const { title, html } = readHtml(toHtml(markdown, source), source.notes);
    if (fields.title !== '' && title !== '' && title !== fields.title) {
      source.notes.change(`The heading "${title}" at its beginning was left out: its title is another one.`);
    }
    if (fields.id !== '') source.id = `id:${fields.id}`;
    source.type = fields.type;
    source.title = fields.title || title;
    source.slug = fields.slug;
    source.summary = fields.summary;
    source.html = html;
    source.topics = fields.topics.map((name) => ({ name, summary: '' }));
    source.author = fields.author;
    source.isPublic = fields.isPublic;
    if (!fields.isPublic) source.notes.ask('It says that it is a draft: it is not published by an import.');
    if (fields.image !== '') source.picture = { address: fields.image, alternativeText: fields.imageAlt };
  }
}

function toHtml(markdown: string, source: Source): string {
  try {
    return markdownToHtml(markdown);
  } catch {
    source.notes.ask('Its Markdown is nested too deeply to be read: it came as plain text.');
    return `<p>${escapeHtml(oneLine(markdown))}</p>`;
  }
}

function titleFromName(file: string): string {
  const words = oneLine(cleanText(basename(file, extname(file))).text.replaceAll(/[-_]+/g, ' '));
  return words === '' ? 'Without a title' : `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
