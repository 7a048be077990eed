import type { Core } from '@strapi/strapi';
import { table, type Transaction } from '../internals.ts';
import { currentActor } from '../access/actor.ts';

export type RevisionAction = 'publish' | 'unpublish' | 'delete' | 'update';

/** A change of what patients see. `type` is a content type's singular name, or `media` for a file. */
export interface Change {
  type: string;
  documentId: string;
  action: RevisionAction;
  /** What staff call the entry, as it was then. */
  title: string | null;
}

/** A change in the log. */
export interface Revision extends Change {
  /** Counts up in the order in which changes were committed. */
  revision: number;
  actor: string | null;
  createdAt: string;
}

/** What a reader of the log gets. */
export interface Changes {
  data: Pick<Revision, 'revision' | 'type' | 'documentId' | 'action'>[];
  meta: {
    /** The latest revision; 0 when nothing was ever published. */
    revision: number;
    /** Whether `data` is all that happened since; if not, the reader has to read everything anew. */
    complete: boolean;
  };
}

interface Row {
  id: number;
  entryType: string;
  entryId: string;
  action: RevisionAction;
  title: string | null;
  actor: string | null;
  createdAt: string | Date;
}

const REVISION = 'api::revision.revision';
const PAGE = 1000;
/** How far back the log reaches. */
export const KEPT_REVISIONS = 10_000;
/** Old rows go this many at a time, so that a publish seldom pays for it. */
const SWEEP_EVERY = 100;
/** Any number will do as long as every replica uses the same: the letters "revi" as a 32-bit integer. */
const LOCK_KEY = 0x72657669;

/**
 * Makes this transaction the only one that publishes until it ends, so that revisions are numbered in the order in
 * which they are committed, and so that what a check found still holds when the change is written. SQLite has one
 * writer anyway.
 */
export async function lockLog(strapi: Core.Strapi, transaction: Transaction): Promise<void> {
  if (strapi.db.dialect.client !== 'postgres') return;
  await transaction.raw('SELECT pg_advisory_xact_lock(?)', [LOCK_KEY]);
}

/**
 * Writes a change into the log, within the transaction of the change itself.
 *
 * @returns its revision
 */
export async function appendRevision(strapi: Core.Strapi, change: Change): Promise<number> {
  const rows = table<{ id: number }>(strapi, REVISION);
  const { id } = await rows.create({
    data: {
      entryType: change.type,
      entryId: change.documentId,
      action: change.action,
      title: change.title,
      actor: currentActor(strapi),
    },
  });
  if (id % SWEEP_EVERY === 0) await rows.deleteMany({ where: { id: { $lte: id - KEPT_REVISIONS } } });
  return id;
}

/** What changed since a revision, oldest first, at most 1,000 changes at a time. */
export async function changesSince(strapi: Core.Strapi, since: number): Promise<Changes> {
  const { oldest, latest } = await reach(strapi);
  const complete = since <= latest && (since === latest || since >= oldest - 1);
  if (!complete) return { data: [], meta: { revision: latest, complete } };
  const rows = await table<Row>(strapi, REVISION).findMany({
    where: { id: { $gt: since, $lte: latest } },
    orderBy: { id: 'asc' },
    limit: PAGE,
  });
  const data = rows.map((row) => {
    const { revision, type, documentId, action } = revisionOf(row);
    return { revision, type, documentId, action };
  });
  return { data, meta: { revision: latest, complete } };
}

/** The changes after `from` up to and with `to`, newest first, at most `limit`. */
export async function revisionsBetween(
  strapi: Core.Strapi,
  from: number,
  to: number,
  limit: number,
): Promise<Revision[]> {
  const where = { id: { $gt: from, $lte: to } };
  const rows = await table<Row>(strapi, REVISION).findMany({ where, orderBy: { id: 'desc' }, limit });
  return rows.map(revisionOf);
}

/** The last change of one entry that the log still holds. */
export async function lastRevision(
  strapi: Core.Strapi,
  type: string,
  documentId: string,
): Promise<Revision | null> {
  const where = { entryType: type, entryId: documentId };
  const rows = await table<Row>(strapi, REVISION).findMany({ where, orderBy: { id: 'desc' }, limit: 1 });
  return rows[0] === undefined ? null : revisionOf(rows[0]);
}

async function reach(strapi: Core.Strapi): Promise<{ oldest: number; latest: number }> {
  const rows = table<{ id: number }>(strapi, REVISION);
  const end = async (direction: 'asc' | 'desc'): Promise<number> => {
    const found = await rows.findMany({ select: ['id'], orderBy: { id: direction }, limit: 1 });
    return found[0]?.id ?? 0;
  };
  const oldest = await end('asc');
  return { oldest, latest: await end('desc') };
}

function revisionOf({ id, entryType, entryId, action, title, actor, createdAt }: Row): Revision {
  return {
    revision: id,
    type: entryType,
    documentId: entryId,
    action,
    title,
    actor,
    createdAt: new Date(createdAt).toISOString(),
  };
}
