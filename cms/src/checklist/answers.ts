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

/** What an address means: an entry, by its slug or its document id. */
interface Wanted {
  address: string;
  type: ContentType;
  where: Record<string, unknown>;
}

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
    deadLinks: await deadLinks(strapi, asked.urls),
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
  const known: KnownEntry[] = [];
  for (const type of types) {
    const ofType = wanted.filter((each) => each.type === type);
    if (ofType.length === 0) continue;
    const rows = await table<Row>(strapi, type.uid).findMany({
      where: { $or: ofType.map(({ where }) => where) },
      select: ['documentId', 'publishedAt', ...titleFields(strapi, type.uid)],
    });
    for (const { address, where } of ofType) {
      const versions = rows.filter((row) => matches(row, where));
      // A draft may be about to leave the address, so what is published there comes first.
      const entry = versions.find(({ publishedAt }) => publishedAt !== null) ?? versions[0];
      if (entry === undefined) continue;
      const { documentId } = entry;
      const joins = isPublishedTogether({ uid: type.uid, documentId });
      const isPublished = joins || entry.publishedAt !== null;
      known.push({
        address,
        title: mayRead(type.uid) ? titleOf(type, entry) : null,
        isPublished,
        anchors:
          isPublished && anchored.includes(address)
            ? await anchorsOn(strapi, type, documentId, joins ? 'draft' : 'published')
            : null,
      });
    }
  }
  return known;
}

/** Where addresses of before lead today, by address: the site answers them with a redirect. */
async function movedAddresses(
  strapi: Core.Strapi,
  addresses: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await table<RedirectRow>(strapi, REDIRECT).findMany({ where: { from: { $in: addresses } } });
  return new Map(rows.map(({ from, to }) => [from, to]));
}

/** `target` is what stands behind the address, which may be one that moved. */
function wantedBy(address: string, target: string, types: readonly ContentType[]): Wanted | null {
  const named = readEntryLink(target);
  const place = named === null ? readPublicPath(target.replace(/[?#].*$/s, '')) : named;
  const type = types.find(({ info }) => info.singularName === place?.type);
  if (place === null || type === undefined) return null;
  if ('documentId' in place) return { address, type, where: { documentId: place.documentId } };
  return { address, type, where: place.slug === null ? {} : { slug: place.slug } };
}

function matches(row: Row, where: Record<string, unknown>): boolean {
  return Object.entries(where).every(([name, value]) => Reflect.get(row, name) === value);
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
  if (asked.length === 0) return [];
  const paths = new Map(asked.map((each) => [each, pathOf(each)]));
  const files = await table<{ documentId: string; url: string; alternativeText: string | null }>(
    strapi,
    'plugin::upload.file',
  ).findMany({
    where: { $or: [{ documentId: { $in: asked } }, { url: { $in: [...asked, ...paths.values()] } }] },
    select: ['documentId', 'url', 'alternativeText'],
  });
  return asked.flatMap((each) => {
    const file = files.find(
      ({ documentId, url }) => documentId === each || url === each || url === paths.get(each),
    );
    return file === undefined ? [] : [{ asked: each, alternativeText: file.alternativeText }];
  });
}

function pathOf(address: string): string {
  return URL.canParse(address) ? new URL(address).pathname : address;
}
