import {
  type ContentType,
  type ContentTypeName,
  contentTypes,
  describeIssues,
  type Entry,
  queryString,
} from '@meridian/shared-types';
import { z } from 'zod';
import { BuildError } from '../../errors.ts';
import type { CmsClient } from './client.ts';

/** An entry that fits its contract. `raw` is what the CMS sent, `entry` what the contract made of it. */
export interface PulledEntry {
  id: string;
  raw: Readonly<Record<string, unknown>>;
  entry: Entry;
}

export type PulledEntries = Readonly<Record<ContentTypeName, readonly PulledEntry[]>>;

const pageSize = 100;
const pagesAtOnce = 4;
/** Pulls of a type whose count does not fit its total, as when someone publishes in the middle of one. */
const counts = 3;

const rawEntry = z.record(z.string(), z.unknown());
const list = z.object({
  data: z.array(rawEntry),
  meta: z.object({ pagination: z.object({ total: z.int().nonnegative() }) }),
});
const single = z.object({ data: rawEntry.nullable() });

/**
 * Pulls every published entry of every type. What does not fit the contract is added to `problems`, one line a fault.
 *
 * @throws BuildError when the CMS cannot be read, or its lists do not agree with their own totals
 */
export async function pullEntries(client: CmsClient, problems: string[]): Promise<PulledEntries> {
  const pull = async (name: ContentTypeName) =>
    checked(contentTypes[name], await rawEntries(client, contentTypes[name]), problems);
  return {
    clinic: await pull('clinic'),
    navigation: await pull('navigation'),
    'home-page': await pull('home-page'),
    'consultation-page': await pull('consultation-page'),
    provider: await pull('provider'),
    topic: await pull('topic'),
    page: await pull('page'),
    article: await pull('article'),
  };
}

function checked(
  type: ContentType,
  raws: readonly Readonly<Record<string, unknown>>[],
  problems: string[],
): PulledEntry[] {
  const entries: PulledEntry[] = [];
  for (const raw of raws) {
    const result = type.schema.safeParse(raw);
    if (result.success) entries.push({ id: result.data.documentId, raw, entry: result.data });
    else problems.push(...describeIssues(type.singularName, raw, result.error));
  }
  if (type.kind === 'singleType' && raws.length === 0) {
    problems.push(`${type.singularName}: is not published. Open it in the CMS, fill it in and publish it.`);
  }
  return entries;
}

async function rawEntries(
  client: CmsClient,
  type: ContentType,
): Promise<Readonly<Record<string, unknown>>[]> {
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
        `The CMS says that it has ${total} published entries of type ${type.singularName}, but sent ${entries.length} different ones. It was asked ${attempt} times. See whether the database of the CMS is whole, then build again.`,
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

async function page(client: CmsClient, type: ContentType, number: number) {
  const query = queryString(type.query, { pagination: { page: number, pageSize }, sort: ['documentId:asc'] });
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
