import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeContract } from '../../shared-types/generator/contract.ts';
import { findDrift, format, readSchemas } from '../../shared-types/generator/files.ts';
import { camelCase } from '../../shared-types/generator/names.ts';
import type { Schemas, Type } from '../../shared-types/generator/schema.ts';
import { messageOf } from '../errors.ts';
import { textOf } from './files.ts';
import { factories, factoryFile, factoryLine } from './texts.ts';

/** A piece that a content type lacks: where it belongs, and how to mend that. */
export interface MissingPiece {
  type: string;
  file: string;
  fault: string;
  mend: string;
}

export const accessTable = 'docs/access-table.md';
export const catalogIndex = 'site/src/content/catalogs/index.ts';
const rolesFile = 'cms/src/access/roles.ts';
const generatedFolder = 'shared-types/src/generated';
const example = 'provider';

/**
 * What the content types that patients see lack, in a checkout. This is the one description of what such a type
 * consists of: its schema with labels, Strapi's files, roles, access rows, contract, fixture, pages, preview and test.
 *
 * @throws ContractError when the schemas cannot be read
 */
export async function missingPieces(root: string): Promise<MissingPiece[]> {
  const schemas = await readSchemas(root);
  const types = publicTypes(schemas);
  const missing = types.flatMap((type) => [
    ...missingFactories(root, type),
    ...missingInSchema(root, type),
    ...missingAccessRows(root, type),
    ...missingFixture(root, type),
    ...missingPages(root, type),
  ]);
  return [...missing, ...(await missingRoles(root, types)), ...(await staleContract(root, schemas))];
}

/** Types that patients see. A slug is for an address of the site, so a type with one is meant to be such. */
export function publicTypes({ types }: Schemas): Type[] {
  return types.filter((type) => type.draftAndPublish || isPaged(type));
}

/** The routes of a type in the content API, as the access table names them. */
export function contentRoutes({ endpoint, kind }: Pick<Type, 'endpoint' | 'kind'>): string[] {
  const path = `/api/${endpoint}`;
  return kind === 'singleType'
    ? [`DELETE ${path}`, `GET ${path}`, `PUT ${path}`]
    : [`DELETE ${path}/:id`, `GET ${path}/:id`, `GET ${path}`, `POST ${path}`, `PUT ${path}/:id`];
}

function isPaged({ kind, attributes }: Type): boolean {
  return kind === 'collectionType' && attributes.get('slug')?.type === 'uid';
}

function missingFactories(root: string, { singularName, uid }: Type): MissingPiece[] {
  return factories
    .filter((factory) => textOf(root, factoryFile(singularName, factory))?.includes(`('${uid}'`) !== true)
    .map((factory) => ({
      type: singularName,
      file: factoryFile(singularName, factory),
      fault: `Strapi's ${factory.folder.slice(0, -1)} is missing`,
      mend: `Write it as ${factoryFile(example, factory)} is: ${factoryLine(singularName, factory)}`,
    }));
}

/** What a hand-written schema may say of labels, help and edit screen, as far as it is looked at. */
interface Config {
  metadatas?: Record<string, { edit?: { label?: string; description?: string } }>;
  layouts?: { edit?: { name: string }[][] };
}

function missingInSchema(
  root: string,
  { file, singularName, draftAndPublish, attributes }: Type,
): MissingPiece[] {
  const at = (fault: string, mend: string): MissingPiece => ({ type: singularName, file, fault, mend });
  const { config = {} } = JSON.parse(textOf(root, file) ?? '{}') as { config?: Config };
  const isExplained = (name: string) => {
    const { label = '', description = '' } = config.metadatas?.[name]?.edit ?? {};
    return label !== '' && description !== '';
  };
  const fields = [...attributes].filter(([, { private: hidden }]) => hidden !== true).map(([name]) => name);
  const shown = (config.layouts?.edit ?? []).flat().map(({ name }) => name);
  return [
    ...(draftAndPublish
      ? []
      : [
          at(
            'Draft & Publish is off, so no role, token or preview knows the type',
            'Set "options": { "draftAndPublish": true }.',
          ),
        ]),
    ...fields
      .filter((name) => !isExplained(name))
      .map((name) =>
        at(`the field ${name} has no label and help`, `Add both under config.metadatas.${name}.edit.`),
      ),
    ...fields
      .filter((name) => !shown.includes(name))
      .map((name) =>
        at(`the field ${name} is not on the edit screen`, 'Add it to a row of config.layouts.edit.'),
      ),
  ];
}

function missingAccessRows(root: string, type: Type): MissingPiece[] {
  const table = textOf(root, accessTable) ?? '';
  return contentRoutes(type)
    .filter((route) => !table.includes(`| \`${route}\` |`))
    .map((route) => ({
      type: type.singularName,
      file: accessTable,
      fault: `the row of ${route} is missing`,
      mend: 'Run "npm test -- -u cms/test/access-table", and read what it wrote.',
    }));
}

function missingFixture(root: string, { singularName, kind, endpoint }: Type): MissingPiece[] {
  const file = kind === 'singleType' ? `cms/fixture/${singularName}.yaml` : `cms/fixture/${endpoint}`;
  const found = kind === 'singleType' ? [textOf(root, file)] : globSync(`${file}/*.yaml`, { cwd: root });
  return found.some((each) => each !== null)
    ? []
    : [
        {
          type: singularName,
          file,
          fault: 'the fixture has no entry',
          mend: 'Write one with every required field, in YAML, as its neighbours are.',
        },
      ];
}

/** Pages of articles, topics and generic pages differ from those of catalogs; previews name them. */
function missingPages(root: string, type: Type): MissingPiece[] {
  if (!isPaged(type)) return [];
  const { singularName: name, endpoint } = type;
  const at = (file: string, fault: string, mend: string): MissingPiece => ({ type: name, file, fault, mend });
  const lacks = (file: string) => textOf(root, file) === null;
  const pages = `site/src/pages/${endpoint}`;
  if (textOf(root, 'site/src/content/preview/load.ts')?.includes(`case '${name}'`) === true) {
    const places =
      name === 'page'
        ? ['site/src/pages/[slug].astro']
        : [`${pages}/[slug].astro`, `${pages}/[slug]/index.astro`];
    return places.every(lacks)
      ? [at(places[0] ?? pages, 'the page of an entry is missing', 'Bring it back from git.')]
      : [];
  }
  const catalog = `site/src/content/catalogs/${name}`;
  const as = (file: string) => `Bring it back from git, or write it as ${file} is.`;
  const listed = new RegExp(`catalogs = \\{[^}]*\\b${camelCase(name)}\\b`).test(
    textOf(root, catalogIndex) ?? '',
  );
  return [
    ...(lacks(`${catalog}.ts`)
      ? [
          at(
            `${catalog}.ts`,
            'what its pages show is missing',
            `Bring it back from git, or write it as docs/content-types.md shows.`,
          ),
        ]
      : []),
    ...(listed
      ? []
      : [
          at(
            catalogIndex,
            'the site does not know its pages, nor does the preview',
            `Import ${camelCase(name)} from './${name}.ts' and add it to catalogs, as '${name}'.`,
          ),
        ]),
    ...(lacks(`${catalog}.test.ts`)
      ? [at(`${catalog}.test.ts`, 'its test is missing', as(`site/src/content/catalogs/${example}.test.ts`))]
      : []),
    ...(lacks(`${pages}/index.astro`)
      ? [
          at(
            `${pages}/index.astro`,
            'the page that lists the entries is missing',
            as('site/src/pages/providers/index.astro'),
          ),
        ]
      : []),
    ...(lacks(`${pages}/[slug].astro`)
      ? [
          at(
            `${pages}/[slug].astro`,
            'the page of an entry is missing',
            as('site/src/pages/providers/[slug].astro'),
          ),
        ]
      : []),
  ];
}

interface Role {
  name: string;
  code: string;
  permissions: (fields: Record<string, string[]>) => { action: string; subject?: string }[];
}
/** What the roles of those who write and who review may do with every type. */
const granted: readonly (readonly [string, readonly string[]])[] = [
  ['meridian-marketing', ['create', 'read', 'update', 'delete', 'publish']],
  ['meridian-clinical-reviewer', ['read']],
];

async function missingRoles(root: string, types: readonly Type[]): Promise<MissingPiece[]> {
  const at = (type: string, fault: string): MissingPiece => ({
    type,
    file: rolesFile,
    fault,
    mend: 'See that every public type is among the permissions of ROLES.',
  });
  let roles: readonly Role[];
  try {
    ({ ROLES: roles } = (await import(pathToFileURL(join(root, rolesFile)).href)) as { ROLES: Role[] });
  } catch (error) {
    return [at('all types', `the roles cannot be read (${messageOf(error)})`)];
  }
  const fields = Object.fromEntries(types.map(({ uid, attributes }) => [uid, [...attributes.keys()]]));
  return granted.flatMap(([code, actions]) => {
    const role = roles.find((each) => each.code === code);
    if (role === undefined) return [at('all types', `the role ${code} is missing`)];
    const permissions = role.permissions(fields);
    return types.flatMap(({ singularName, uid }) =>
      actions
        .filter(
          (action) => !permissions.some((each) => each.subject === uid && each.action.endsWith(`.${action}`)),
        )
        .map((action) => at(singularName, `the role ${role.name} may not ${action} it`)),
    );
  });
}

async function staleContract(root: string, schemas: Schemas): Promise<MissingPiece[]> {
  const folder = join(root, generatedFolder);
  const drift = await findDrift(await format(writeContract(schemas), folder), folder);
  return Object.values(drift)
    .flat()
    .map((name: string) => ({
      type: name.replace(/\.ts$/, ''),
      file: `${generatedFolder}/${name}`,
      fault: 'the contract is not what the schemas say',
      mend: 'Run "npm run generate".',
    }));
}
