import type { Core, UID } from '@strapi/strapi';
import { listOf, type Content, type EntryReference, type FileReference } from '../entries/content.ts';
import type { Labels } from '../entries/labels.ts';
import { writtenAttributes, type Attribute } from '../entries/model.ts';
import { table } from '../internals.ts';

const FILE = 'plugin::upload.file';

/** What the Document Service takes to make an entry as it was, and in words what could not be brought back. */
export interface Restorable {
  data: Record<string, unknown>;
  gone: string[];
}

/**
 * Turns the content of a version into data for the Document Service. Relations and pictures that do not exist any more
 * are left out and reported, and so is what the schema does not know any more.
 *
 * @param except fields of the entry that stay as they are
 */
export async function restorable(
  strapi: Core.Strapi,
  uid: UID.ContentType,
  content: Content,
  labels: Labels,
  except: readonly string[],
): Promise<Restorable> {
  const gone: string[] = [];
  const kept = Object.fromEntries(Object.entries(content).filter(([name]) => !except.includes(name)));
  const data = await fieldsOf(uid, kept, []);
  for (const name of except) Reflect.deleteProperty(data, name);
  return { data, gone };

  async function fieldsOf(
    model: string,
    fields: Content,
    path: readonly string[],
  ): Promise<Record<string, unknown>> {
    const attributes = writtenAttributes(strapi, model);
    const data: Record<string, unknown> = {};
    for (const [name, attribute] of Object.entries(attributes)) {
      data[name] = await valueOf(attribute, fields[name] ?? null, [...path, labels.field(model, name)]);
    }
    for (const [name, value] of Object.entries(fields)) {
      const isKnown = name === '__component' || Object.hasOwn(attributes, name);
      if (!isKnown && !isEmpty(value))
        gone.push(`${[...path, name].join(' › ')}: there is no such field any more.`);
    }
    return data;
  }

  async function valueOf(attribute: Attribute, value: unknown, path: readonly string[]): Promise<unknown> {
    switch (attribute.type) {
      case 'relation': {
        const found = await existing(attribute.target, references(value), path);
        return attribute.relation?.endsWith('ToOne') === true ? (found[0] ?? null) : found;
      }
      case 'media': {
        const found = await existingFiles(value, path);
        return attribute.multiple === true ? found : (found[0] ?? null);
      }
      case 'component': {
        const items: unknown[] = [];
        for (const item of listOf(value)) items.push(await fieldsOf(attribute.component ?? '', item, path));
        return attribute.repeatable === true ? items : (items[0] ?? null);
      }
      case 'dynamiczone':
        return sectionsOf(attribute, listOf(value), path);
      default:
        return value;
    }
  }

  async function sectionsOf(attribute: Attribute, sections: Content[], path: readonly string[]) {
    const found: unknown[] = [];
    for (const [index, section] of sections.entries()) {
      const component = String(section['__component']);
      const here = [...path, `${String(index + 1)}. ${labels.component(component)}`];
      if (attribute.components?.some((each) => each === component) !== true) {
        gone.push(`${here.join(' › ')}: sections of this kind do not exist any more.`);
        continue;
      }
      found.push({ __component: component, ...(await fieldsOf(component, section, here)) });
    }
    return found;
  }

  async function existing(
    target: UID.ContentType | undefined,
    wanted: EntryReference[],
    path: readonly string[],
  ): Promise<string[]> {
    if (wanted.length === 0) return [];
    const ids = wanted.map(({ documentId }) => documentId);
    const rows =
      target === undefined || strapi.contentTypes[target] === undefined
        ? []
        : await table<{ documentId: string }>(strapi, target).findMany({
            select: ['documentId'],
            where: { documentId: { $in: ids } },
          });
    const here = new Set(rows.map(({ documentId }) => documentId));
    for (const { documentId, title } of wanted) {
      if (!here.has(documentId)) gone.push(`${path.join(' › ')}: "${title ?? documentId}" was deleted.`);
    }
    return ids.filter((id) => here.has(id));
  }

  async function existingFiles(value: unknown, path: readonly string[]): Promise<number[]> {
    const wanted = (value ?? []) as FileReference[];
    if (wanted.length === 0) return [];
    const rows = await table<{ id: number; documentId: string }>(strapi, FILE).findMany({
      select: ['id', 'documentId'],
      where: { documentId: { $in: wanted.map(({ documentId }) => documentId) } },
    });
    return wanted.flatMap(({ documentId, name }) => {
      const row = rows.find((each) => each.documentId === documentId);
      if (row !== undefined) return [row.id];
      gone.push(`${path.join(' › ')}: the picture "${name}" was deleted.`);
      return [];
    });
  }
}

function references(value: unknown): EntryReference[] {
  return (value ?? []) as EntryReference[];
}

function isEmpty(value: unknown): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
