import type { Core } from '@strapi/strapi';
import { inTransaction } from '../internals.ts';

const CLAIM = { type: 'meridian', key: 'external-links' };
/** Any number will do as long as every replica uses the same: the letters "link" as a 32-bit integer. */
const LOCK_KEY = 0x6c696e6b;
/** Less than a day, so that a clock that wavers skips none. */
const ROUND = 20 * 60 * 60 * 1000;

/**
 * Claims the round of today. Of several replicas one gets it; nothing is locked while links are tried. Who dies with a
 * claim leaves the rest to the next day.
 */
export async function claimRound(strapi: Core.Strapi, now: Date): Promise<boolean> {
  return inTransaction(strapi, async (transaction) => {
    if (strapi.db.dialect.client === 'postgres') {
      await transaction.raw('SELECT pg_advisory_xact_lock(?)', [LOCK_KEY]);
    }
    const last: unknown = await strapi.store.get(CLAIM);
    // One from far ahead was made while the clock was wrong.
    if (typeof last === 'number' && Math.abs(now.getTime() - last) < ROUND) return false;
    await strapi.store.set({ ...CLAIM, value: now.getTime() });
    return true;
  });
}
