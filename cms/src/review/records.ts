import type { UID } from '@strapi/strapi';

export const ARTICLE = 'api::article.article';
export const PROVIDER = 'api::provider.provider';
/** The log of approvals, requests for changes and corrections; nobody's to write but {@link appendEvent}'s. */
export const EVENT = 'api::review.review-event' as UID.ContentType;
/** Which admin user reviews in the name of which provider. */
export const LINK = 'api::review.reviewer-link' as UID.ContentType;

/** Code of the admin role whose people review. */
export const REVIEWER_ROLE = 'meridian-clinical-reviewer';

/** What a clinical reviewer vouches for. */
export const REVIEW_FIELDS = ['reviewer', 'reviewedOn', 'nextReviewDue'] as const;
/** What the CMS itself keeps beside it; what anybody sends for these is passed over. */
export const DERIVED_FIELDS = ['reviewStanding', 'reviewedDigest', 'correction'] as const;

/** How the text of a row stands to its review, in the words of the list. */
export type Standing = 'Not reviewed' | 'Reviewed' | 'Changed since review' | 'Changes needed';

/** What a row of an article says of its review. Days are `2026-11-24`. */
export interface Claim {
  reviewer: { documentId: string; name?: string | null } | null;
  reviewedOn: string | null;
  nextReviewDue: string | null;
  /** Digest of the text that was approved. */
  reviewedDigest: string | null;
  reviewStanding: Standing | null;
  /** The reason that was stated for publishing a text that differs; used up by the publish. */
  correction: string | null;
}

/** One line of what a correction changed. */
export interface Change {
  label: string;
  before: string | null;
  after: string | null;
}

/** A line of the log. */
export interface ReviewEvent {
  id: number;
  articleId: string;
  kind: 'approval' | 'changes-needed' | 'correction' | 'by-hand';
  at: string | Date;
  by: string;
  /** Name of the provider in whose name it was approved. */
  reviewer: string | null;
  note: string | null;
  /** Of the text that it was about. */
  digest: string;
  reviewedOn: string | null;
  nextReviewDue: string | null;
  /** What the days were before an approval: a form that was opened earlier still sends these. */
  before: { reviewedOn: string | null; nextReviewDue: string | null } | null;
  changes: Change[] | null;
}
