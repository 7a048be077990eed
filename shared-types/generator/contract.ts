import { writeAttribute, type Known, type Written } from './attribute.ts';
import { camelCase, pascalCase } from './names.ts';
import { ContractError, type Component, type Model, type Schemas, type Type } from './schema.ts';

/** Names that the hand-written half of the package or the generated folder already uses. */
const reserved = [
  'media',
  'entry',
  'entries',
  'relation',
  'selection',
  'populate',
  'query-value',
  'content-type',
  'content-type-name',
  'content-query',
];
const reservedFiles = ['components', 'index', 'labels'];

/**
 * Writes the contract: the text of each file of `src/generated/`, by file name, not yet formatted.
 *
 * @throws {ContractError} listing everything that the contract cannot hold, with type, attribute and fix
 */
export function writeContract({ types: all, components }: Schemas): Map<string, string> {
  const problems = [...nameProblems(all, components)];
  const known: Known = {
    components: new Set(components.map(({ name }) => name)),
    types: new Set(all.map(({ uid }) => uid)),
  };
  const attempt = <Result>(write: () => Result): Result[] => {
    try {
      return [write()];
    } catch (error) {
      if (!(error instanceof ContractError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  };

  const order = attempt(() => innerFirst(components)).flat();
  const componentTexts = order.flatMap((component) => attempt(() => componentText(component, known)));
  const types = all.filter(isPublic);
  const typeFiles = types.flatMap((type) =>
    attempt((): [string, string] => [`${type.singularName}.ts`, typeText(type, known, components)]),
  );
  if (problems.length > 0) throw new ContractError(problems);
  return new Map([
    ...typeFiles,
    ['components.ts', componentsText(componentTexts)],
    ['index.ts', indexText(types, components)],
    ['labels.ts', labelsText([...types, ...components])],
  ]);
}

/** REST gives nothing of a type whose attributes are all private, so the site has no use for it. */
function isPublic({ attributes }: Type): boolean {
  return attributes.size === 0 || [...attributes.values()].some((attribute) => attribute.private !== true);
}

function header(source: string): string {
  return `// Generated from ${source}. Do not edit. Run "npm run generate".`;
}

function typeText(type: Type, known: Known, components: readonly Component[]): string {
  const attributes = writeAttributes(type, known);
  const name = camelCase(type.singularName);
  const query = [
    `uid: '${type.uid}', kind: '${type.kind}', endpoint: '${type.endpoint}'`,
    selection(attributes, ['documentId', 'createdAt', 'updatedAt', 'publishedAt']),
  ];
  const body = `
    export const ${name}Schema = z.object({ ...entryFields, ${shape(attributes)} });
    export type ${pascalCase(name)} = z.infer<typeof ${name}Schema>;
    export const ${name}Query = { ${query.join(', ')} } as const satisfies ContentQuery;
  `;
  const used = components
    .flatMap((component) => [`${camelCase(component.name)}Schema`, `${camelCase(component.name)}Query`])
    .filter((identifier) => mentions(body, identifier));
  return [
    header(type.file),
    `import { z } from 'zod';`,
    helpersImport(body),
    `import { entryFields } from '../entry.ts';`,
    mediaImport(body),
    `import type { ContentQuery } from '../query.ts';`,
    used.length > 0 && `import { ${used.join(', ')} } from './components.ts';`,
    body,
  ]
    .filter(Boolean)
    .join('\n');
}

function componentText(component: Component, known: Known): string {
  const attributes = writeAttributes(component, known);
  const name = camelCase(component.name);
  return `
    export const ${name}Schema = z.object({ ${shape(attributes)} });
    export type ${pascalCase(component.name)} = z.infer<typeof ${name}Schema>;
    export const ${name}Query = { ${selection(attributes, [])} } as const satisfies Selection;
  `;
}

function componentsText(texts: readonly string[]): string {
  if (texts.length === 0) return `${header('cms/src/components')}\nexport {};`;
  const body = texts.join('\n');
  return [
    header('cms/src/components'),
    `import { z } from 'zod';`,
    helpersImport(body),
    mediaImport(body),
    `import type { Selection } from '../query.ts';`,
    body,
  ]
    .filter(Boolean)
    .join('\n');
}

function indexText(types: readonly Type[], components: readonly Component[]): string {
  const names = new Map(types.map(({ uid, singularName }) => [uid, singularName]));
  const literals = types.map(({ singularName }) => `'${singularName}'`);
  const entries = types.map((type) => {
    const { singularName, uid, kind, draftAndPublish } = type;
    const name = camelCase(singularName);
    const relations = [...type.attributes]
      .filter(([, attribute]) => attribute.type === 'relation' && attribute.private !== true)
      .map(([path, { target = '' }]) => ({ path, target: names.get(target) }));
    const markdown = markdownFields(type, new Map(components.map((each) => [each.name, each])));
    const constants = JSON.stringify({
      singularName,
      uid,
      kind,
      draftAndPublish,
      relations,
      markdown,
    }).slice(1, -1);
    return `'${singularName}': { ${constants}, schema: ${name}Schema, query: ${name}Query }`;
  });
  return [
    header('cms/src/api and cms/src/components'),
    `import { z } from 'zod';`,
    `import type { ContentType } from '../content-type.ts';`,
    ...types.map(({ singularName }) => {
      const name = camelCase(singularName);
      return `import { ${name}Query, ${name}Schema } from './${singularName}.ts';`;
    }),
    '',
    ...types.map(({ singularName }) => `export * from './${singularName}.ts';`),
    `export * from './components.ts';`,
    '',
    '/** Every content type by its singular name, for code that handles all alike. */',
    `export const contentTypes = { ${entries.join(', ')} } as const satisfies Record<string, ContentType>;`,
    '',
    'export type ContentTypeName = keyof typeof contentTypes;',
    '',
    `export const typeNames = [${literals.join(', ')}] as const satisfies readonly ContentTypeName[];`,
    '',
    '/** One value for each content type. */',
    'export function eachType<Value>(valueOf: (name: ContentTypeName) => Value): Record<ContentTypeName, Value> {',
    `return { ${literals.map((name) => `${name}: valueOf(${name})`).join(', ')} };`,
    '}',
    '',
    '/** Entries of every type, each read through its contract. */',
    `export const entriesSchema = z.object({ ${types.map(({ singularName: name }) => `'${name}': z.array(${camelCase(name)}Schema)`).join(', ')} });`,
    'export type Entries = z.infer<typeof entriesSchema>;',
  ].join('\n');
}

/** A name that has one label here and another there has none of its own. */
function labelsText(models: readonly Model[]): string {
  const found = new Map<string, Set<string>>();
  for (const [name, label] of models.flatMap(({ labels }) => [...labels])) {
    found.set(name, (found.get(name) ?? new Set()).add(label));
  }
  const alike = [...found].flatMap(([name, labels]) => (labels.size === 1 ? [[name, ...labels]] : []));
  return [
    header('cms/src/api and cms/src/components'),
    '',
    '/** What staff read above a field, by its name, where all fields of that name are called the same. */',
    `export const labels: ReadonlyMap<string, string> = new Map(${JSON.stringify(alike.sort())});`,
  ].join('\n');
}

/** Fields of a model that hold Markdown, at any depth, as `ContentType` writes them. */
function markdownFields({ attributes }: Model, components: ReadonlyMap<string, Component>): string[] {
  return [...attributes].flatMap(([name, attribute]) => {
    if (attribute.private === true) return [];
    if (attribute.type === 'richtext') return [name];
    const within = (component: string | undefined, place: string): string[] => {
      const inner = components.get(component ?? '');
      return inner === undefined ? [] : markdownFields(inner, components).map((field) => `${place}.${field}`);
    };
    if (attribute.type === 'component')
      return within(attribute.component, attribute.repeatable === true ? `${name}[]` : name);
    return (attribute.components ?? []).flatMap((each) => within(each, `${name}[${each}]`));
  });
}

function writeAttributes(model: Model, known: Known): Map<string, Written> {
  const isComponent = !('uid' in model);
  const problems: string[] = [];
  const written = new Map<string, Written>();
  for (const [name, attribute] of model.attributes) {
    // REST never returns a private attribute, and refuses a query that asks for one.
    if (attribute.private === true) continue;
    try {
      if (isComponent && (attribute.type === 'relation' || attribute.type === 'dynamiczone')) {
        throw new Error(`a ${attribute.type} in a component is not supported; put it on the content type`);
      }
      written.set(name, writeAttribute(attribute, known));
    } catch (error) {
      problems.push(
        `${model.file}: attribute "${name}": ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  if (problems.length > 0) throw new ContractError(problems);
  return written;
}

function shape(attributes: ReadonlyMap<string, Written>): string {
  return [...attributes].map(([name, { zod }]) => `${name}: ${zod}`).join(', ');
}

/** An empty `fields` would be lost in the query string and mean "all", so `id` stands in for "none". */
function selection(attributes: ReadonlyMap<string, Written>, own: readonly string[]): string {
  const plain = [...attributes].filter(([, { populate }]) => populate === undefined).map(([name]) => name);
  const populated = [...attributes].flatMap(([name, { populate }]) =>
    populate ? [`${name}: ${populate}`] : [],
  );
  const fields = [...own, ...plain];
  return [
    `fields: ${JSON.stringify(fields.length > 0 ? fields : ['id'])}`,
    ...(populated.length > 0 ? [`populate: { ${populated.join(', ')} }`] : []),
  ].join(', ');
}

function helpersImport(body: string): string | false {
  return body.includes('is.') && `import * as is from '../attributes.ts';`;
}

function mediaImport(body: string): string | false {
  return mentions(body, 'mediaSchema') && `import { mediaQuery, mediaSchema } from '../media.ts';`;
}

function mentions(body: string, identifier: string): boolean {
  return new RegExp(`\\b${identifier}\\b`).test(body);
}

/** Components so ordered that each stands after those it holds. */
function innerFirst(components: readonly Component[]): Component[] {
  const byName = new Map(components.map((component) => [component.name, component]));
  const done = new Set<Component>();
  const visit = (component: Component, outer: readonly string[]): void => {
    if (outer.includes(component.name)) {
      const circle = [...outer.slice(outer.indexOf(component.name)), component.name].join(' > ');
      throw new ContractError([
        `${component.file}: holds itself (${circle}); remove one of these attributes`,
      ]);
    }
    if (done.has(component)) return;
    for (const { component: name } of component.attributes.values()) {
      const inner = name === undefined ? undefined : byName.get(name);
      if (inner) visit(inner, [...outer, component.name]);
    }
    done.add(component);
  };
  for (const component of components) visit(component, []);
  return [...done];
}

function nameProblems(types: readonly Type[], components: readonly Component[]): string[] {
  const owners = new Map(reserved.map((name) => [pascalCase(name), 'the package itself']));
  const problems: string[] = [];
  const all = [...types.map((type) => ({ ...type, name: type.singularName })), ...components];
  for (const { name, file } of all) {
    const owner = owners.get(pascalCase(name));
    if (owner !== undefined)
      problems.push(`${file}: the name "${name}" is already used by ${owner}; rename one`);
    else owners.set(pascalCase(name), file);
  }
  for (const { singularName, file } of types) {
    if (reservedFiles.includes(singularName)) {
      problems.push(`${file}: the name "${singularName}" is reserved; choose another`);
    }
  }
  return problems;
}
