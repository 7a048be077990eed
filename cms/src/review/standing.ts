import type { Core } from '@strapi/strapi';
import { contentOf, listOf, readRows, type Row } from '../entries/content.ts';
import { table, writeColumns } from '../internals.ts';
import { digestOf } from './digest.ts';
import { lastEvent } from './events.ts';
import { ARTICLE, type Claim, type Standing } from './records.ts';

/** A row of an article with what it claims and the digest of what it says. */
export interface Reviewed {
  row: Row;
  claim: Claim;
  digest: string;
}

/** Draft and published row of an article, whichever there are. */
export async function reviewedRows(
  strapi: Core.Strapi,
  documentId: string,
): Promise<{ draft: Reviewed | null; published: Reviewed | null }> {
  const { draft, published } = await readRows(strapi, ARTICLE, documentId);
  const reviewed = (row: Row | null): Reviewed | null =>
    row === null ? null : { row, claim: claimOf(row), digest: digestOf(contentOf(strapi, ARTICLE, row)) };
  return { draft: reviewed(draft), published: reviewed(published) };
}

/** Whether a row says that it was reviewed: by somebody, and on a day. */
export function claimsReview({ reviewer, reviewedOn }: Pick<Claim, 'reviewer' | 'reviewedOn'>): boolean {
  return reviewer !== null && reviewedOn !== null;
}

/**
 * How a text stands to its review.
 *
 * @param approved digest of the approved text; null when there is none
 * @param objected digest of the text that a reviewer wants changed; null when the last word was another
 */
export function standingOf(digest: string, approved: string | null, objected: string | null): Standing {
  if (objected === digest) return 'Changes needed';
  if (approved === null) return 'Not reviewed';
  return approved === digest ? 'Reviewed' : 'Changed since review';
}

/**
 * Writes beside the rows of an article how they stand to their review. A review that says nothing of its text, such as
 * one that came with the content of a file, is taken to be of the text that it came with.
 *
 * @param rows as they are now, for who has read them already
 */
export async function settle(
  strapi: Core.Strapi,
  documentId: string,
  rows?: { draft: Reviewed | null; published: Reviewed | null },
): Promise<void> {
  const { draft, published } = rows ?? (await reviewedRows(strapi, documentId));
  const last = await lastEvent(strapi, documentId, ['approval', 'changes-needed', 'by-hand']);
  const objected = last?.kind === 'changes-needed' ? last.digest : null;
  for (const each of [draft, published]) {
    if (each === null) continue;
    const { row, claim, digest } = each;
    const reviewedDigest = claimsReview(claim) ? (claim.reviewedDigest ?? digest) : null;
    const reviewStanding = standingOf(digest, reviewedDigest, objected);
    if (reviewedDigest === claim.reviewedDigest && reviewStanding === claim.reviewStanding) continue;
    await writeColumns(strapi, ARTICLE, row.id, { reviewedDigest, reviewStanding });
  }
}

/** Settles the articles of an earlier version of Meridian, which kept no standing. */
export async function settleOldArticles(strapi: Core.Strapi): Promise<void> {
  const articles = table<{ documentId: string }>(strapi, ARTICLE);
  await articles.updateMany({
    where: { reviewStanding: null, reviewedOn: null },
    data: { reviewStanding: 'Not reviewed' },
  });
  const reviewed = await articles.findMany({ where: { reviewStanding: null }, select: ['documentId'] });
  for (const documentId of new Set(reviewed.map((each) => each.documentId))) await settle(strapi, documentId);
}

function claimOf(row: Row): Claim {
  const text = (name: string): string | null => {
    const value = row[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const [reviewer] = listOf(row['reviewer']) as { documentId: string; name: string | null }[];
  return {
    reviewer: reviewer ?? null,
    reviewedOn: text('reviewedOn'),
    nextReviewDue: text('nextReviewDue'),
    reviewedDigest: text('reviewedDigest'),
    reviewStanding: text('reviewStanding') as Standing | null,
    correction: text('correction'),
  };
}
