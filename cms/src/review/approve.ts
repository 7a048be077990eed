import type { Core } from '@strapi/strapi';
import { errors } from '@strapi/utils';
import { displayName } from '../access/actor.ts';
import { inTransaction, table, writeColumns } from '../internals.ts';
import { titleOf } from '../publishing/titles.ts';
import { appendRevision, lockLog } from '../revisions/log.ts';
import { clinicZone, dayIn } from '../clinic/time-zone.ts';
import { keepVersion } from '../versions/snapshots.ts';
import { dueFault, intervalOf, monthsAfter } from './due.ts';
import { appendEvent } from './events.ts';
import { ARTICLE } from './records.ts';
import { reviewerOf, type Reviewer, type User } from './reviewers.ts';
import { reviewedRows, settle, type Reviewed } from './standing.ts';

const LONGEST_NOTE = 2000;

/** What a reviewer says of an article, and which state of its draft they had before them. */
export interface Verdict {
  documentId: string;
  /** `updatedAt` of the draft as the reviewer saw it. */
  updatedAt: string;
}

/**
 * Records that a reviewer found the draft right today, on the draft and, when patients read the same text already, on
 * what is published: that goes live at once. The dates of the last change stay what they were.
 *
 * @param nextReviewDue the day that the reviewer chose; null: reckoned from the interval of topics or clinic
 * @param announce is told the revision once it is committed
 * @throws PolicyError (403) unless the user may review; ValidationError (400) when the draft has changed meanwhile
 */
export async function approve(
  strapi: Core.Strapi,
  user: User,
  { documentId, updatedAt, nextReviewDue }: Verdict & { nextReviewDue: string | null },
  announce: (revision: number) => void,
): Promise<void> {
  const reviewer = await requireReviewer(strapi, user);
  const today = dayIn(await clinicZone(strapi), new Date());
  const fault = nextReviewDue === null ? null : dueFault(nextReviewDue, today);
  if (fault !== null) throw new errors.ValidationError(fault);
  await inTransaction(strapi, async (transaction) => {
    await lockLog(strapi, transaction);
    const { draft, published } = await seenRows(strapi, documentId, updatedAt);
    const due = nextReviewDue ?? (await reckonedDue(strapi, draft, today));
    const { claim, digest } = draft;
    await appendEvent(strapi, {
      articleId: documentId,
      kind: 'approval',
      by: displayName(user),
      reviewer: reviewer.name,
      digest,
      reviewedOn: today,
      nextReviewDue: due,
      before: { reviewedOn: claim.reviewedOn, nextReviewDue: claim.nextReviewDue },
    });
    const days = { reviewedOn: today, nextReviewDue: due, reviewedDigest: digest };
    await writeClaim(strapi, draft, { reviewer: reviewer.draftRow, ...days });
    const isPublic = published !== null && published.digest === digest;
    if (isPublic) await writeClaim(strapi, published, { reviewer: reviewer.publishedRow, ...days });
    await settle(strapi, documentId);
    if (!isPublic) return;
    await keepVersion(strapi, ARTICLE, documentId);
    const revision = await appendRevision(strapi, {
      type: 'article',
      documentId,
      action: 'update',
      title: titleOf(strapi.contentType(ARTICLE), published.row),
    });
    transaction.onCommit(() => {
      announce(revision);
    });
  });
}

/**
 * Records what a reviewer wants changed; nothing that patients see changes.
 *
 * @throws PolicyError (403) unless the user may review; ValidationError (400) without a note
 */
export async function requestChanges(
  strapi: Core.Strapi,
  user: User,
  { documentId, updatedAt, note }: Verdict & { note: string },
): Promise<void> {
  const reviewer = await requireReviewer(strapi, user);
  const text = checkedNote(note, 'Say what has to change.');
  await strapi.db.transaction(async () => {
    const { draft } = await seenRows(strapi, documentId, updatedAt);
    await appendEvent(strapi, {
      articleId: documentId,
      kind: 'changes-needed',
      by: displayName(user),
      reviewer: reviewer.name,
      note: text,
      digest: draft.digest,
    });
    await settle(strapi, documentId);
  });
}

/**
 * Keeps the reason for which the next publish may carry a text that was not reviewed.
 *
 * @throws ValidationError (400) without a reason; NotFoundError (404) without such an article
 */
export async function stateReason(strapi: Core.Strapi, documentId: string, reason: string): Promise<void> {
  const correction = checkedNote(reason, 'Say why the text is corrected.');
  const draft = await table<{ id: number }>(strapi, ARTICLE).findOne({
    where: { documentId, publishedAt: null },
  });
  if (draft === null) throw new errors.NotFoundError('There is no such article. It may have been deleted.');
  await writeColumns(strapi, ARTICLE, draft.id, { correction });
}

/** The day on which an article would be due again if it were approved today: see {@link intervalOf}. */
export async function reckonedDue(
  strapi: Core.Strapi,
  { row }: Pick<Reviewed, 'row'>,
  today: string,
): Promise<string> {
  const intervals = (rows: readonly unknown[]): (number | null)[] =>
    rows.map((each) => (each as { reviewIntervalMonths?: number | null }).reviewIntervalMonths ?? null);
  const topics = Array.isArray(row['topics']) ? row['topics'] : [];
  const clinics = await table<{ publishedAt: unknown }>(strapi, 'api::clinic.clinic').findMany({});
  const clinic = clinics.find(({ publishedAt }) => publishedAt !== null) ?? clinics[0];
  const [clinicMonths = null] = intervals(clinic === undefined ? [] : [clinic]);
  return monthsAfter(today, intervalOf(intervals(topics), clinicMonths));
}

async function requireReviewer(strapi: Core.Strapi, user: User): Promise<Reviewer> {
  const found = await reviewerOf(strapi, user);
  if (found.reviewer !== null) return found.reviewer;
  // Of refusals, Strapi shows the words of this kind alone.
  throw new errors.PolicyError(found.why ?? 'Only people with the role Clinical reviewer can review.');
}

/** Draft and published row, if the draft is still the one that somebody saw. */
async function seenRows(
  strapi: Core.Strapi,
  documentId: string,
  updatedAt: string,
): Promise<{ draft: Reviewed; published: Reviewed | null }> {
  const { draft, published } = await reviewedRows(strapi, documentId);
  if (draft === null) throw new errors.NotFoundError('There is no such article. It may have been deleted.');
  if (new Date(String(draft.row['updatedAt'])).getTime() !== new Date(updatedAt).getTime()) {
    throw new errors.ValidationError(
      'The article was changed after you opened it. Reload the page, read what is new, and decide again.',
    );
  }
  return { draft, published };
}

async function writeClaim(
  strapi: Core.Strapi,
  { row }: Reviewed,
  data: Record<string, unknown>,
): Promise<void> {
  await table(strapi, ARTICLE).update({ where: { id: row.id }, data });
  // A review changes no text: pages go on saying when they were changed last, and the list that nothing is modified.
  await writeColumns(strapi, ARTICLE, row.id, { updatedAt: row['updatedAt'] });
}

function checkedNote(note: string, missing: string): string {
  const text = note.trim();
  if (text === '') throw new errors.ValidationError(missing);
  if (text.length > LONGEST_NOTE) {
    throw new errors.ValidationError(`Say it in at most ${String(LONGEST_NOTE)} characters.`);
  }
  return text;
}
