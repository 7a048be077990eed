import type { Core } from '@strapi/strapi';
import { errors } from '@strapi/utils';
import { table } from '../internals.ts';
import { EVENT, LINK, type ReviewEvent } from './records.ts';

const WRITES = ['create', 'clone', 'update', 'delete', 'publish', 'unpublish', 'discardDraft'];

/** The log is written here and nowhere else: the Document Service refuses every write of it, and of who is who. */
export function guardReviewLog(strapi: Core.Strapi): void {
  strapi.documents.use(async (context, next) => {
    if ((context.uid === EVENT || context.uid === LINK) && WRITES.includes(context.action)) {
      throw new errors.ForbiddenError('Records of clinical reviews are never changed by hand.');
    }
    return next();
  });
}

/** Adds a line to the log, in the transaction that is open. */
export async function appendEvent(
  strapi: Core.Strapi,
  event: Pick<ReviewEvent, 'articleId' | 'kind' | 'by' | 'digest'> & Partial<ReviewEvent>,
): Promise<void> {
  const now = new Date();
  await table(strapi, EVENT).create({ data: { ...event, at: now, publishedAt: now } });
}

/** The last line of some kinds about an article; null when there is none. */
export async function lastEvent(
  strapi: Core.Strapi,
  articleId: string,
  kinds: readonly ReviewEvent['kind'][],
): Promise<ReviewEvent | null> {
  const [last] = await table<ReviewEvent>(strapi, EVENT).findMany({
    where: { articleId, kind: { $in: kinds } },
    orderBy: { id: 'desc' },
    limit: 1,
  });
  return last ?? null;
}

/** The last lines about an article, newest first. */
export function lastEvents(strapi: Core.Strapi, articleId: string, limit: number): Promise<ReviewEvent[]> {
  return table<ReviewEvent>(strapi, EVENT).findMany({
    where: { articleId },
    orderBy: { id: 'desc' },
    limit,
  });
}
