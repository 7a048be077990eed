import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';

const shared = path.resolve(import.meta.dirname, '..');
const repository = path.resolve(shared, '..');
const checkouts: string[] = [];

afterAll(async () => {
  for (const root of checkouts) await rm(root, { recursive: true });
});

/** Schemas of a CMS made up for a test; attributes by content type and by component. */
export interface MadeUp {
  readonly types?: Readonly<Record<string, object>>;
  readonly components?: Readonly<Record<string, object>>;
  /** Further files, by path. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A `schema.json` with these attributes. */
export function schemaJson(singularName: string, attributes: object, kind = 'collectionType'): string {
  return JSON.stringify({
    kind,
    info: { singularName, pluralName: `${singularName}s`, displayName: singularName },
    options: { draftAndPublish: true },
    attributes,
  });
}

/**
 * Makes a checkout in a temporary folder, gone after the tests of a file: the schemas given, this package's own `src` without what
 * was generated, and the installed packages.
 *
 * @returns its path
 */
export async function makeCheckout({ types = {}, components = {}, files = {} }: MadeUp): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'contract-'));
  checkouts.push(root);
  const write = async (file: string, text: string) => {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  };
  for (const [name, attributes] of Object.entries(types)) {
    await write(`cms/src/api/${name}/content-types/${name}/schema.json`, schemaJson(name, attributes));
  }
  for (const [name, attributes] of Object.entries(components)) {
    await write(`cms/src/components/${name.replace('.', '/')}.json`, JSON.stringify({ attributes }));
  }
  for (const [file, text] of Object.entries(files)) await write(file, text);
  await cp(path.join(shared, 'src'), path.join(root, 'shared-types/src'), {
    recursive: true,
    filter: (file) => !file.includes('generated'),
  });
  await cp(path.join(shared, 'package.json'), path.join(root, 'shared-types/package.json'));
  await symlink(path.join(repository, 'node_modules'), path.join(root, 'node_modules'));
  await symlink(path.join(shared, 'node_modules'), path.join(root, 'shared-types/node_modules'));
  return root;
}
