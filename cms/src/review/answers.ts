import type { Change, ReviewEvent, Standing } from './records.ts';

/** A line of the log as staff see it. */
export interface EventAnswer {
  id: number;
  kind: ReviewEvent['kind'];
  at: string;
  by: string;
  reviewer: string | null;
  note: string | null;
  reviewedOn: string | null;
  nextReviewDue: string | null;
  changes: Change[] | null;
}

/** How the draft of an article stands to its review, and what the person who asks may do about it. Days are ISO. */
export interface ReviewAnswer {
  standing: Standing;
  reviewer: string | null;
  reviewedOn: string | null;
  nextReviewDue: string | null;
  isOverdue: boolean;
  /** Whether patients read the text of the draft already, so that an approval goes live at once. */
  isPublic: boolean;
  /** Whether something else was approved than what patients see. */
  waitsForPublish: boolean;
  mayReview: boolean;
  /** Why a clinical reviewer cannot review; null for others. */
  whyNot: string | null;
  /** The day that an approval today would set. */
  suggestedDue: string;
  today: string;
  mayCorrect: boolean;
  /** Whether publishing the draft takes a stated reason. */
  needsReason: boolean;
  /** The reason that was stated for the next publish. */
  correction: string | null;
  /** Newest first. */
  log: EventAnswer[];
  timeZone: string;
}

/** An article of which the next review is due. */
export interface DueArticle {
  documentId: string;
  title: string;
  nextReviewDue: string;
  isOverdue: boolean;
}

/** What the home page tells of reviews that are due. */
export interface DueAnswer {
  today: string;
  /** The last day that is looked at. */
  until: string;
  overdue: number;
  /** Due until then, those overdue left out. */
  soon: number;
  changed: number;
  /** The first of them, overdue ones first. */
  articles: DueArticle[];
}

/** In whose name a provider is reviewed. */
export interface LinkAnswer {
  people: { id: number; name: string }[];
  userId: number | null;
}
