import { extname, join } from 'node:path';
import type { Inputs } from './inputs.ts';
import { linkMap, type LinkMap } from './links.ts';
import { withoutSize } from './picture-files.ts';
import { documentIdOf } from './records.ts';
import { readFileSource } from './read-files.ts';
import { repeats, type Found } from './repeats.ts';
import { readLibrary, readWordpress, type WordpressLibrary } from './readers/wordpress.ts';
import type { Source } from './source.ts';

/** What has to be known of all sources before the first is written. */
export interface Survey {
  count: number;
  links: LinkMap;
  /** Alternative texts of WordPress's files by address. */
  alternativeTexts: Map<string, string>;
  libraries: ReadonlyMap<string, WordpressLibrary>;
  /** What is wrong with files as wholes. */
  files: { file: string; text: string }[];
  /** What does not come. */
  leftOut: string[];
}

/** Reads through everything once; only what links and pictures need stays in memory. */
export async function survey(inputs: Inputs): Promise<Survey> {
  const libraries = new Map<string, WordpressLibrary>();
  const files: Survey['files'] = [];
  const leftOut: string[] = [];
  for (const file of inputs.texts.filter(isExport)) {
    const library = await readLibrary(join(inputs.root, file));
    libraries.set(file, library);
    files.push(...library.faults.map((text) => ({ file, text })));
    for (const [what, count] of library.leftOut) leftOut.push(`${file}: ${what} (${String(count)})`);
  }
  shareFiles([...libraries.values()]);
  const alternativeTexts = new Map<string, string>();
  for (const library of libraries.values()) {
    for (const { address, alternativeText } of library.files.values())
      alternativeTexts.set(withoutSize(address), alternativeText);
  }
  if (inputs.others > 0) leftOut.push(`files of other kinds (${String(inputs.others)})`);

  const links = linkMap();
  let count = 0;
  const repeated = repeats();
  for await (const { id, type, address } of readSources(inputs, libraries, repeated.add)) {
    count += 1;
    const target = { type, documentId: documentIdOf(id) };
    links.add(address, target);
    // WordPress's own short address of the same entry.
    const [, blog, number] = /^wordpress:(.*)#(\d+)$/.exec(id) ?? [];
    if (blog !== undefined && number !== undefined) links.add(`${blog}/?p=${number}`, target);
  }
  files.push(...repeated.files());
  leftOut.push(...repeated.leftOut());
  return { count, links, alternativeTexts, libraries, files, leftOut };
}

/**
 * All sources, one after another; each id once.
 *
 * @param onRepeat is called for each source that does not come, for an earlier one has its id
 */
export async function* readSources(
  { root, texts }: Inputs,
  libraries: ReadonlyMap<string, WordpressLibrary>,
  onRepeat?: (repeat: Found, earlier: Found) => void,
): AsyncGenerator<Source> {
  const seen = new Map<string, Found>();
  for (const file of texts) {
    const library = libraries.get(file);
    const sources =
      library === undefined ? [await readFileSource(root, file)] : readWordpress(join(root, file), library);
    for await (const source of sources) {
      const { id, title, address } = source;
      const found = { file, id, title, address };
      const earlier = seen.get(id);
      if (earlier === undefined) {
        seen.set(id, found);
        yield source;
      } else onRepeat?.(found, earlier);
    }
  }
}

function isExport(file: string): boolean {
  return extname(file).toLowerCase() === '.xml';
}

/** WordPress divides large exports into several files, which refer to one another. */
function shareFiles(libraries: readonly WordpressLibrary[]): void {
  for (const library of libraries) {
    for (const other of libraries.filter(({ address }) => address === library.address)) {
      for (const [id, file] of library.files) other.files.set(id, file);
      for (const [login, name] of library.authors) other.authors.set(login, name);
      for (const [slug, text] of library.descriptions) other.descriptions.set(slug, text);
    }
  }
}
