import type { Attribute } from './schema.ts';
import { camelCase } from './names.ts';

/** The names that an attribute may refer to. */
export interface Known {
  readonly components: ReadonlySet<string>;
  /** Uids of the content types. */
  readonly types: ReadonlySet<string>;
}

/** What one attribute becomes: source of its Zod schema, and how a query fetches it. */
export interface Written {
  readonly zod: string;
  /** Source of the `populate` value; undefined for a plain field. */
  readonly populate?: string;
}

/**
 * Writes one attribute.
 *
 * @throws {Error} saying why the contract cannot hold the attribute and what to do; the caller knows its name
 */
export function writeAttribute(attribute: Attribute, known: Known): Written {
  const required = attribute.required === true && attribute.conditions === undefined;
  const orNull = (zod: string) => (required ? zod : `${zod}.nullable()`);
  switch (attribute.type) {
    case 'string':
      return { zod: text('z.string()', { maxLength: 255, ...attribute }, required) };
    case 'text':
    case 'richtext':
      return { zod: text('z.string()', attribute, required) };
    case 'email':
      return { zod: text('z.email()', attribute, required) };
    case 'uid':
      return { zod: text(attribute.regex === undefined ? 'is.uid' : 'z.string()', attribute, required) };
    case 'enumeration':
      return { zod: orNull(`z.enum(${JSON.stringify(options(attribute))})`) };
    case 'boolean':
      return { zod: orNull('z.boolean()') };
    case 'integer':
      return { zod: orNull(`z.int()${range(attribute)}`) };
    case 'decimal':
    case 'float':
      return { zod: orNull(`z.number()${range(attribute)}`) };
    case 'date':
      return { zod: orNull('is.date') };
    case 'time':
      return { zod: orNull('is.time') };
    case 'datetime':
      return { zod: orNull('z.iso.datetime()') };
    case 'media':
      return {
        zod: attribute.multiple === true ? several('mediaSchema', required) : orNull('mediaSchema'),
        populate: 'mediaQuery',
      };
    case 'component': {
      const name = camelCase(existingComponent(attribute.component, known));
      return {
        zod:
          attribute.repeatable === true
            ? list(`${name}Schema`, attribute, required)
            : orNull(`${name}Schema`),
        populate: `${name}Query`,
      };
    }
    case 'dynamiczone':
      return dynamicZone(attribute, required, known);
    case 'relation':
      return {
        zod: leadsToOne(attribute, known) ? orNull('is.relation') : several('is.relation', required),
        populate: `{ fields: ['documentId'] }`,
      };
    default:
      throw new Error(
        `the type "${attribute.type}" is not supported; use another, mark the attribute "private": true, or teach shared-types/generator/attribute.ts`,
      );
  }
}

function text(base: string, { minLength = 0, maxLength, regex }: Attribute, required: boolean): string {
  ordered(minLength, maxLength, 'minLength', 'maxLength');
  // A UID or an e-mail address is never empty anyway; Strapi would let a required text be ''.
  const least = required && base === 'z.string()' ? Math.max(1, minLength) : minLength;
  const zod = [
    base,
    least > 0 && `.min(${least})`,
    maxLength !== undefined && `.max(${maxLength})`,
    regex !== undefined && `.regex(${regularExpression(regex)})`,
  ].filter(Boolean);
  return required ? zod.join('') : `is.emptyAsNull(${zod.join('')})`;
}

function regularExpression(source: string): string {
  try {
    return new RegExp(source).toString();
  } catch (cause) {
    throw new Error(`the regex ${JSON.stringify(source)} is not valid; correct it`, { cause });
  }
}

function options({ enum: values = [] }: Attribute): readonly string[] {
  if (new Set(values).size !== values.length || values.length === 0) {
    throw new Error('the enumeration has no value, or one twice; list each once in "enum"');
  }
  return values;
}

function range({ min, max }: Attribute): string {
  ordered(min, max, 'min', 'max');
  return (min === undefined ? '' : `.min(${min})`) + (max === undefined ? '' : `.max(${max})`);
}

/** Strapi lets a list stay empty unless it is required; `min` counts only once it has items. */
function list(
  item: string,
  { min = 0, max }: { min?: number | undefined; max?: number | undefined },
  required: boolean,
): string {
  ordered(min, max, 'min', 'max');
  const zod = `z.array(${item})${max === undefined ? '' : `.max(${max})`}`;
  if (min === 0) return zod;
  if (required) return `${zod}.min(${min})`;
  const rule = `must be empty or have at least ${min} items`;
  return `${zod}.refine((items) => items.length === 0 || items.length >= ${min}, '${rule}')`;
}

function ordered(low: number | undefined, high: number | undefined, lowName: string, highName: string): void {
  if (low !== undefined && high !== undefined && low > high) {
    throw new Error(`${lowName} ${low} is more than ${highName} ${high}; correct one`);
  }
}

function existingComponent(name: string | undefined, known: Known): string {
  if (name !== undefined && known.components.has(name)) return name;
  throw new Error(
    `the component "${name ?? ''}" does not exist; make cms/src/components/${(name ?? '<category>.<name>').replace('.', '/')}.json or correct the name`,
  );
}

function dynamicZone({ components = [], ...limits }: Attribute, required: boolean, known: Known): Written {
  if (new Set(components).size !== components.length || components.length === 0) {
    throw new Error('the dynamic zone has no component, or one twice; list each once in "components"');
  }
  const names = components.map((name) => existingComponent(name, known));
  const items = names.map((name) => `${camelCase(name)}Schema.extend({ __component: z.literal('${name}') })`);
  const union = `z.discriminatedUnion('__component', [${items.join(', ')}], { error: is.unknownComponent })`;
  const queries = names.map((name) => `'${name}': ${camelCase(name)}Query`);
  return { zod: list(union, limits, required), populate: `{ on: { ${queries.join(', ')} } }` };
}

/** Files or relations: required ones are at least one, as Strapi's `strictRelations` has it. */
function several(item: string, required: boolean): string {
  return `z.array(${item})${required ? '.min(1)' : ''}`;
}

function leadsToOne({ relation: kind = '', target = '' }: Attribute, known: Known): boolean {
  if (!['oneToOne', 'oneToMany', 'manyToOne', 'manyToMany'].includes(kind)) {
    throw new Error(
      `the relation "${kind}" is not supported; use oneToOne, oneToMany, manyToOne or manyToMany`,
    );
  }
  if (!known.types.has(target)) {
    throw new Error(
      `the relation leads to "${target}", which is not a content type of cms/src/api; correct the target`,
    );
  }
  return kind.endsWith('ToOne');
}
