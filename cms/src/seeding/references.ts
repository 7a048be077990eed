import { isValues, type Values } from './files.ts';

/** The part of a Strapi attribute that matters here. */
export interface Attribute {
  type: string;
  component?: string;
  components?: string[];
  repeatable?: boolean;
  multiple?: boolean;
  target?: string;
  required?: boolean;
}

/** Attributes of a content type or component by field. */
export type Attributes = Record<string, Attribute>;

/** What the references of a file stand for in the CMS. */
export interface Directory {
  /** Attributes of a component by its uid; undefined when there is none. */
  component(uid: string): Attributes | undefined;
  /** The document id of an entry by content type uid and slug. */
  entry(uid: string, slug: string): string | undefined;
  /** The numeric id of an uploaded file by its file name. */
  media(fileName: string): number | undefined;
}

/** A file's values in the form the Document Service takes, and every fault that was found on the way. */
export interface Resolved {
  data: Values;
  faults: string[];
}

/**
 * Turns the values of a content file (relations by slug, pictures by file name, sections with `component`) into data
 * for Strapi's Document Service.
 */
export function resolveReferences(values: Values, attributes: Attributes, directory: Directory): Resolved {
  const faults: string[] = [];
  const data = resolveFields(values, attributes, '');
  return { data, faults };

  function resolveFields(fields: Values, known: Attributes, path: string): Values {
    for (const [name, attribute] of Object.entries(known)) {
      const empty = fields[name] === undefined || fields[name] === null || fields[name] === '';
      if (attribute.required === true && empty && attribute.type !== 'boolean' && !hasDefault(attribute)) {
        faults.push(`field ${path}${name}: is required. Add it.`);
      }
    }
    const resolved = Object.entries(fields).map(([name, value]) => {
      const attribute = Object.hasOwn(known, name) ? known[name] : undefined;
      if (attribute === undefined) {
        faults.push(
          `field ${path}${name}: there is no such field. Known are: ${Object.keys(known).join(', ')}.`,
        );
        return [name, null];
      }
      return [name, value === null ? null : resolveValue(value, attribute, `${path}${name}`)];
    });
    return Object.fromEntries(resolved) as Values;
  }

  function resolveValue(value: unknown, attribute: Attribute, path: string): unknown {
    switch (attribute.type) {
      case 'relation': {
        const ids = each(value).map((slug, index) =>
          find(slug, `${path}${Array.isArray(value) ? `.${String(index)}` : ''}`, 'entry', (name) =>
            directory.entry(attribute.target ?? '', name),
          ),
        );
        return Array.isArray(value) ? ids : (ids[0] ?? null);
      }
      case 'media':
        return find(value, path, 'picture', (name) => directory.media(name));
      case 'component':
        return attribute.repeatable === true
          ? each(value).map((item, index) =>
              resolveComponent(item, attribute.component, `${path}.${String(index)}`),
            )
          : resolveComponent(value, attribute.component, path);
      case 'dynamiczone':
        return each(value).map((item, index) => resolveSection(item, attribute, `${path}.${String(index)}`));
      default:
        return value;
    }
  }

  function resolveSection(item: unknown, attribute: Attribute, path: string): unknown {
    const allowed = attribute.components ?? [];
    const uid = isValues(item) ? item['component'] : undefined;
    if (!isValues(item) || typeof uid !== 'string' || !allowed.includes(uid)) {
      faults.push(`field ${path}: needs "component:" with one of ${allowed.join(', ')}.`);
      return null;
    }
    const { component, ...fields } = item;
    return { __component: component, ...(resolveComponent(fields, uid, path) as Values) };
  }

  function resolveComponent(item: unknown, uid: string | undefined, path: string): unknown {
    const known = uid === undefined ? undefined : directory.component(uid);
    if (known === undefined || !isValues(item)) {
      faults.push(`field ${path}: must be a map with the fields of ${uid ?? 'its component'}.`);
      return null;
    }
    return resolveFields(item, known, `${path}.`);
  }

  function find<Id>(
    name: unknown,
    path: string,
    what: string,
    lookUp: (name: string) => Id | undefined,
  ): Id | null {
    const id = typeof name === 'string' ? lookUp(name) : undefined;
    if (id !== undefined) return id;
    faults.push(`field ${path}: there is no ${what} "${String(name)}". Correct the name or add the file.`);
    return null;
  }
}

function each(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

function hasDefault(attribute: Attribute): boolean {
  return 'default' in attribute;
}
