import type { Core } from '@strapi/strapi';
import { entryLink, publicPath, readEntryLink } from '@meridian/shared-types';
import { siteTypes, table, type ContentType } from '../internals.ts';
import { dependentsOfEntry, dependentsOfPath, type Dependent } from '../publishing/dependents.ts';
import { editPath } from '../publishing/release-list.ts';
import { oldAddresses } from '../redirects/old-addresses.ts';
import { publishedPage } from '../redirects/pages.ts';
import { REDIRECT, type RedirectRow } from '../redirects/records.ts';
import type { LinkingEntry, LinksAnswer } from './answers.ts';

interface Row {
  documentId: string;
  slug?: string | null;
}

/**
 * What leads to an entry, and what its address will do.
 *
 * @param mayRead whether the person may read entries of a type
 */
export async function linksOfEntry(
  strapi: Core.Strapi,
  type: ContentType,
  documentId: string,
  mayRead: (uid: string) => boolean,
): Promise<LinksAnswer> {
  const rows = await table<Row & { publishedAt: unknown }>(strapi, type.uid).findMany({
    where: { documentId },
  });
  const published = rows.find(({ publishedAt }) => publishedAt !== null) ?? null;
  const draft = rows.find(({ publishedAt }) => publishedAt === null) ?? null;
  const { singularName } = type.info;
  const pathOf = (row: Row | null) => (row === null ? null : publicPath(singularName, row.slug ?? null));
  const dependents = await dependentsOfEntry(strapi, type.uid, published ?? { documentId });
  const link = entryLink({ type: singularName, documentId, anchor: '' });
  return {
    linkedFrom: named(strapi, dependents, mayRead),
    oldAddresses: (await oldAddresses(strapi, link)).map((redirect) => ({
      from: redirect.from,
      editPath: editPath({ uid: REDIRECT, kind: 'collectionType' }, redirect.documentId),
    })),
    notes: await notesOf(strapi, pathOf(published), pathOf(draft)),
  };
}

/** What links to the old address of a redirect, and why the redirect is of no use now. */
export async function linksOfRedirect(
  strapi: Core.Strapi,
  documentId: string,
  mayRead: (uid: string) => boolean,
): Promise<LinksAnswer> {
  const redirect = await table<RedirectRow>(strapi, REDIRECT).findOne({ where: { documentId } });
  if (redirect === null) return { linkedFrom: [], oldAddresses: [], notes: [] };
  const entry = readEntryLink(redirect.to);
  const isGone = entry !== null && (await publishedPage(strapi, entry.type, entry.documentId)) === null;
  return {
    linkedFrom: named(strapi, await dependentsOfPath(strapi, redirect.from), mayRead),
    oldAddresses: [],
    notes: isGone
      ? ['Not in use: the page that it leads to is not published. Publish that page, or choose another one.']
      : [],
  };
}

/** What publishing the draft does to addresses. */
async function notesOf(strapi: Core.Strapi, now: string | null, next: string | null): Promise<string[]> {
  if (next === null || next === now) return [];
  const notes =
    now === null
      ? []
      : [`Publishing moves this page from ${now} to ${next}. The old address leads here then.`];
  const taken = await table<RedirectRow>(strapi, REDIRECT).findOne({ where: { from: next } });
  return taken === null
    ? notes
    : [...notes, `Publishing removes the redirect from ${next}: patients get this page there.`];
}

function named(
  strapi: Core.Strapi,
  dependents: readonly Dependent[],
  mayRead: (uid: string) => boolean,
): LinkingEntry[] {
  const types = siteTypes(strapi);
  return dependents.map(({ uid, documentId, typeName, title }) => {
    const type = types.find((each) => each.uid === uid);
    return {
      typeName,
      title,
      editPath: type === undefined || !mayRead(uid) ? null : editPath(type, documentId),
    };
  });
}
