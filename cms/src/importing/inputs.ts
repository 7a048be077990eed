import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, sep } from 'node:path';
import { CmsError } from '../boot/errors.ts';

/** The files of one import. Paths are relative to `root`, with slashes. */
export interface Inputs {
  /** Absolute path of the folder that was named, or that holds the file that was named. */
  root: string;
  /** Texts, Markdown, HTML and WordPress exports, in the order of their names. */
  texts: string[];
  pictures: string[];
  /** Files of other kinds, which are left out. */
  others: number;
}

const TEXTS = ['.txt', '.md', '.markdown', '.html', '.htm', '.xml'];
/** Also kinds that the CMS does not take, so that the report can say so. */
const PICTURES = [
  '.jpg',
  '.jpeg',
  '.png',
  '.webp',
  '.avif',
  '.gif',
  '.svg',
  '.bmp',
  '.tif',
  '.tiff',
  '.heic',
];
const MOST_FILES = 200_000;

/**
 * Finds what is to be imported. Pictures are those in the folder, or in the folder of the file; links to other places
 * are not followed.
 *
 * @throws CmsError when there is nothing of the kind
 */
export async function findInputs(path: string): Promise<Inputs> {
  const stats = await stat(path).catch((cause: unknown) => {
    throw new CmsError(`${path} cannot be read. Name a file or folder that exists and that you may read.`, {
      cause,
    });
  });
  const root = stats.isDirectory() ? path : dirname(path);
  const inputs: Inputs = { root, texts: [], pictures: [], others: 0 };
  const folders = [root];
  let seen = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      seen += 1;
      if (seen > MOST_FILES) {
        throw new CmsError(
          `${root} holds more than ${String(MOST_FILES)} files. Put what is to be imported into a folder of its own.`,
        );
      }
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      const place = join(folder, entry.name);
      const kind = extname(entry.name).toLowerCase();
      if (entry.isDirectory()) folders.push(place);
      else if (!entry.isFile()) continue;
      else if (PICTURES.includes(kind)) inputs.pictures.push(slashed(root, place));
      else if (stats.isDirectory() && TEXTS.includes(kind)) inputs.texts.push(slashed(root, place));
      else if (stats.isDirectory()) inputs.others += 1;
    }
  }
  if (stats.isFile() && TEXTS.includes(extname(path).toLowerCase())) inputs.texts.push(basename(path));
  if (inputs.texts.length === 0) {
    throw new CmsError(`${path} holds nothing to import. Known are ${TEXTS.join(', ')}.`);
  }
  inputs.texts.sort();
  return inputs;
}

function slashed(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}
