import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './settings.ts';

/** A hash over the names and bytes of files and folders below the root, and over any further texts. */
export function fingerprintOf(paths: readonly string[], ...texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesOf).sort()) {
    hash.update(`${file}\0`);
    hash.update(readFileSync(join(root, file)));
  }
  for (const text of texts) hash.update(`\0${text}`);
  return hash.digest('hex');
}

function filesOf(path: string): string[] {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (statSync(full).isFile()) return [path];
  return globSync('**/*', {
    cwd: full,
    withFileTypes: true,
    exclude: (entry) => entry.name === 'node_modules',
  })
    .filter((entry) => entry.isFile() && !/\.(test|e2e\.test)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}

/** A small text that says from what something was made; empty when there is none. */
export function readStamp(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

export function writeStamp(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}`, text);
  renameSync(`${file}.${process.pid}`, file);
}
