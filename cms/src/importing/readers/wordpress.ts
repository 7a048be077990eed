import { notes } from '../notes.ts';
import type { Source } from '../source.ts';
import { cleanText, oneLine, shorten } from '../text.ts';
import { takeShortcodes } from './shortcodes.ts';
import { readExport, type ExportItem } from './wordpress-file.ts';

/** What items of an export refer to; small beside the items themselves. */
export interface WordpressLibrary {
  /** Where the blog was, without a slash at the end. */
  address: string;
  /** Display names by login. */
  authors: Map<string, string>;
  /** Descriptions of categories by slug. */
  descriptions: Map<string, string>;
  /** Uploaded files by post id. */
  files: Map<string, { address: string; alternativeText: string }>;
  /** What was left out, by its type or state, with how many there were. */
  leftOut: Map<string, number>;
  /** Posts and pages that come. */
  count: number;
  faults: string[];
}

const LEFT_OUT_STATES = new Set(['trash', 'auto-draft', 'inherit']);

/** Reads through an export once, to know what its items refer to. */
export async function readLibrary(path: string): Promise<WordpressLibrary> {
  const library: WordpressLibrary = {
    address: '',
    authors: new Map(),
    descriptions: new Map(),
    files: new Map(),
    leftOut: new Map(),
    count: 0,
    faults: [],
  };
  const leave = (what: string, count = 1): void => {
    library.leftOut.set(what, (library.leftOut.get(what) ?? 0) + count);
  };
  const file = readExport(path);
  for await (const part of file.parts) {
    if (part.kind === 'channel') library.address ||= part.address.replace(/\/+$/, '');
    else if (part.kind === 'author') library.authors.set(part.login, oneLine(part.name));
    else if (part.kind === 'category') library.descriptions.set(part.slug, oneLine(part.description));
    else {
      const { item } = part;
      const type = field(item, 'wp:post_type');
      if (item.comments > 0) leave('comment', item.comments);
      if (type === 'attachment') {
        const address = field(item, 'wp:attachment_url');
        const alternativeText = oneLine(item.meta.get('_wp_attachment_image_alt') ?? '');
        library.files.set(field(item, 'wp:post_id'), { address, alternativeText });
      } else if (isWanted(item)) library.count += 1;
      else
        leave(
          type === 'post' || type === 'page'
            ? `${type} in state ${field(item, 'wp:status')}`
            : `entry of type ${shorten(type, 40)}`,
        );
    }
  }
  library.faults = file.faults();
  return library;
}

/** The posts and pages of an export, one after another; the file is never in memory as a whole. */
export async function* readWordpress(path: string, library: WordpressLibrary): AsyncGenerator<Source> {
  for await (const part of readExport(path).parts) {
    if (part.kind === 'item' && isWanted(part.item)) yield toSource(part.item, library);
  }
}

function isWanted(item: ExportItem): boolean {
  const type = field(item, 'wp:post_type');
  return (type === 'post' || type === 'page') && !LEFT_OUT_STATES.has(field(item, 'wp:status'));
}

function toSource(item: ExportItem, library: WordpressLibrary): Source {
  const said = notes();
  const number = field(item, 'wp:post_id');
  const address = field(item, 'link') || `${library.address}/?p=${number}`;
  const state = field(item, 'wp:status');
  const isPublic = state === 'publish' && field(item, 'wp:post_password') === '';
  if (!isPublic) {
    const was = state === 'publish' ? 'protected by a password' : `in the state "${shorten(state, 40)}"`;
    said.ask(`It was ${was} in WordPress: it is not published by an import.`);
  }
  const thumbnail = item.meta.get('_thumbnail_id');
  const picture = thumbnail === undefined ? undefined : library.files.get(thumbnail);
  if (thumbnail !== undefined && picture === undefined) {
    said.ask('Its featured image is not in the export. Choose one in the Media Library.');
  }
  const login = field(item, 'dc:creator');
  const { text, faults } = cleanText(item.fields.get('content:encoded') ?? '');
  if (faults > 0)
    said.ask(`${String(faults)} characters were unreadable or invisible. Read the text through.`);
  return {
    id: `wordpress:${library.address}#${number}`,
    type: field(item, 'wp:post_type') === 'page' ? 'page' : 'article',
    origin: address,
    address,
    title: oneLine(cleanText(field(item, 'title')).text),
    slug: decoded(field(item, 'wp:post_name')),
    summary: oneLine(cleanText(withoutTags(field(item, 'excerpt:encoded'))).text),
    html: takeShortcodes(text, said),
    looseText: true,
    topics: item.categories
      .filter(({ domain, slug }) => domain === 'category' && slug !== 'uncategorized')
      .map(({ slug, name }) => ({
        name: oneLine(cleanText(name).text),
        summary: cleanText(withoutTags(library.descriptions.get(slug) ?? '')).text,
      })),
    author: library.authors.get(login) ?? login,
    picture: picture ?? null,
    isPublic,
    notes: said,
  };
}

function field(item: ExportItem, name: string): string {
  return (item.fields.get(name) ?? '').trim();
}

function withoutTags(html: string): string {
  return html.replaceAll(/<[^<>]*>/g, ' ');
}

function decoded(slug: string): string {
  try {
    return decodeURIComponent(slug);
  } catch {
    return slug;
  }
}
