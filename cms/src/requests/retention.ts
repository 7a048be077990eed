import type { Core } from '@strapi/strapi';
import type { MeridianConfig } from '../../config/meridian.ts';
import { table } from '../internals.ts';
import { remove } from './removal.ts';
import { REQUEST, type RequestRow } from './records.ts';

const DAY = 24 * 60 * 60 * 1000;
const SPAM_DAYS = 14;
/** The letters "requ" as a 32-bit integer: which of several replicas cleans up. */
const LOCK_KEY = 0x72657175;
const BATCH = 500;

/** As much of a Postgres transaction as the lock needs; Strapi declares it as `any`. */
interface Transaction {
  trx: { raw(statement: string, values: number[]): Promise<{ rows: { mine: boolean }[] }> };
}

/** The moments before which closed requests and spam have been kept long enough. */
export function expiryLimits(now: Date, retentionDays: number): { closed: Date; spam: Date } {
  return {
    closed: new Date(now.getTime() - retentionDays * DAY),
    spam: new Date(now.getTime() - SPAM_DAYS * DAY),
  };
}

/**
 * Deletes requests that were closed, or marked as spam, long enough ago. One replica does it, the others find the lock
 * taken.
 *
 * @returns how many were deleted
 */
export async function expireRequests(strapi: Core.Strapi, now = new Date()): Promise<number> {
  const { retentionDays } = strapi.config.get<MeridianConfig>('meridian');
  const limits = expiryLimits(now, retentionDays);
  return strapi.db.transaction(async ({ trx }: Transaction) => {
    if (strapi.db.dialect.client === 'postgres') {
      const { rows } = await trx.raw('SELECT pg_try_advisory_xact_lock(?) AS mine', [LOCK_KEY]);
      if (rows[0]?.mine !== true) return 0;
    }
    const expired = await table<RequestRow>(strapi, REQUEST).findMany({
      where: {
        $or: [
          { stage: 'closed', closedAt: { $lt: limits.closed } },
          { stage: 'spam', closedAt: { $lt: limits.spam } },
        ],
      },
      orderBy: { id: 'asc' },
      limit: BATCH,
    });
    if (expired.length > 0) await remove(strapi, expired, 'expired', 'Retention');
    return expired.length;
  });
}
