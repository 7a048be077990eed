import { createHash } from 'node:crypto';
import {
  type ContentType,
  type ContentTypeName,
  contentTypes,
  describeIssues,
  eachType,
  type Entry,
  queryString,
  typeNames,
} from '@meridian/shared-types';
import { z } from 'zod';
import { BuildError, type Problem } from '../../errors.ts';
import { type CmsClient, wasAsked } from './client.ts';

/** What the CMS sent for an entry. */
export type RawEntry = Readonly<Record<string, unknown>>;

/** What the CMS sent for all entries, by type and document id. */
export type RawEntries = Record<ContentTypeName, Map<string, RawEntry>>;

/** An entry that fits its contract. `raw` is what the CMS sent, `entry` what the contract made of it. */
export interface PulledEntry {
  id: string;
  raw: RawEntry;
  entry: Entry;
  /** Tells one content of the entry from every other. */
  digest: string;
}

/** By document id. */
export type PulledEntries = Readonly<Record<ContentTypeName, readonly PulledEntry[]>>;

const pageSize = 100;
const pagesAtOnce = 4;
/** Document ids in one query, so that its address stays short enough for every server. */
const idsAtOnce = 50;
/** Pulls of a type whose count does not fit its total, as when someone publishes in the middle of one. */
const counts = 3;

const rawEntry = z.record(z.string(), z.unknown());
const list = z.object({
  data: z.array(rawEntry),
  meta: z.object({ pagination: z.object({ total: z.int().nonnegative() }) }),
});
const single = z.object({ data: rawEntry.nullable() });

/**
 * Pulls every published entry of every type.
 *
 * @throws BuildError when the CMS cannot be read, or its lists do not agree with their own totals
 */
export async function pullEverything(client: CmsClient): Promise<RawEntries> {
  const entries: RawEntries = eachType(() => new Map());
  for (const name of typeNames) {
    for (const raw of await rawEntries(client, contentTypes[name])) entries[name].set(idOf(raw), raw);
  }
  return entries;
}

/**
 * Pulls those of some entries that are published. Who is missing in the answer is not published, for the answer is
 * believed only when it agrees with its own total.
 *
 * @throws BuildError as `pullEverything` does
 */
export async function pullSome(
  client: CmsClient,
  name: ContentTypeName,
  ids: readonly string[],
): Promise<Map<string, RawEntry>> {
  const type = contentTypes[name];
  if (type.kind === 'singleType') {
    return new Map((await rawEntries(client, type)).map((raw) => [idOf(raw), raw]));
  }
  const found = new Map<string, RawEntry>();
  for (let start = 0; start < ids.length; start += idsAtOnce) {
    const asked = ids.slice(start, start + idsAtOnce);
    const { data, meta } = await page(client, type, 1, { filters: { documentId: { $in: asked } } });
    const sent = new Map(data.map((raw) => [idOf(raw), raw]));
    if (sent.size !== meta.pagination.total || [...sent.keys()].some((id) => !asked.includes(id))) {
      throw new BuildError(
        `The CMS was asked for ${asked.length} entries of type ${name} and sent others, or not as many as it counts. See whether the database of the CMS is whole, then build again.`,
      );
    }
    for (const [id, raw] of sent) found.set(id, raw);
  }
  return found;
}

/**
 * Reads entries through their contracts. Those that a pull before has read already are taken from there. What does not
 * fit is added to `problems`.
 */
export function checkedEntries(
  raws: RawEntries,
  before: PulledEntries | null,
  problems: Problem[],
): PulledEntries {
  return eachType((name) => {
    const known = new Map(before?.[name].map((entry) => [entry.id, entry]));
    const sorted = [...raws[name]].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return sorted.flatMap(([id, raw]) => {
      const same = known.get(id);
      return same?.raw === raw ? same : checked(name, raw, problems);
    });
  });
}

/** Single types that are not published, one problem each. */
export function missingSingles(raws: RawEntries): Problem[] {
  return typeNames
    .filter((name) => contentTypes[name].kind === 'singleType' && raws[name].size === 0)
    .map((name) => ({
      type: name,
      documentId: null,
      title: null,
      text: `${name}: is not published. Open it in the CMS, fill it in and publish it.`,
    }));
}

/** What staff call an entry; null when it has no such field. */
export function titleOf(raw: unknown): string | null {
  if (typeof raw !== 'object' || raw === null) return null;
  const title: unknown = Reflect.get(raw, 'title') ?? Reflect.get(raw, 'name');
  return typeof title === 'string' && title !== '' ? title : null;
}

function checked(name: ContentTypeName, raw: RawEntry, problems: Problem[]): PulledEntry[] {
  const type: ContentType = contentTypes[name];
  const result = type.schema.safeParse(raw);
  if (result.success) {
    const digest = createHash('sha256').update(JSON.stringify(raw)).digest('base64url');
    return [{ id: result.data.documentId, raw, entry: result.data, digest }];
  }
  for (const text of describeIssues(name, raw, result.error)) {
    problems.push({ type: name, documentId: idOf(raw), title: titleOf(raw), text });
  }
  return [];
}

/** An entry without an id cannot be kept apart from others; the contract will refuse it. */
function idOf(raw: RawEntry): string {
  const id = raw['documentId'];
  return typeof id === 'string' ? id : '';
}

async function rawEntries(client: CmsClient, type: ContentType): Promise<RawEntry[]> {
  if (type.kind === 'singleType') {
    const answer = await client.json(`/api/${type.query.endpoint}?${queryString(type.query)}`);
    if (answer === null) return [];
    const { data } = envelope(single, answer, type);
    return data === null ? [] : [data];
  }
  for (let attempt = 1; ; attempt += 1) {
    const { entries, total } = await allPages(client, type);
    if (entries.length === total) return entries;
    if (attempt === counts) {
      throw new BuildError(
        `The CMS says that it has ${total} published entries of type ${type.singularName}, but sent ${entries.length} different ones. ${wasAsked(attempt)} See whether the database of the CMS is whole, then build again.`,
      );
    }
  }
}

async function allPages(client: CmsClient, type: ContentType) {
  const first = await page(client, type, 1);
  const total = first.meta.pagination.total;
  const numbers = Array.from(
    { length: Math.max(Math.ceil(total / pageSize) - 1, 0) },
    (_, index) => index + 2,
  );
  const found = [...first.data];
  while (numbers.length > 0) {
    const pages = await Promise.all(
      numbers.splice(0, pagesAtOnce).map((number) => page(client, type, number)),
    );
    for (const { data } of pages) found.push(...data);
  }
  const byId = new Map(found.map((entry) => [entry['documentId'], entry]));
  return { entries: [...byId.values()], total };
}

async function page(
  client: CmsClient,
  type: ContentType,
  number: number,
  extra: Parameters<typeof queryString>[1] = {},
) {
  const query = queryString(type.query, {
    ...extra,
    pagination: { page: number, pageSize },
    sort: ['documentId:asc'],
  });
  const answer = await client.json(`/api/${type.query.endpoint}?${query}`);
  if (answer === null) {
    throw new BuildError(
      `The CMS has no /api/${type.query.endpoint}. Build and start the CMS anew, so that it knows the type ${type.singularName}.`,
    );
  }
  return envelope(list, answer, type);
}

function envelope<Value>(schema: z.ZodType<Value>, answer: unknown, type: ContentType): Value {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  throw new BuildError(
    `The CMS answers /api/${type.query.endpoint} in a form that is not Strapi's. See that CMS_URL leads to the CMS of this project.`,
    { cause: result.error },
  );
}
