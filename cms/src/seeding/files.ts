import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { parseDocument } from 'yaml';
import { CmsError } from '../boot/errors.ts';

/** The value of one YAML file. */
export type Values = Record<string, unknown>;

/** One entry as a file describes it. */
export interface EntryFile {
  /** Path below the content folder, for messages. */
  file: string;
  /** File name without its ending: the slug of a collection's entry. */
  name: string;
  values: Values;
}

/** Reads all YAML files of a folder in the order of their names; a folder that is not there holds none. */
export async function readEntryFiles(root: string, folder: string): Promise<EntryFile[]> {
  const names = await readdir(join(root, folder)).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const files = names.filter((name) => name.endsWith('.yaml')).sort();
  return Promise.all(files.map((name) => readEntryFile(root, join(root, folder, name))));
}

/**
 * Reads one YAML file.
 *
 * @throws CmsError naming file, line and fault when it is missing, no YAML, or no map.
 */
export async function readEntryFile(root: string, path: string): Promise<EntryFile> {
  const file = relative(root, path);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CmsError(`${file}: cannot be read. Check that the file exists and that you may read it.`, {
      cause,
    });
  });
  const document = parseDocument(text, { prettyErrors: true, uniqueKeys: true });
  const [fault] = document.errors;
  if (fault !== undefined) throw new CmsError(`${file}: is no valid YAML. ${fault.message.trim()}`);
  const values: unknown = document.toJS({ maxAliasCount: 0 });
  if (!isValues(values)) throw new CmsError(`${file}: must hold "field: value" lines, one for each field.`);
  return { file, name: basename(path, '.yaml'), values };
}

/** Whether a value is a plain map. */
export function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
