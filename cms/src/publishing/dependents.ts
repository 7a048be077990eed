import type { Core, UID } from '@strapi/strapi';
import { entryLink, publicPath } from '@meridian/shared-types';
import type { MeridianConfig } from '../../config/meridian.ts';
import { joinRows, publicTypes, table, type ContentType } from '../internals.ts';
import { oldAddresses } from '../redirects/old-addresses.ts';
import { linksTo, linksToEntry, spellingsOf } from './links.ts';
import { titleOf, type Titled } from './titles.ts';

/** A published entry that shows, or links to, another entry or a file. */
export interface Dependent {
  uid: UID.ContentType;
  documentId: string;
  /** Name of its type, as staff know it. */
  typeName: string;
  title: string;
}

type Attributes = Record<
  string,
  { type: string; target?: string; component?: string; components?: string[] }
>;

/** A content type or a component. */
interface Model {
  uid: UID.Schema;
  attributes: Attributes;
}

interface Owner extends Titled {
  id: number;
  documentId: string;
}

const TEXTS = ['string', 'text', 'richtext'];

/**
 * The published entries that would show a gap or a dead link without an entry: they relate to it, name it in a link, or
 * link to its page or to one of its old addresses. It does not count itself.
 */
export async function dependentsOfEntry(
  strapi: Core.Strapi,
  uid: UID.ContentType,
  entry: { documentId: string; slug?: string | null },
): Promise<Dependent[]> {
  const { documentId } = entry;
  const { singularName } = strapi.contentType(uid).info;
  const related = await rowsRelatedTo(strapi, uid, documentId);
  const link = entryLink({ type: singularName, documentId, anchor: '' });
  const naming = await rowsWithText(strapi, link, (text) => linksToEntry(text, link));
  const path = publicPath(singularName, entry.slug ?? null);
  const paths = [path ?? '/', ...(await oldAddresses(strapi, link)).map(({ from }) => from)];
  const linked = await Promise.all(
    // Every page leads to the home page.
    paths.filter((each) => each !== '/').map((each) => rowsLinkingTo(strapi, each)),
  );
  const found = await publishedOwners(strapi, [related, naming, ...linked.flat()]);
  return found.filter((each) => each.documentId !== documentId);
}

/** The published entries that link to a path in their text. */
export async function dependentsOfPath(strapi: Core.Strapi, path: string): Promise<Dependent[]> {
  return publishedOwners(strapi, await rowsLinkingTo(strapi, path));
}

async function rowsLinkingTo(strapi: Core.Strapi, path: string): Promise<Map<UID.Schema, number[]>[]> {
  const { origin } = new URL(strapi.config.get<MeridianConfig['siteUrl']>('meridian.siteUrl'));
  return Promise.all(
    spellingsOf(path).map((spelling) =>
      rowsWithText(strapi, spelling.replace(/\/$/, ''), (text) => linksTo(text, origin, spelling)),
    ),
  );
}

/** A row that another one relates to. */
export interface Related {
  id: number;
  documentId: string;
}

/** What rows relate to, in its order, by model, row and name of the relation. */
export type Relations = ReadonlyMap<
  string,
  { uid: UID.Schema; id: number; name: string; targets: readonly Related[] }
>;

/** The relations, of rows of any model, that lead to an entry. */
export async function relationsTo(
  strapi: Core.Strapi,
  uid: UID.ContentType,
  documentId: string,
): Promise<Relations> {
  const found = new Map<string, { uid: UID.Schema; id: number; name: string; targets: Related[] }>();
  for (const model of models(strapi)) {
    const names = relationsWith(model, uid);
    if (names.length === 0) continue;
    const rows = await table<{ id: number } & Record<string, unknown>>(strapi, model.uid).findMany({
      select: ['id'],
      where: { $or: names.map((name) => ({ [name]: { documentId } })) },
      populate: Object.fromEntries(names.map((name) => [name, { select: ['id', 'documentId'] }])),
    });
    for (const row of rows) {
      for (const name of names) {
        const targets = ([row[name]].flat() as (Related | null)[]).filter((target) => target !== null);
        found.set(`${model.uid} ${String(row.id)} ${name}`, { uid: model.uid, id: row.id, name, targets });
      }
    }
  }
  return found;
}

/** The published entries of which relations are not what they were before. */
export async function changedOwners(
  strapi: Core.Strapi,
  before: Relations,
  after: Relations,
): Promise<Dependent[]> {
  const rows = new Map<UID.Schema, number[]>();
  const namesIn = (relations: Relations, key: string) =>
    (relations.get(key)?.targets ?? []).map(({ documentId }) => documentId).join(' ');
  for (const [key, { uid, id }] of new Map([...before, ...after])) {
    if (namesIn(before, key) === namesIn(after, key)) continue;
    rows.set(uid, [...(rows.get(uid) ?? []), id]);
  }
  return publishedOwners(strapi, [rows]);
}

/** The published entries that show a file, as a picture of their own or in their text. */
export async function dependentsOfFile(
  strapi: Core.Strapi,
  file: { id: number; url: string },
): Promise<Dependent[]> {
  const places = await joinRows(strapi, 'files_related_mph', { file_id: file.id });
  const related = new Map<UID.Schema, number[]>();
  for (const place of places) {
    const uid = place['related_type'] as UID.Schema;
    related.set(uid, [...(related.get(uid) ?? []), Number(place['related_id'])]);
  }
  const shown = await rowsWithText(strapi, file.url, (text) => text.includes(file.url));
  return publishedOwners(strapi, [related, shown]);
}

function rowsRelatedTo(
  strapi: Core.Strapi,
  uid: UID.ContentType,
  documentId: string,
): Promise<Map<UID.Schema, number[]>> {
  return rowsWhere(strapi, (model) => relationsWith(model, uid).map((name) => ({ [name]: { documentId } })));
}

function relationsWith(model: Model, target: UID.ContentType): string[] {
  return attributesOf(model, (attribute) => attribute.type === 'relation' && attribute.target === target);
}

/** Ids of the rows, drafts and published alike, that meet any condition; by model. */
async function rowsWhere(
  strapi: Core.Strapi,
  conditions: (model: Model) => Record<string, unknown>[],
): Promise<Map<UID.Schema, number[]>> {
  const found = new Map<UID.Schema, number[]>();
  for (const model of models(strapi)) {
    const $or = conditions(model);
    if ($or.length === 0) continue;
    const rows = await table<{ id: number }>(strapi, model.uid).findMany({ select: ['id'], where: { $or } });
    if (rows.length > 0)
      found.set(
        model.uid,
        rows.map(({ id }) => id),
      );
  }
  return found;
}

/** Ids of the rows of which a text holds `part` and passes a closer look; by model. */
async function rowsWithText(
  strapi: Core.Strapi,
  part: string,
  matches: (text: string) => boolean,
): Promise<Map<UID.Schema, number[]>> {
  const found = new Map<UID.Schema, number[]>();
  for (const model of models(strapi)) {
    const names = attributesOf(model, ({ type }) => TEXTS.includes(type));
    if (names.length === 0) continue;
    const rows = await table<{ id: number } & Record<string, unknown>>(strapi, model.uid).findMany({
      select: ['id', ...names],
      where: { $or: names.map((name) => ({ [name]: { $contains: part } })) },
    });
    const ids = rows
      .filter((row) =>
        names.map((name) => row[name]).some((text) => typeof text === 'string' && matches(text)),
      )
      .map(({ id }) => id);
    if (ids.length > 0) found.set(model.uid, ids);
  }
  return found;
}

/** The published entries that rows belong to: each itself, or whatever holds the component, at any depth. */
async function publishedOwners(
  strapi: Core.Strapi,
  rows: readonly ReadonlyMap<UID.Schema, readonly number[]>[],
): Promise<Dependent[]> {
  const found = new Map<string, Dependent>();
  const types = new Map<string, ContentType>(publicTypes(strapi).map((type) => [type.uid, type]));
  let level = rows.flatMap((each) => [...each]);
  while (level.length > 0) {
    const next: [UID.Schema, readonly number[]][] = [];
    for (const [uid, ids] of level) {
      const type = types.get(uid);
      if (type === undefined) {
        next.push(...(await holders(strapi, uid, ids)));
        continue;
      }
      const where = { id: { $in: ids }, publishedAt: { $notNull: true } };
      for (const owner of await table<Owner>(strapi, uid).findMany({ where })) {
        found.set(`${uid} ${owner.documentId}`, {
          uid: type.uid,
          documentId: owner.documentId,
          typeName: type.info.displayName,
          title: titleOf(type, owner) ?? owner.documentId,
        });
      }
    }
    level = next;
  }
  return [...found.values()];
}

/** The rows that hold components: entries, or components around them; by model. */
async function holders(
  strapi: Core.Strapi,
  component: UID.Schema,
  ids: readonly number[],
): Promise<[UID.Schema, number[]][]> {
  const found: [UID.Schema, number[]][] = [];
  for (const model of models(strapi)) {
    const names = attributesOf(
      model,
      (attribute) => attribute.component === component || attribute.components?.includes(component) === true,
    );
    const joinTable = names[0] === undefined ? undefined : joinTableOf(strapi, model.uid, names[0]);
    if (joinTable === undefined) continue;
    const rows = await joinRows(strapi, joinTable.name, {
      component_type: component,
      cmp_id: { $in: ids },
    });
    if (rows.length > 0) found.push([model.uid, rows.map((row) => Number(row['entity_id']))]);
  }
  return found;
}

/** The table between a model and what an attribute of it leads to. */
export interface JoinTable {
  name: string;
  joinColumn: { name: string };
  inverseJoinColumn?: { name: string };
  orderColumnName?: string;
}

/** The table in which an attribute's targets stand, if they have one. */
export function joinTableOf(strapi: Core.Strapi, uid: UID.Schema, name: string): JoinTable | undefined {
  const attribute = strapi.db.metadata.get(uid).attributes[name];
  return attribute !== undefined && 'joinTable' in attribute ? attribute.joinTable : undefined;
}

function models(strapi: Core.Strapi): Model[] {
  const all: Record<string, unknown> = { ...strapi.contentTypes, ...strapi.components };
  const uids: UID.Schema[] = [...publicTypes(strapi).map(({ uid }) => uid), ...componentUids(strapi)];
  return uids.map((uid) => ({ uid, attributes: (all[uid] as { attributes: Attributes }).attributes }));
}

function componentUids(strapi: Core.Strapi): UID.Component[] {
  return Object.keys(strapi.components) as UID.Component[];
}

function attributesOf({ attributes }: Model, wanted: (attribute: Attributes[string]) => boolean): string[] {
  return Object.entries(attributes)
    .filter(([, attribute]) => wanted(attribute))
    .map(([name]) => name);
}
