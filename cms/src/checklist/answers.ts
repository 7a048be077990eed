import {
  anchorsOf,
  type KnownEntry,
  type Questions,
  type Surroundings,
} from '@meridian/shared-types/checklist';
import { publicPath, readEntryLink, readPublicPath } from '@meridian/shared-types';
import type { Core, UID } from '@strapi/strapi';
import type { MeridianConfig } from '../../config/meridian.ts';
import { publicTypes, table, type ContentType } from '../internals.ts';
import { titleOf, type Titled } from '../publishing/titles.ts';
import { clinicZone, dayIn } from '../clinic/time-zone.ts';
import { deadLinks } from '../external-links/records.ts';
import { REDIRECT, type RedirectRow } from '../redirects/records.ts';
import { findEntry } from './entries.ts';
import { isPublishedTogether } from './together.ts';

interface Row extends Titled {
  documentId: string;
  publishedAt: unknown;
}

/** What an address means: an entry, by its document id or its slug; by neither when its type has but one. */
interface Wanted {
  address: string;
  type: ContentType;
  documentId?: string;
  slug?: string;
}

/** Values in one query. SQLite takes 32,766, and a query of files has three for each that is asked. */
const AT_ONCE = 10_000;

/**
 * Answers what the checklist of an entry asks about the rest.
 *
 * @param type uid of the entry
 * @param documentId of the entry; '' while it has none
 * @param mayRead whether titles of a type may be told
 */
export async function answerQuestions(
  strapi: Core.Strapi,
  type: UID.ContentType,
  documentId: string,
  asked: Questions,
  mayRead: (uid: string) => boolean,
): Promise<Surroundings> {
  const clinic = await table<{ allowsUnreviewed: boolean | null }>(strapi, 'api::clinic.clinic').findOne({
    where: { publishedAt: { $notNull: true } },
  });
  return {
    asked,
    siteUrl: new URL(strapi.config.get<MeridianConfig['siteUrl']>('meridian.siteUrl')).origin,
    today: dayIn(await clinicZone(strapi), new Date()),
    allowsUnreviewed: clinic?.allowsUnreviewed ?? true,
    slugTakenBy: await twinOf(strapi, type, documentId, asked.slug),
    entries: await knownEntries(strapi, asked, mayRead),
    deadLinks: await inTurns(asked.urls, (urls) => deadLinks(strapi, urls)),
    files: await knownFiles(strapi, asked.files),
  };
}

async function twinOf(strapi: Core.Strapi, uid: UID.ContentType, documentId: string, slug: string) {
  if (slug === '' || !('slug' in strapi.contentType(uid).attributes)) return null;
  const twin = await table<Row>(strapi, uid).findOne({
    where: { slug: { $eqi: slug }, documentId: { $ne: documentId }, publishedAt: { $notNull: true } },
  });
  return twin === null ? null : (twin.title ?? twin.name ?? twin.documentId);
}

async function knownEntries(
  strapi: Core.Strapi,
  { addresses, anchorsOf: anchored }: Questions,
  mayRead: (uid: string) => boolean,
): Promise<KnownEntry[]> {
  const types = publicTypes(strapi);
  const moved = await movedAddresses(strapi, addresses);
  const wanted = addresses.flatMap(
    (address) => wantedBy(address, moved.get(address) ?? address, types) ?? [],
  );
  const withAnchors = new Set(anchored);
  const known: KnownEntry[] = [];
  for (const type of types) {
    const ofType = wanted.filter((each) => each.type === type);
    const rows = byKey(await inTurns(ofType, (some) => rowsOf(strapi, type, some)));
    for (const each of ofType) {
      const entry = rows.get(keyOf(each));
      if (entry === undefined) continue;
      const { documentId } = entry;
      const joins = isPublishedTogether({ uid: type.uid, documentId });
      const isPublished = joins || entry.publishedAt !== null;
      known.push({
        address: each.address,
        title: mayRead(type.uid) ? titleOf(type, entry) : null,
        isPublished,
        anchors:
          isPublished && withAnchors.has(each.address)
            ? await anchorsOn(strapi, type, documentId, joins ? 'draft' : 'published')
            : null,
      });
    }
  }
  return known;
}

/** All versions of the entries of a type that are wanted. */
function rowsOf(strapi: Core.Strapi, { uid, kind }: ContentType, wanted: readonly Wanted[]): Promise<Row[]> {
  const documentIds = wanted.flatMap(({ documentId }) => documentId ?? []);
  const slugs = wanted.flatMap(({ slug }) => slug ?? []);
  // Lists, for SQLite refuses a query with a thousand alternatives.
  const alternatives = [
    ...(documentIds.length > 0 ? [{ documentId: { $in: documentIds } }] : []),
    ...(slugs.length > 0 ? [{ slug: { $in: slugs } }] : []),
  ];
  return table<Row>(strapi, uid).findMany({
    where: kind === 'singleType' ? {} : { $or: alternatives },
    select: ['documentId', 'publishedAt', ...titleFields(strapi, uid)],
  });
}

/** Entries by all that they may be wanted by. A draft may be about to leave an address, so what is published comes first. */
function byKey(rows: readonly Row[]): ReadonlyMap<string, Row> {
  const found = new Map<string, Row>();
  for (const row of rows) {
    const keys = [keyOf({}), keyOf({ documentId: row.documentId }), keyOf({ slug: row.slug ?? '' })];
    for (const key of keys) {
      const before = found.get(key);
      if (before === undefined || (before.publishedAt === null && row.publishedAt !== null))
        found.set(key, row);
    }
  }
  return found;
}

function keyOf({ documentId, slug }: Pick<Wanted, 'documentId' | 'slug'>): string {
  return JSON.stringify([documentId ?? null, slug ?? null]);
}

/** Where addresses of before lead today, by address: the site answers them with a redirect. */
async function movedAddresses(
  strapi: Core.Strapi,
  addresses: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await inTurns(addresses, (some) =>
    table<RedirectRow>(strapi, REDIRECT).findMany({ where: { from: { $in: some } } }),
  );
  return new Map(rows.map(({ from, to }) => [from, to]));
}

/** `target` is what stands behind the address, which may be one that moved. */
function wantedBy(address: string, target: string, types: readonly ContentType[]): Wanted | null {
  const named = readEntryLink(target);
  const place = named === null ? readPublicPath(target.replace(/[?#].*$/s, '')) : named;
  const type = types.find(({ info }) => info.singularName === place?.type);
  if (place === null || type === undefined) return null;
  if ('documentId' in place) return { address, type, documentId: place.documentId };
  return place.slug === null ? { address, type } : { address, type, slug: place.slug };
}

function titleFields(strapi: Core.Strapi, uid: UID.ContentType): string[] {
  return ['title', 'name', 'slug'].filter((name) => name in strapi.contentType(uid).attributes);
}

/** Pages that are made of more than their entry have places that nobody here knows of. */
async function anchorsOn(
  strapi: Core.Strapi,
  { uid, kind, info: { singularName } }: ContentType,
  documentId: string,
  status: 'draft' | 'published',
): Promise<string[] | null> {
  if (kind === 'singleType' || publicPath(singularName, 'any') === null) return null;
  const entry = await findEntry(strapi, uid, documentId, status);
  return entry === null ? null : anchorsOf(singularName, entry);
}

async function knownFiles(strapi: Core.Strapi, asked: readonly string[]): Promise<Surroundings['files']> {
  const files = await inTurns(asked, (some) =>
    table<{ documentId: string; url: string; alternativeText: string | null }>(
      strapi,
      'plugin::upload.file',
    ).findMany({
      where: { $or: [{ documentId: { $in: some } }, { url: { $in: [...some, ...some.map(pathOf)] } }] },
      select: ['documentId', 'url', 'alternativeText'],
    }),
  );
  const byId = new Map(files.map((file) => [file.documentId, file]));
  const byUrl = new Map(files.map((file) => [file.url, file]));
  return asked.flatMap((each) => {
    const file = byId.get(each) ?? byUrl.get(each) ?? byUrl.get(pathOf(each));
    return file === undefined ? [] : [{ asked: each, alternativeText: file.alternativeText }];
  });
}

/** Asks for as many values at a time as a database takes, and not at all for none. */
async function inTurns<Value, Answer>(
  values: readonly Value[],
  ask: (some: readonly Value[]) => Promise<Answer[]>,
): Promise<Answer[]> {
  const answers: Answer[][] = [];
  for (let start = 0; start < values.length; start += AT_ONCE) {
    answers.push(await ask(values.slice(start, start + AT_ONCE)));
  }
  return answers.flat();
}

function pathOf(address: string): string {
  return URL.canParse(address) ? new URL(address).pathname : address;
}
