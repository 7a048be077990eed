import type { Core } from '@strapi/strapi';
import { inTransaction, table } from '../internals.ts';
import { noteErasures } from './erasure-notes.ts';
import { AUDIT, CHANGE, REQUEST, TOMBSTONE, type RequestRow } from './records.ts';

/** Why something left the database. */
export type AuditAction = 'expired' | 'erased' | 'deleted' | 'exported';

/** What identifies a request after it is gone: nothing about a person. */
export type Remains = Pick<RequestRow, 'documentId' | 'reference' | 'idempotencyKey'>;

/** Writes one line of the audit: what was done, by whom, to which references. */
export async function audit(
  strapi: Core.Strapi,
  action: AuditAction,
  by: string,
  references: readonly string[],
): Promise<void> {
  await table(strapi, AUDIT).create({
    data: { at: new Date(), action, by, count: references.length, references, publishedAt: new Date() },
  });
}

/** Marks a request as deleted for good: a delivery that is still under way will be answered, and not stored. */
export async function bury(
  strapi: Core.Strapi,
  reference: string,
  idempotencyKey: string | null,
): Promise<void> {
  await inTransaction(strapi, async ({ onCommit }) => {
    await table(strapi, TOMBSTONE).create({
      data: { reference, idempotencyKey, at: new Date(), publishedAt: new Date() },
    });
    onCommit(() => {
      noteErasures(strapi, [reference]);
    });
  });
}

/** Deletes requests with their notes and history, and leaves a tombstone each and one line of the audit. */
export async function remove(
  strapi: Core.Strapi,
  requests: readonly Remains[],
  action: AuditAction,
  by: string,
): Promise<void> {
  await strapi.db.transaction(async () => {
    // A transaction of SQLite that begins with a write can wait for another process; one that begins with a read cannot.
    await audit(
      strapi,
      action,
      by,
      requests.map(({ reference }) => reference),
    );
    for (const { documentId, reference, idempotencyKey } of requests) {
      await bury(strapi, reference, idempotencyKey);
      await forgetHistory(strapi, documentId);
      await table(strapi, REQUEST).deleteMany({ where: { documentId } });
    }
  });
}

/** Deletes the history of a request. */
export async function forgetHistory(strapi: Core.Strapi, documentId: string): Promise<void> {
  await table(strapi, CHANGE).deleteMany({ where: { request: documentId } });
}

/**
 * Erases one request by its reference, also one that has not been delivered yet: a tombstone waits for it.
 *
 * @returns how many requests were in the database
 */
export async function erase(strapi: Core.Strapi, reference: string, by: string): Promise<number> {
  const requests = table<RequestRow>(strapi, REQUEST);
  // The tombstone comes first: an intake at the same moment sees it, or we see its request.
  await bury(strapi, reference, null);
  const found = await requests.findMany({ where: { reference } });
  if (found.length > 0) await remove(strapi, found, 'erased', by);
  else await audit(strapi, 'erased', by, [reference]);
  await emptyLog(strapi);
  return found.length;
}

/** Lets SQLite empty its write-ahead log, in which what was deleted could still be read. Postgres sees to its own. */
export async function emptyLog(strapi: Core.Strapi): Promise<void> {
  if (strapi.db.dialect.client === 'sqlite')
    await strapi.db.connection.raw('PRAGMA wal_checkpoint(TRUNCATE)');
}
