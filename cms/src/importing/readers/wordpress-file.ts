import { SaxesParser } from 'saxes';
import { decodeFile } from '../decoding.ts';
import { detached, shorten } from '../text.ts';
import { mendAmpersands } from './ampersands.ts';

/** One `<item>` of a WordPress export, as it stands there. */
export interface ExportItem {
  /** Text of its child elements by their names. */
  fields: Map<string, string>;
  /** Categories (domain `category`) and others. */
  categories: { domain: string; slug: string; name: string }[];
  /** What themes and plugins keep with it; only values that Meridian reads. */
  meta: Map<string, string>;
  comments: number;
}

/** What an export holds, in the order in which it stands there. */
export type ExportPart =
  | { kind: 'channel'; address: string }
  | { kind: 'author'; login: string; name: string }
  | { kind: 'category'; slug: string; name: string; description: string }
  | { kind: 'item'; item: ExportItem };

/** One export while it is read. */
export interface ExportFile {
  parts: AsyncIterable<ExportPart>;
  /** Known at the end: what is wrong with the file, in words for people. */
  faults: () => string[];
}

const WANTED_META = new Set(['_thumbnail_id', '_wp_attachment_image_alt']);
const MOST_FAULTS = 10;
/** Characters of one element; an article of this length would be a library. */
const LONGEST_TEXT = 20_000_000;

/**
 * Reads a WordPress export (WXR) piece by piece. Entities other than XML's own five are never expanded. After a fault
 * it reads on as well as it can.
 */
export function readExport(path: string): ExportFile {
  const faults: string[] = [];
  let faultCount = 0;
  const fault = (text: string): void => {
    faultCount += 1;
    if (faults.length < MOST_FAULTS) faults.push(text);
  };
  const { pieces, mendedLines } = decodeFile(path);
  let isExport = false;
  let unfinished = '';
  let ampersands = 0;
  const mend = mendAmpersands(() => {
    ampersands += 1;
  });

  async function* parts(): AsyncGenerator<ExportPart> {
    const ready: ExportPart[] = [];
    const parser = exportParser(ready, fault, (name) => {
      isExport ||= name.startsWith('wp:');
    });
    try {
      for await (const piece of pieces) {
        parser.write(mend(piece, false));
        while (ready.length > 0) yield* ready.splice(0);
      }
      parser.write(mend('', true));
      parser.close();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      fault('A text in it is too long to be read; what follows it was not read.');
    }
    unfinished = parser.unfinished();
    yield* ready;
  }

  return {
    parts: parts(),
    faults: () => [
      ...(isExport ? [] : ['It is no WordPress export: nothing in it was recognised.']),
      ...faults,
      ...(faultCount > faults.length
        ? [`And ${String(faultCount - faults.length)} more faults of the kind.`]
        : []),
      ...(ampersands === 0 ? [] : [`${String(ampersands)} ampersands that stood alone were taken as such.`]),
      ...(unfinished === '' ? [] : [`It ends within "${unfinished}", which did not come. Export it again.`]),
      ...(mendedLines() === 0
        ? []
        : [
            `${String(mendedLines())} lines are no UTF-8 and were read as Windows-1252. Look at accents and quotation marks.`,
          ]),
    ],
  };
}

function exportParser(ready: ExportPart[], fault: (text: string) => void, onName: (name: string) => void) {
  const parser = new SaxesParser({ xmlns: false });
  const open: string[] = [];
  let text: string[] = [];
  let length = 0;
  let attributes: Record<string, string> = {};
  let item: ExportItem | null = null;
  let group = new Map<string, string>();

  parser.on('error', (error) => fault(`XML fault at line and column ${shorten(error.message, 200)}`));
  parser.on('opentag', (tag) => {
    open.push(tag.name);
    onName(tag.name);
    text = [];
    length = 0;
    attributes = tag.attributes;
    if (tag.name === 'item') item = { fields: new Map(), categories: [], meta: new Map(), comments: 0 };
    if (['wp:author', 'wp:category', 'wp:postmeta'].includes(tag.name)) group = new Map();
  });
  const add = (more: string): void => {
    // Comments hold names and addresses of their writers: none of it is read.
    if (open.includes('wp:comment') || open.at(-1) === 'item') return;
    length += more.length;
    if (length <= LONGEST_TEXT) text.push(more);
    else if (length - more.length <= LONGEST_TEXT)
      fault('A text of more than 20 million characters was cut.');
  };
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('closetag', ({ name }) => {
    open.pop();
    const value = detached(text.join(''));
    text = [];
    const parent = open.at(-1);
    if (name === 'item' && item !== null) {
      ready.push({ kind: 'item', item });
      item = null;
    } else if (name === 'wp:comment' && item !== null) item.comments += 1;
    else if (name === 'wp:postmeta' && item !== null) {
      const key = group.get('wp:meta_key') ?? '';
      if (WANTED_META.has(key)) item.meta.set(key, group.get('wp:meta_value') ?? '');
    } else if (name === 'wp:author') {
      const login = group.get('wp:author_login') ?? '';
      ready.push({ kind: 'author', login, name: group.get('wp:author_display_name') ?? '' });
    } else if (name === 'wp:category') {
      ready.push({
        kind: 'category',
        slug: group.get('wp:category_nicename') ?? '',
        name: group.get('wp:cat_name') ?? '',
        description: group.get('wp:category_description') ?? '',
      });
    } else if (parent === 'item' && item !== null) {
      if (name === 'category') {
        const { domain = '', nicename = '' } = attributes;
        item.categories.push({ domain, slug: nicename, name: value });
      } else item.fields.set(name, value);
    } else if (parent === 'channel' && ['wp:base_blog_url', 'link'].includes(name)) {
      ready.push({ kind: 'channel', address: value.trim() });
    } else if (parent !== undefined && ['wp:author', 'wp:category', 'wp:postmeta'].includes(parent)) {
      group.set(name, value);
    }
  });
  return {
    write: (piece: string) => parser.write(piece),
    close: () => parser.close(),
    /** Title of the item within which the file ended; empty when it ended outside of any. */
    unfinished: () => (item === null ? '' : shorten(item.fields.get('title') ?? 'an entry', 100)),
  };
}
