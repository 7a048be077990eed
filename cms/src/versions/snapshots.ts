import type { Core, UID } from '@strapi/strapi';
import { errors } from '@strapi/utils';
import { currentActor } from '../access/actor.ts';
import { contentOf, readRows, type Content } from '../entries/content.ts';
import { isPublicType, table } from '../internals.ts';

const VERSION = 'api::version.version' as UID.ContentType;
const WRITES = ['create', 'clone', 'update', 'delete', 'publish', 'unpublish', 'discardDraft'];
/** Versions of one entry that are kept. */
export const KEPT_VERSIONS = 50;

/** An entry as it was published. */
export interface Version {
  id: number;
  at: string | Date;
  /** Who published it; null for jobs and commands. */
  by: string | null;
}

interface VersionRow extends Version {
  content: Content;
}

/**
 * Keeps a version at each publish of a public type, in the transaction of the publish, whoever publishes. Versions go
 * with their entry when it is deleted, and stay when it is unpublished.
 */
export function keepVersions(strapi: Core.Strapi): void {
  strapi.documents.use(async (context, next) => {
    const { uid, action, contentType } = context;
    const params = context.params as { documentId?: string; status?: string };
    const writes = action === 'create' || action === 'update';
    const publishes = action === 'publish' || (writes && params.status === 'published');
    if (!isPublicType(contentType) || !(publishes || action === 'delete')) return next();
    return strapi.db.transaction(async () => {
      const outcome = await next();
      const { documentId = params.documentId } = (outcome ?? {}) as { documentId?: string };
      if (documentId === undefined) return outcome;
      if (publishes) await keepVersion(strapi, uid, documentId);
      else await table(strapi, VERSION).deleteMany({ where: ofEntry(uid, documentId) });
      return outcome;
    });
  });
}

/** Versions are written here and nowhere else: the Document Service refuses every write of them. */
export function guardVersions(strapi: Core.Strapi): void {
  strapi.documents.use(async (context, next) => {
    if (context.uid === VERSION && WRITES.includes(context.action)) {
      throw new errors.ForbiddenError('Versions are never changed by hand.');
    }
    return next();
  });
}

/** Keeps what is published of an entry now as its newest version, and lets the oldest go. */
export async function keepVersion(
  strapi: Core.Strapi,
  uid: UID.ContentType,
  documentId: string,
): Promise<void> {
  const { published } = await readRows(strapi, uid, documentId);
  if (published === null) return;
  const versions = table<VersionRow>(strapi, VERSION);
  const at = new Date();
  await versions.create({
    data: {
      ...ofEntry(uid, documentId),
      at,
      by: currentActor(strapi),
      content: contentOf(strapi, uid, published),
      publishedAt: at,
    },
  });
  const old = await versions.findMany({
    select: ['id'],
    where: ofEntry(uid, documentId),
    orderBy: { id: 'desc' },
    offset: KEPT_VERSIONS,
    limit: KEPT_VERSIONS,
  });
  if (old.length > 0) await versions.deleteMany({ where: { id: { $in: old.map(({ id }) => id) } } });
}

/** The versions of an entry, newest first, without what they hold. */
export function versionsOf(
  strapi: Core.Strapi,
  uid: UID.ContentType,
  documentId: string,
): Promise<Version[]> {
  return table<Version>(strapi, VERSION).findMany({
    select: ['id', 'at', 'by'],
    where: ofEntry(uid, documentId),
    orderBy: { id: 'desc' },
  });
}

/** One version of an entry; null when it is gone or belongs to another entry. */
export function findVersion(
  strapi: Core.Strapi,
  uid: UID.ContentType,
  documentId: string,
  id: number,
): Promise<VersionRow | null> {
  return table<VersionRow>(strapi, VERSION).findOne({ where: { ...ofEntry(uid, documentId), id } });
}

/** The version of an entry that was published before another one; null when that was the first that is kept. */
export async function versionBefore(
  strapi: Core.Strapi,
  uid: UID.ContentType,
  documentId: string,
  id: number,
): Promise<VersionRow | null> {
  const [before] = await table<VersionRow>(strapi, VERSION).findMany({
    where: { ...ofEntry(uid, documentId), id: { $lt: id } },
    orderBy: { id: 'desc' },
    limit: 1,
  });
  return before ?? null;
}

function ofEntry(uid: UID.ContentType, documentId: string): { entryType: string; entryId: string } {
  return { entryType: uid, entryId: documentId };
}
