import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ServerError } from '../errors.ts';
import { compress } from './compress.ts';
import { readFiles } from './manifest.ts';
import { stylesheetsOf } from './pages.ts';

/** What a patient downloads to read a page: bytes in brotli, of the page and of each of its stylesheets. */
export interface PageWeight {
  html: number;
  stylesheets: { path: string; bytes: number }[];
  total: number;
}

/**
 * Weighs a page of a release with everything that it needs to be read.
 * @param path such as `/articles/`.
 * @throws ServerError when the release has no such page or stylesheet.
 */
export async function weighPage(release: string, path: string): Promise<PageWeight> {
  const { files } = await readFiles(release);
  async function weigh(file: string): Promise<number> {
    const entry = files[file];
    if (entry === undefined) throw new ServerError(`The release ${release} has no file ${file}.`);
    if (entry.br !== null) return entry.br;
    return (await compress(await readFile(join(release, 'public', file)), 'br', 'full')).byteLength;
  }
  const page = `${path.slice(1)}index.html`;
  const html = await weigh(page);
  const hrefs = stylesheetsOf(await readFile(join(release, 'public', page), 'utf8'));
  const stylesheets: PageWeight['stylesheets'] = [];
  for (const href of hrefs) stylesheets.push({ path: href, bytes: await weigh(href.slice(1)) });
  return { html, stylesheets, total: stylesheets.reduce((sum, { bytes }) => sum + bytes, html) };
}
