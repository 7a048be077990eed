import type { Core } from '@strapi/strapi';
import { errors } from '@strapi/utils';
import { currentActor } from '../access/actor.ts';
import { contentOf, type Content } from '../entries/content.ts';
import { differences } from '../entries/differences.ts';
import { excerpts } from '../entries/excerpt.ts';
import { labelsOf } from '../entries/labels.ts';
import { writtenAttributes } from '../entries/model.ts';
import { writeColumns } from '../internals.ts';
import { appendEvent, lastEvent } from './events.ts';
import { ARTICLE, DERIVED_FIELDS, REVIEW_FIELDS, type Change, type Claim } from './records.ts';
import { claimsReview, reviewedRows, settle, type Reviewed } from './standing.ts';

const WRITES = ['create', 'clone', 'update', 'publish', 'discardDraft'];
/** As many changes of one correction as the log spells out. */
const MOST_CHANGES = 30;
const NO_CLAIM = { reviewer: null, reviewedOn: null, nextReviewDue: null };

interface Params {
  documentId?: string;
  status?: string;
  data?: Record<string, unknown>;
}

/** Who writes: `system` for seeding, import and jobs, which nobody's request began. */
type Writer = 'system' | 'owner' | 'staff' | 'token';

/**
 * Stands in the Document Service, through which forms, bulk actions, the API, schedules and restored versions all
 * write: who reviewed an article and when is set by the reviewer's own action alone ({@link approve}), a copy of an
 * article is not reviewed, and a text that differs from the approved one is published with a stated reason only. All
 * of it is checked in the transaction of the write.
 */
export function guardReview(strapi: Core.Strapi): void {
  strapi.documents.use(async (context, next) => {
    const { uid, action } = context;
    if (uid !== ARTICLE || !WRITES.includes(action)) return next();
    const params = context.params as Params;
    const writer = currentWriter(strapi);
    const data = permitted(params.data, writer, action);
    if (data !== undefined) params.data = data;
    return strapi.db.transaction(async () => {
      const publishes = action === 'publish' || params.status === 'published';
      const isNew = action === 'create' || action === 'clone';
      const mayClaim = writer !== 'staff' && (action === 'create' || action === 'update');
      const before =
        !isNew && params.documentId !== undefined && (publishes || mayClaim)
          ? await reviewedRows(strapi, params.documentId)
          : { draft: null, published: null };
      const outcome = await next();
      const documentId = documentOf(outcome) ?? params.documentId;
      if (documentId === undefined) return outcome;
      const after = await reviewedRows(strapi, documentId);
      if (mayClaim && after.draft !== null) {
        await checkClaim(strapi, before.draft?.claim ?? null, after.draft, writer);
        // What was published by the same write was copied from the draft before that was decided.
        if (publishes && after.published !== null) {
          const { reviewedOn, nextReviewDue, reviewedDigest } = after.draft.claim;
          Object.assign(after.published.claim, { reviewedOn, nextReviewDue, reviewedDigest });
        }
      }
      if (publishes) await checkCorrection(strapi, before.published, after);
      await settle(strapi, documentId, after);
      return outcome;
    });
  });
}

/**
 * Whether a text may go out only with a stated reason: it was reviewed, differs from what was approved, and no reason
 * was stated for it yet.
 */
export async function needsReason(strapi: Core.Strapi, { row, claim, digest }: Reviewed): Promise<boolean> {
  if (!claimsReview(claim) || claim.reviewedDigest === null || claim.reviewedDigest === digest) return false;
  const last = await lastEvent(strapi, row.documentId, ['approval', 'by-hand', 'correction']);
  return !(last?.kind === 'correction' && last.digest === digest);
}

/** What of a write counts: nobody writes what the CMS keeps itself, and forms show a review without changing it. */
function permitted(data: Params['data'], writer: Writer, action: string): Params['data'] {
  if (action === 'clone') return { ...data, ...NO_CLAIM, reviewedDigest: null, correction: null };
  if (data === undefined) return undefined;
  const passedOver: readonly string[] =
    writer === 'staff' ? [...DERIVED_FIELDS, ...REVIEW_FIELDS] : DERIVED_FIELDS;
  return Object.fromEntries(Object.entries(data).filter(([name]) => !passedOver.includes(name)));
}

/**
 * What a write did to the review itself, which only the owner and the system may.
 *
 * @param draft as it was written; its claim follows what is decided here
 */
async function checkClaim(
  strapi: Core.Strapi,
  before: Claim | null,
  { row, claim, digest }: Reviewed,
  writer: Writer,
): Promise<void> {
  if (sameClaim(before ?? NO_CLAIM, claim)) return;
  if (writer !== 'system' && writer !== 'owner') {
    throw new errors.PolicyError(
      'Reviewer, day of review and next review cannot be written. A clinical reviewer sets them, in the panel "Clinical review" of the article.',
    );
  }
  if (writer === 'owner' && before !== null && (await isStale(strapi, row.documentId, before, claim))) {
    const { reviewedOn, nextReviewDue } = before;
    await writeColumns(strapi, ARTICLE, row.id, { reviewedOn, nextReviewDue });
    Object.assign(claim, { reviewedOn, nextReviewDue });
    return;
  }
  // What was reviewed now is the text that this came with.
  claim.reviewedDigest = null;
  await writeColumns(strapi, ARTICLE, row.id, { reviewedDigest: null });
  if (writer === 'system') return;
  await appendEvent(strapi, {
    articleId: row.documentId,
    kind: 'by-hand',
    by: currentActor(strapi) ?? 'The owner',
    reviewer: claim.reviewer?.name ?? null,
    reviewedOn: claim.reviewedOn,
    nextReviewDue: claim.nextReviewDue,
    digest,
  });
}

/** Whether a form that was opened before the last approval sent the days of then along with what it changed. */
async function isStale(
  strapi: Core.Strapi,
  documentId: string,
  stored: Claim,
  sent: Claim,
): Promise<boolean> {
  const last = await lastEvent(strapi, documentId, ['approval', 'by-hand']);
  return (
    last?.kind === 'approval' &&
    stored.reviewer?.documentId === sent.reviewer?.documentId &&
    (last.before?.reviewedOn ?? null) === sent.reviewedOn &&
    (last.before?.nextReviewDue ?? null) === sent.nextReviewDue
  );
}

/** @throws ValidationError (400) when the text that was just published needs a reason and none was stated */
async function checkCorrection(
  strapi: Core.Strapi,
  before: Reviewed | null,
  { draft, published }: { draft: Reviewed | null; published: Reviewed | null },
): Promise<void> {
  if (published === null) return;
  const { claim, digest } = published;
  const reason = draft?.claim.correction ?? null;
  if (await needsReason(strapi, published)) {
    if (reason === null) throw new errors.ValidationError(refusal(published));
    await appendEvent(strapi, {
      articleId: published.row.documentId,
      kind: 'correction',
      by: currentActor(strapi) ?? 'Meridian',
      reviewer: claim.reviewer?.name ?? null,
      note: reason,
      digest,
      changes: before === null ? null : await changesBetween(strapi, before, published),
    });
  }
  if (reason === null) return;
  for (const each of [draft, published]) {
    if (each !== null) await writeColumns(strapi, ARTICLE, each.row.id, { correction: null });
  }
}

function refusal({ row, claim }: Reviewed): string {
  const { reviewer, reviewedOn } = claim;
  return (
    `Article "${String(row['title'])}": its text is not the one that ${reviewer?.name ?? 'the reviewer'} ` +
    `approved${reviewedOn === null ? '' : ` on ${longDay(reviewedOn)}`}. State the reason for the correction in the panel "Clinical review" and ` +
    'publish again, or ask for a new review first.'
  );
}

function longDay(day: string): string {
  return new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(day));
}

async function changesBetween(strapi: Core.Strapi, before: Reviewed, after: Reviewed): Promise<Change[]> {
  const content = ({ row }: Reviewed): Content => contentOf(strapi, ARTICLE, row);
  const labels = await labelsOf(strapi, ARTICLE);
  const attributesOf = (uid: string) => writtenAttributes(strapi, uid);
  return differences(content(before), content(after), { uid: ARTICLE, attributesOf, labels })
    .slice(0, MOST_CHANGES)
    .map(({ label, ...texts }) => ({ label, ...excerpts(texts.before, texts.after) }));
}

function sameClaim(a: Pick<Claim, keyof typeof NO_CLAIM>, b: Pick<Claim, keyof typeof NO_CLAIM>): boolean {
  return (
    a.reviewer?.documentId === b.reviewer?.documentId &&
    a.reviewedOn === b.reviewedOn &&
    a.nextReviewDue === b.nextReviewDue
  );
}

function currentWriter(strapi: Core.Strapi): Writer {
  const request = strapi.requestContext.get();
  if (request === undefined) return 'system';
  const state = request.state as {
    user?: { roles?: { code: string }[] };
    auth?: { strategy?: { name?: string } };
  };
  if (state.auth?.strategy?.name !== 'admin') return 'token';
  return (state.user?.roles ?? []).some(({ code }) => code === 'strapi-super-admin') ? 'owner' : 'staff';
}

function documentOf(outcome: unknown): string | undefined {
  return (outcome as { documentId?: string } | null | undefined)?.documentId;
}
