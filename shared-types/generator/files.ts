import { existsSync } from 'node:fs';
import { glob, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as prettier from 'prettier';
import { ContractError, parseComponent, parseType, type Schemas } from './schema.ts';

/** How a generated folder differs from what the schemas say; file names, sorted. */
export interface Drift {
  readonly missing: readonly string[];
  readonly changed: readonly string[];
  readonly stale: readonly string[];
}

/**
 * Reads all content types and components of a CMS.
 *
 * @param root the folder that holds `cms/`
 * @throws {ContractError} when a file cannot be read as a schema, or there is no content type at all
 */
export async function readSchemas(root: string): Promise<Schemas> {
  const problems: string[] = [];
  const readAll = async <Model>(
    pattern: string,
    parse: (file: string, text: string) => Model,
  ): Promise<Model[]> => {
    const files: string[] = [];
    for await (const file of glob(pattern, { cwd: root })) files.push(file.replaceAll(path.sep, '/'));
    const models: Model[] = [];
    for (const file of files.sort()) {
      try {
        models.push(parse(file, await readFile(path.join(root, file), 'utf8')));
      } catch (error) {
        if (!(error instanceof ContractError)) throw error;
        problems.push(...error.problems);
      }
    }
    if (files.length === 0 && parse === parseType) {
      problems.push(`${pattern}: no content type was found under ${root}; run this in a whole checkout`);
    }
    return models;
  };
  const types = await readAll('cms/src/api/*/content-types/*/schema.json', parseType);
  const components = await readAll('cms/src/components/*/*.json', parseComponent);
  if (problems.length > 0) throw new ContractError(problems);
  return { types, components };
}

/** Formats generated files by the prettier settings that hold in `folder`, so that the formatter finds nothing to do. */
export async function format(
  files: ReadonlyMap<string, string>,
  folder: string,
): Promise<Map<string, string>> {
  const formatted = new Map<string, string>();
  for (const [name, text] of files) {
    const options = await prettier.resolveConfig(path.join(folder, name));
    formatted.set(name, await prettier.format(text, { ...options, plugins: [], parser: 'typescript' }));
  }
  return formatted;
}

/** Compares `folder` with what it should hold. A folder that is not there is an empty one. */
export async function findDrift(files: ReadonlyMap<string, string>, folder: string): Promise<Drift> {
  const present = new Set(existsSync(folder) ? await readdir(folder) : []);
  const names = [...files.keys()].sort();
  const differs = async (name: string) =>
    (await readFile(path.join(folder, name), 'utf8')) !== files.get(name);
  const changed: string[] = [];
  for (const name of names) if (present.has(name) && (await differs(name))) changed.push(name);
  return {
    missing: names.filter((name) => !present.has(name)),
    changed,
    stale: [...present].filter((name) => !files.has(name)).sort(),
  };
}

/** Writes what is missing or changed, removes what is stale, and says what it did. */
export async function writeFiles(files: ReadonlyMap<string, string>, folder: string): Promise<Drift> {
  const drift = await findDrift(files, folder);
  await mkdir(folder, { recursive: true });
  for (const name of [...drift.missing, ...drift.changed]) {
    await writeFile(path.join(folder, name), files.get(name) ?? '');
  }
  for (const name of drift.stale) await rm(path.join(folder, name), { recursive: true });
  return drift;
}
