import { z } from 'zod';

/** One attribute of a schema, as far as the contract reads it. What its type needs is checked where it is written. */
const attributeSchema = z.object({
  type: z.string(),
  required: z.boolean().optional(),
  private: z.boolean().optional(),
  conditions: z.unknown().optional(),
  minLength: z.int().nonnegative().optional(),
  maxLength: z.int().positive().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  regex: z.string().optional(),
  enum: z.array(z.string().min(1)).optional(),
  multiple: z.boolean().optional(),
  component: z.string().optional(),
  repeatable: z.boolean().optional(),
  components: z.array(z.string()).optional(),
  relation: z.string().optional(),
  target: z.string().optional(),
});

export type Attribute = z.infer<typeof attributeSchema>;

/** What content types and components have in common. */
export interface Model {
  /** Where it was read, relative to the repository, with `/`. */
  readonly file: string;
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** What staff read above the field of an attribute, where the schema says it. */
  readonly labels: ReadonlyMap<string, string>;
}

/** A component, such as `section.rich-text`. */
export interface Component extends Model {
  readonly name: string;
}

/** A content type, such as `article`. */
export interface Type extends Model {
  readonly singularName: string;
  readonly uid: string;
  readonly kind: 'collectionType' | 'singleType';
  readonly endpoint: string;
  readonly draftAndPublish: boolean;
}

/** All schemas of a CMS. */
export interface Schemas {
  readonly types: readonly Type[];
  readonly components: readonly Component[];
}

/** The schemas ask for something that the contract cannot give. The message lists every problem with its fix. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(['The contract cannot be generated:', ...problems.map((problem) => `  - ${problem}`)].join('\n'));
    this.problems = problems;
  }
}

const kebabCase = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens');

const typeSchema = z.object({
  kind: z.enum(['collectionType', 'singleType']),
  info: z.object({ singularName: kebabCase, pluralName: kebabCase }),
  options: z.object({ draftAndPublish: z.boolean().optional() }).optional(),
});

/**
 * Reads the text of a content type's `schema.json`.
 *
 * @param file `cms/src/api/<api>/content-types/<singular-name>/schema.json`
 * @throws {ContractError} when the text is not JSON or lacks what every content type has
 */
export function parseType(file: string, text: string): Type {
  const json = parseJson(file, text);
  const { kind, info, options } = parse(typeSchema, json, file);
  const [api = '', , folder = ''] = file.split('/').slice(-4);
  parse(kebabCase, api, file);
  if (folder !== info.singularName) {
    throw new ContractError([
      `${file}: info.singularName is "${info.singularName}" but the folder is "${folder}"; give both one name`,
    ]);
  }
  return {
    file,
    singularName: info.singularName,
    uid: `api::${api}.${info.singularName}`,
    kind,
    endpoint: kind === 'singleType' ? info.singularName : info.pluralName,
    draftAndPublish: options?.draftAndPublish ?? false,
    attributes: parseAttributes(file, json),
    labels: parseLabels(file, json),
  };
}

/**
 * Reads the text of a component.
 *
 * @param file `cms/src/components/<category>/<name>.json`
 * @throws {ContractError} when the text is not JSON or its name or attributes are not in order
 */
export function parseComponent(file: string, text: string): Component {
  const [category = '', name = ''] = file
    .replace(/\.json$/, '')
    .split('/')
    .slice(-2);
  for (const part of [category, name]) parse(kebabCase, part, file);
  const json = parseJson(file, text);
  return {
    file,
    name: `${category}.${name}`,
    attributes: parseAttributes(file, json),
    labels: parseLabels(file, json),
  };
}

/** Keys that every entry has. */
const taken = new Set(['id', 'documentId', 'createdAt', 'updatedAt', 'publishedAt']);

function parseAttributes(file: string, json: unknown): ReadonlyMap<string, Attribute> {
  const { attributes } = parse(
    z.object({ attributes: z.custom<object>(isObject, 'must be an object') }),
    json,
    file,
  );
  const problems: string[] = [];
  const parsed = new Map<string, Attribute>();
  for (const [name, value] of Object.entries(attributes)) {
    if (taken.has(name) || !/^[A-Za-z]\w*$/.test(name)) {
      problems.push(`${file}: attribute "${name}": the name is reserved or not a plain word; choose another`);
      continue;
    }
    const attribute = attributeSchema.safeParse(value);
    if (attribute.success) parsed.set(name, attribute.data);
    else problems.push(`${file}: attribute "${name}": ${issues(attribute.error)}; correct it`);
  }
  if (problems.length > 0) throw new ContractError(problems);
  return parsed;
}

const labelsSchema = z.object({
  config: z
    .object({
      metadatas: z
        .record(z.string(), z.object({ edit: z.object({ label: z.string().optional() }).optional() }))
        .optional(),
    })
    .optional(),
});

function parseLabels(file: string, json: unknown): ReadonlyMap<string, string> {
  const { config } = parse(labelsSchema, json, file);
  return new Map(
    Object.entries(config?.metadatas ?? {}).flatMap(([name, { edit }]) =>
      edit?.label === undefined || taken.has(name) ? [] : [[name, edit.label]],
    ),
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ContractError([`${file}: is not valid JSON (${why}); correct it`]);
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, file: string): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (!result.success) throw new ContractError([`${file}: ${issues(result.error)}; correct it`]);
  return result.data;
}

function issues(error: z.ZodError): string {
  return error.issues.map((issue) => [...issue.path.map(String), issue.message].join(': ')).join('; ');
}
