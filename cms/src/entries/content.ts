import type { Core, UID } from '@strapi/strapi';
import { table } from '../internals.ts';
import { titleOf, type Titled } from '../publishing/titles.ts';
import { writtenAttributes, type Attributes } from './model.ts';

/**
 * All that staff wrote into an entry or component, by field: text, numbers and the like as they are, components as
 * content of their own (of a dynamic zone with `__component`), relations and pictures as lists of references. Numeric
 * ids, which change with every publish, are not part of it.
 */
export type Content = Record<string, unknown>;

/** An entry that a relation points at, with what staff called it then. */
export interface EntryReference {
  documentId: string;
  title: string | null;
}

/** A file that an entry shows, described as it was then. */
export interface FileReference {
  documentId: string;
  name: string;
  alternativeText: string | null;
  caption: string | null;
  /** Kilobytes: tells a picture from the one that replaced it. */
  size: number;
}

/** A row of the database with its components, relations and files. */
export type Row = Record<string, unknown> & Titled & { id: number; documentId: string; publishedAt: unknown };

/** The draft and the published row of a document, whichever there are, with everything that {@link contentOf} needs. */
export async function readRows(
  strapi: Core.Strapi,
  uid: UID.ContentType,
  documentId: string,
): Promise<{ draft: Row | null; published: Row | null }> {
  const rows = await table<Row>(strapi, uid).findMany({
    where: { documentId },
    populate: populateOf(strapi, writtenAttributes(strapi, uid)),
  });
  return {
    draft: rows.find(({ publishedAt }) => publishedAt === null) ?? null,
    published: rows.find(({ publishedAt }) => publishedAt !== null) ?? null,
  };
}

/** The content of a row that {@link readRows} gave. */
export function contentOf(strapi: Core.Strapi, uid: string, row: Record<string, unknown>): Content {
  const fields = Object.entries(writtenAttributes(strapi, uid)).map(
    ([name, attribute]): [string, unknown] => {
      const value = row[name] ?? null;
      switch (attribute.type) {
        case 'media':
          return [name, listOf(value).map(fileReference)];
        case 'relation':
          return [name, listOf(value).map((target) => entryReference(strapi, attribute.target, target))];
        case 'component': {
          const contents = listOf(value).map((each) => contentOf(strapi, attribute.component ?? '', each));
          return [name, attribute.repeatable === true ? contents : (contents[0] ?? null)];
        }
        case 'dynamiczone':
          return [
            name,
            listOf(value).map((each) => {
              const component = String(each['__component']);
              return { __component: component, ...contentOf(strapi, component, each) };
            }),
          ];
        default:
          return [name, value];
      }
    },
  );
  return Object.fromEntries(fields);
}

/** What is in a value that may hold one object, several or none. */
export function listOf(value: unknown): Record<string, unknown>[] {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((each) => typeof each === 'object' && each !== null) as Record<string, unknown>[];
}

function populateOf(strapi: Core.Strapi, attributes: Attributes): Record<string, unknown> {
  const inner = (uid: string) => ({ populate: populateOf(strapi, writtenAttributes(strapi, uid)) });
  const populate: Record<string, unknown> = {};
  for (const [name, { type, component = '', components = [] }] of Object.entries(attributes)) {
    if (type === 'media' || type === 'relation') populate[name] = true;
    if (type === 'component') populate[name] = inner(component);
    if (type === 'dynamiczone') {
      populate[name] = { on: Object.fromEntries(components.map((each) => [each, inner(each)])) };
    }
  }
  return populate;
}

function entryReference(
  strapi: Core.Strapi,
  target: UID.ContentType | undefined,
  row: Record<string, unknown>,
): EntryReference {
  const type = target === undefined ? undefined : strapi.contentTypes[target];
  return {
    documentId: String(row['documentId']),
    title: type === undefined ? null : titleOf(type, row),
  };
}

function fileReference(row: Record<string, unknown>): FileReference {
  const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
  return {
    documentId: String(row['documentId']),
    name: text(row['name']) ?? '',
    alternativeText: text(row['alternativeText']),
    caption: text(row['caption']),
    size: Number(row['size'] ?? 0),
  };
}
