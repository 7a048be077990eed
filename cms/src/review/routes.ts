import type { Core } from '@strapi/strapi';
import { errors, z } from '@strapi/utils';
import { adminRoute, PUBLISH, READ } from '../access/admin-routes.ts';
import { permissionChecker, table, type RequestContext } from '../internals.ts';
import { clinicZone, dayIn } from '../clinic/time-zone.ts';
import { findDraft } from '../scheduling/rights.ts';
import { approve, reckonedDue, requestChanges, stateReason } from './approve.ts';
import type { DueAnswer, ReviewAnswer } from './answers.ts';
import { daysAfter, isOverdue, LOOK_AHEAD } from './due.ts';
import { lastEvents } from './events.ts';
import { needsReason } from './guard.ts';
import { ARTICLE } from './records.ts';
import { linkOf, linkReviewer, reviewerOf, type User } from './reviewers.ts';
import { claimsReview, reviewedRows } from './standing.ts';

/** Who may make users may say who of them is which provider. */
const UPDATE_USERS = 'admin::users.update';
const LISTED = 8;
const LOGGED = 50;

const verdict = { updatedAt: z.string().min(1).max(40) };
const Approval = z.object({ ...verdict, nextReviewDue: z.string().max(20).nullable() });
const Objection = z.object({ ...verdict, note: z.string() });
const Correction = z.object({ reason: z.string() });
const Choice = z.object({ userId: z.int().nullable() });

interface State {
  user: User;
  userAbility: { can: (action: string, subject?: unknown) => boolean };
}

/**
 * Routes of the admin with which staff see how articles stand to their review, and reviewers review.
 *
 * @param announce is told each revision once it is committed
 */
export function reviewRoutes(strapi: Core.Strapi, announce: (revision: number) => void): void {
  const read = [READ, ARTICLE] as const;
  strapi.server.routes({
    type: 'admin',
    prefix: '/meridian/review',
    routes: [
      adminRoute('GET', '/due', (context: RequestContext) => due(strapi, context), read),
      adminRoute(
        'GET',
        '/articles/:documentId',
        (context: RequestContext) => ofArticle(strapi, context),
        read,
      ),
      adminRoute(
        'POST',
        '/articles/:documentId/approve',
        async (context: RequestContext) => {
          const documentId = await readable(strapi, context);
          const { nextReviewDue, updatedAt } = parsed(Approval, context);
          const { user } = context.state as State;
          await approve(strapi, user, { documentId, updatedAt, nextReviewDue }, announce);
          await ofArticle(strapi, context);
        },
        read,
      ),
      adminRoute(
        'POST',
        '/articles/:documentId/request-changes',
        async (context: RequestContext) => {
          const documentId = await readable(strapi, context);
          const { user } = context.state as State;
          await requestChanges(strapi, user, { documentId, ...parsed(Objection, context) });
          await ofArticle(strapi, context);
        },
        read,
      ),
      adminRoute(
        'POST',
        '/articles/:documentId/correction',
        async (context: RequestContext) => {
          const documentId = await readable(strapi, context);
          await stateReason(strapi, documentId, parsed(Correction, context).reason);
          await ofArticle(strapi, context);
        },
        [PUBLISH, ARTICLE],
      ),
      adminRoute(
        'GET',
        '/providers/:documentId',
        async (context: RequestContext) => {
          context.body = await linkOf(strapi, documentIdOf(context));
        },
        [UPDATE_USERS],
      ),
      adminRoute(
        'PUT',
        '/providers/:documentId',
        async (context: RequestContext) => {
          await linkReviewer(strapi, documentIdOf(context), parsed(Choice, context).userId);
          context.body = await linkOf(strapi, documentIdOf(context));
        },
        [UPDATE_USERS],
      ),
    ],
  });
}

async function ofArticle(strapi: Core.Strapi, context: RequestContext): Promise<void> {
  const documentId = await readable(strapi, context);
  const { user, userAbility } = context.state as State;
  const { draft, published } = await reviewedRows(strapi, documentId);
  if (draft === null) throw gone();
  const timeZone = await clinicZone(strapi);
  const today = dayIn(timeZone, new Date());
  const found = await reviewerOf(strapi, user);
  const { claim, digest } = draft;
  const body: ReviewAnswer = {
    standing: claim.reviewStanding ?? 'Not reviewed',
    reviewer: claim.reviewer?.name ?? null,
    reviewedOn: claim.reviewedOn,
    nextReviewDue: claim.nextReviewDue,
    isOverdue: claimsReview(claim) && claim.nextReviewDue !== null && isOverdue(claim.nextReviewDue, today),
    isPublic: published !== null && published.digest === digest,
    waitsForPublish: published !== null && published.claim.reviewedDigest !== claim.reviewedDigest,
    mayReview: found.reviewer !== null,
    whyNot: found.reviewer === null ? found.why : null,
    suggestedDue: await reckonedDue(strapi, draft, today),
    today,
    mayCorrect: userAbility.can(PUBLISH, ARTICLE),
    needsReason: await needsReason(strapi, draft),
    correction: claim.correction,
    log: (await lastEvents(strapi, documentId, LOGGED)).map((event) => ({
      id: event.id,
      kind: event.kind,
      at: new Date(event.at).toISOString(),
      by: event.by,
      reviewer: event.reviewer,
      note: event.note,
      reviewedOn: event.reviewedOn,
      nextReviewDue: event.nextReviewDue,
      changes: event.changes,
    })),
    timeZone,
  };
  context.status = 200;
  context.body = body;
}

/** What is due is what the list of articles shows: the drafts, of which every article has one. */
async function due(strapi: Core.Strapi, context: RequestContext): Promise<void> {
  const today = dayIn(await clinicZone(strapi), new Date());
  const until = daysAfter(today, LOOK_AHEAD);
  const articles = table<{ documentId: string; title: string | null; nextReviewDue: string }>(
    strapi,
    ARTICLE,
  );
  const drafts = { publishedAt: null };
  const [overdue, all, changed, first] = await Promise.all([
    articles.count({ where: { ...drafts, nextReviewDue: { $lt: today } } }),
    articles.count({ where: { ...drafts, nextReviewDue: { $lte: until } } }),
    articles.count({ where: { ...drafts, reviewStanding: 'Changed since review' } }),
    articles.findMany({
      select: ['documentId', 'title', 'nextReviewDue'],
      where: { ...drafts, nextReviewDue: { $lte: until } },
      orderBy: [{ nextReviewDue: 'asc' }, { id: 'asc' }],
      limit: LISTED,
    }),
  ]);
  const body: DueAnswer = {
    today,
    until,
    overdue,
    soon: all - overdue,
    changed,
    articles: first.map(({ documentId, title, nextReviewDue }) => ({
      documentId,
      title: title ?? '',
      nextReviewDue,
      isOverdue: isOverdue(nextReviewDue, today),
    })),
  };
  context.body = body;
}

/** The document that a request names, if the person may read that very one. */
async function readable(strapi: Core.Strapi, context: RequestContext): Promise<string> {
  const documentId = documentIdOf(context);
  const draft = await findDraft(strapi, ARTICLE, documentId);
  if (draft === null) throw gone();
  const checker = permissionChecker(strapi, (context.state as State).userAbility, ARTICLE);
  if (checker.cannot.read(draft)) throw new errors.ForbiddenError();
  return documentId;
}

/** @throws ValidationError (400) naming the field that is missing or wrong */
function parsed<Shape extends z.ZodType>(shape: Shape, context: RequestContext): z.infer<Shape> {
  const result = shape.safeParse(context.request.body);
  if (result.success) return result.data;
  const field = String(result.error.issues[0]?.path[0] ?? 'body');
  throw new errors.ValidationError(`The field ${field} is missing or wrong. Reload the page and try again.`);
}

function documentIdOf(context: RequestContext): string {
  return (context.params as { documentId: string }).documentId;
}

function gone(): Error {
  return new errors.NotFoundError('There is no such article. It may have been deleted.');
}
