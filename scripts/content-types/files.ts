import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** While files are being written: what they held before; null: there was no such file. */
type Journal = Record<string, string | null>;
const journalFile = '.tmp/unfinished-files.json';

/**
 * Writes files that belong together, by their paths below `root`: all of them, or none. What a kill or a power cut
 * leaves half-written, the next `takeBackUnfinished` takes back.
 *
 * @throws whatever writing threw, after everything is as it was before
 */
export function writeTogether(root: string, files: ReadonlyMap<string, string>): void {
  const journal: Journal = {};
  for (const file of files.keys()) journal[file] = textOf(root, file);
  write(root, `${journalFile}.new`, JSON.stringify(journal));
  renameSync(join(root, `${journalFile}.new`), join(root, journalFile));
  try {
    for (const [file, text] of files) write(root, file, text);
  } catch (error) {
    takeBackUnfinished(root);
    throw error;
  }
  rmSync(join(root, journalFile));
}

/** Whether files were being written together when something ended it. */
export function isUnfinished(root: string): boolean {
  return existsSync(join(root, journalFile));
}

/** Brings files back to what they were before a `writeTogether` that did not come to its end. */
export function takeBackUnfinished(root: string): void {
  const journal = JSON.parse(textOf(root, journalFile) ?? '{}') as Journal;
  for (const [file, before] of Object.entries(journal)) {
    if (before !== null) {
      write(root, file, before);
    } else {
      if (existsSync(join(root, file))) rmSync(join(root, file));
      removeEmptyFolders(root, dirname(file));
    }
  }
  rmSync(join(root, journalFile), { force: true });
}

/** The text of a file below `root`; null when there is none. */
export function textOf(root: string, file: string): string | null {
  return existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : null;
}

function write(root: string, file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

function removeEmptyFolders(root: string, folder: string): void {
  if (folder === '.') return;
  const path = join(root, folder);
  if (existsSync(path)) {
    if (!statSync(path).isDirectory() || readdirSync(path).length > 0) return;
    rmdirSync(path);
  }
  removeEmptyFolders(root, dirname(folder));
}
