import { join } from 'node:path';
import * as prettier from 'prettier';
import { writeContract } from '../../shared-types/generator/contract.ts';
import { findDrift, format, readSchemas } from '../../shared-types/generator/files.ts';
import { ContractError, parseType, type Schemas } from '../../shared-types/generator/schema.ts';
import { OperatorError } from '../errors.ts';
import { textOf } from './files.ts';
import { newNames, type TypeNames } from './names.ts';
import { filesOf } from './texts.ts';
import { accessTable, catalogIndex, contentRoutes } from './wiring.ts';

/** What making a content type writes: new and changed files, by path. */
export interface NewType {
  names: TypeNames;
  files: Map<string, string>;
}

/**
 * Works out all that a new content type needs, and writes nothing.
 *
 * @throws OperatorError when the type cannot be made; it says why and what to do
 */
export async function planType(root: string, singular: string, plural: string | undefined): Promise<NewType> {
  try {
    const schemas = await readSchemas(root);
    const names = newNames(root, singular, plural, schemas);
    const own = await formatted(root, filesOf(names));
    const [taken] = [...own.keys()].filter((file) => textOf(root, file) !== null);
    if (taken !== undefined) {
      throw new OperatorError(`${taken} is there already. Move it away, or choose another name.`);
    }
    const shared = await formatted(root, new Map([[catalogIndex, withCatalog(root, names)]]));
    const contract = await contractWith(root, schemas, own, singular);
    return {
      names,
      files: new Map([...own, ...shared, [accessTable, withAccessRows(root, names)], ...contract]),
    };
  } catch (error) {
    throw error instanceof ContractError ? new OperatorError(error.message) : error;
  }
}

async function formatted(root: string, files: ReadonlyMap<string, string>): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const [file, text] of files) {
    const filepath = join(root, file);
    const options = await prettier.resolveConfig(filepath);
    texts.set(file, file.endsWith('.json') ? text : await prettier.format(text, { ...options, filepath }));
  }
  return texts;
}

async function contractWith(
  root: string,
  schemas: Schemas,
  files: ReadonlyMap<string, string>,
  singular: string,
): Promise<Map<string, string>> {
  const file = `cms/src/api/${singular}/content-types/${singular}/schema.json`;
  const type = parseType(file, files.get(file) ?? '');
  const types = [...schemas.types, type].toSorted((a, b) => (a.file < b.file ? -1 : 1));
  const folder = 'shared-types/src/generated';
  const contract = await format(writeContract({ ...schemas, types }), join(root, folder));
  const { missing, changed } = await findDrift(contract, join(root, folder));
  return new Map([...missing, ...changed].map((name) => [`${folder}/${name}`, contract.get(name) ?? '']));
}

/** The catalogs with one more among them. */
function withCatalog(root: string, { singular, camel }: TypeNames): string {
  const text = textOf(root, catalogIndex) ?? '';
  const list = /catalogs = \{ ?([^}]*?),? ?\}/;
  const names = list.exec(text)?.[1];
  if (names === undefined) {
    throw new OperatorError(
      `${catalogIndex} has no "export const catalogs = { … }" that a type could be added to. Bring it back from git.`,
    );
  }
  const entry = camel === singular ? camel : `'${singular}': ${camel}`;
  const line = `import { ${camel} } from './${singular}.ts';`;
  const imports = [...text.matchAll(/^import \{ \w+ \} from '\.\/.*$/gm)].map(([found]) => found);
  const last = imports.at(-1) ?? '';
  return text.replace(last, `${last}\n${line}`).replace(list, `catalogs = { ${names}, ${entry} }`);
}

/** The access table with the rows of the type: it gets what every other content type gets. */
function withAccessRows(root: string, { plural }: TypeNames): string {
  const model = 'providers';
  const lines = (textOf(root, accessTable) ?? '').split('\n');
  const isRow = (line: string) => line.startsWith('| `');
  const rows = contentRoutes({ endpoint: model, kind: 'collectionType' }).map((route) => {
    const row = lines.find((line) => line.startsWith(`| \`${route}\` |`));
    if (row === undefined)
      throw new OperatorError(
        `${accessTable} has no row of ${route}. Run "npm test -- -u cms/test/access-table".`,
      );
    return row.replace(`/api/${model}`, `/api/${plural}`);
  });
  const begin = lines.findIndex(isRow);
  const all = [...lines.filter(isRow), ...rows].sort();
  return [...lines.slice(0, begin), ...all, ...lines.slice(begin).filter((line) => !isRow(line))].join('\n');
}
