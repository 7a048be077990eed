import type { Core } from '@strapi/strapi';
import { actingAs } from '../access/actor.ts';
import { inTransaction, table } from '../internals.ts';
import { appendRevision, lockLog } from '../revisions/log.ts';
import { clinicZone, dayIn } from '../clinic/time-zone.ts';
import { ARTICLE } from './records.ts';

/** The clinic's day up to which it is written that reviews became overdue. */
const LOOKED_AT = { type: 'meridian', key: 'review-day' };
const EVERY_MINUTE = '7 * * * * *';

interface Overdue {
  documentId: string;
  title: string | null;
  reviewedOn: string | null;
  reviewer: object | null;
}

/** Looks every minute, while the server listens, whether a new day began at the clinic. */
export function startReviewCalendar(strapi: Core.Strapi, announce: (revision: number) => void): void {
  const { httpServer } = strapi.server;
  const run = async (): Promise<void> => {
    // Commands load Strapi as well: they have other work, and end when it is done.
    if (!httpServer.listening) return;
    try {
      await reviseOverdue(strapi, new Date(), announce);
    } catch (error) {
      const reason = error instanceof Error ? error.name : 'unknown';
      strapi.log.error(`Overdue reviews could not be noted; tried again in a minute: ${reason}`);
    }
  };
  httpServer.once('listening', () => void run());
  strapi.cron.add({ 'meridian-review-calendar': { task: run, options: EVERY_MINUTE } });
}

/**
 * Writes a revision for each published article whose review became overdue since the last look, so that its page is
 * fetched and built anew, and the list of releases says why. The lock of the log lets one process do so; what it has
 * looked at is kept in the same transaction, so that days on which the server was off are caught up with, once.
 *
 * @param announce is told the last revision once it is committed
 * @returns how many revisions were written
 */
export async function reviseOverdue(
  strapi: Core.Strapi,
  now: Date,
  announce: (revision: number) => void,
): Promise<number> {
  const today = dayIn(await clinicZone(strapi), now);
  return inTransaction(strapi, async (transaction) => {
    await lockLog(strapi, transaction);
    const day = (await strapi.store.get(LOOKED_AT)) as string | null;
    if (day !== null && day >= today && !isFarAhead(day, today)) return 0;
    await strapi.store.set({ ...LOOKED_AT, value: today });
    // Pages that a new installation builds are of today anyway; a day far ahead is of a clock that was wrong.
    if (day === null || day >= today) return 0;
    const due = await table<Overdue>(strapi, ARTICLE).findMany({
      where: { publishedAt: { $notNull: true }, nextReviewDue: { $gte: day, $lt: today } },
      populate: { reviewer: { select: ['documentId'] } },
      orderBy: { id: 'asc' },
    });
    const overdue = due.filter(({ reviewer, reviewedOn }) => reviewer !== null && reviewedOn !== null);
    let last: number | null = null;
    for (const { documentId, title } of overdue) {
      const change = { type: 'article', documentId, action: 'update', title } as const;
      last = await actingAs('the calendar: its review is overdue', () => appendRevision(strapi, change));
    }
    if (last !== null) {
      const revision = last;
      transaction.onCommit(() => {
        announce(revision);
      });
    }
    return overdue.length;
  });
}

/** A clock that wavers is off by a day at most. */
function isFarAhead(day: string, today: string): boolean {
  return Date.parse(day) - Date.parse(today) > 24 * 60 * 60 * 1000;
}
