import { createHash } from 'node:crypto';
import type { LinkPlaces } from '../links/links.ts';
import type { Ids } from './ids.ts';
import { type MarkdownOptions, type RenderedMarkdown, renderMarkdown } from './markdown.ts';

/** A passage that was rendered, with all that it took from its page. */
interface Remembered {
  rendered: RenderedMarkdown;
  ids: readonly string[];
  pictures: readonly { address: string; alt: string; html: string | null }[];
  entries: readonly EntryPlace[];
}

/** An entry that a link names, and where its page was. */
interface EntryPlace {
  entry: Parameters<LinkPlaces['pathOfEntry']>[0];
  path: string | null;
}

interface Memory {
  /** What this build has used. */
  present: Map<string, Remembered>;
  /** What the build before used. */
  past: Map<string, Remembered>;
}

declare global {
  /** Rendered passages of this process, which may build many times: each build loads this module anew. */
  var meridianMarkdown: Memory | undefined;
}

/** Passages remembered at most; some hundred megabytes. */
const most = 100_000;

/** Begins a build: what the last two did not use is forgotten. */
export function turnMarkdownMemory(): Memory {
  const memory: Memory = {
    present: new Map(),
    past: globalThis.meridianMarkdown?.present ?? new Map<string, Remembered>(),
  };
  globalThis.meridianMarkdown = memory;
  return memory;
}

/**
 * As `renderMarkdown`, but a passage that this process rendered before is taken from there when everything that it
 * depends on is the same: source, level, site, the ids that the page has so far, its pictures, and the paths of the
 * entries that it links to.
 */
export function rememberedMarkdown(source: string, options: MarkdownOptions): RenderedMarkdown {
  const memory = globalThis.meridianMarkdown ?? turnMarkdownMemory();
  const { level, siteUrl, ids } = options;
  const key = createHash('sha1')
    .update(JSON.stringify([level, siteUrl, ids.all(), source]))
    .digest('base64');
  const known = memory.present.get(key) ?? memory.past.get(key);
  if (known !== undefined && isStillSo(known, options)) {
    for (const text of known.ids) ids.take(text);
    memory.present.set(key, known);
    return known.rendered;
  }
  const recording = record(options);
  const rendered = renderMarkdown(source, recording.options);
  // A warning may have been about time, which is another one the next time.
  if (rendered.warnings.length === 0 && memory.present.size < most) {
    memory.present.set(key, {
      rendered,
      ids: recording.ids,
      pictures: recording.pictures,
      entries: recording.entries,
    });
  }
  return rendered;
}

function isStillSo({ pictures, entries }: Remembered, options: MarkdownOptions): boolean {
  return (
    pictures.every(({ address, alt, html }) => options.picture(address, alt) === html) &&
    entries.every(({ entry, path }) => options.pathOfEntry(entry) === path)
  );
}

function record(options: MarkdownOptions) {
  const taken: string[] = [];
  const pictures: { address: string; alt: string; html: string | null }[] = [];
  const entries: EntryPlace[] = [];
  const ids: Ids = {
    ...options.ids,
    take(text) {
      taken.push(text);
      return options.ids.take(text);
    },
  };
  const picture = (address: string, alt: string) => {
    const html = options.picture(address, alt);
    pictures.push({ address, alt, html });
    return html;
  };
  const pathOfEntry: LinkPlaces['pathOfEntry'] = (entry) => {
    const path = options.pathOfEntry(entry);
    entries.push({ entry, path });
    return path;
  };
  return { options: { ...options, ids, picture, pathOfEntry }, ids: taken, pictures, entries };
}
