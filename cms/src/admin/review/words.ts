import type { EventAnswer } from '../../review/answers.ts';
import type { Standing } from '../../review/records.ts';

/** The content type that is reviewed, and the one of who reviews. */
export const ARTICLE = 'api::article.article';
export const PROVIDER = 'api::provider.provider';

/** Colours of a badge, as the design system names them. */
export const STANDING_COLOURS: Record<Standing, { background: string; text: string }> = {
  'Not reviewed': { background: 'neutral150', text: 'neutral700' },
  Reviewed: { background: 'success100', text: 'success700' },
  'Changed since review': { background: 'warning100', text: 'warning700' },
  'Changes needed': { background: 'danger100', text: 'danger700' },
};

/** A calendar day (`2026-11-24`) as people say it. */
export function dayText(day: string, locale?: string): string {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
  return format.format(new Date(`${day}T12:00:00Z`));
}

/** What a line of the log tells, in one sentence without its end. */
export function eventText({ kind, reviewer, reviewedOn, nextReviewDue }: EventAnswer): string {
  switch (kind) {
    case 'approval':
      return `Approved by ${reviewer ?? 'the reviewer'}${nextReviewDue === null ? '' : `, due again on ${dayText(nextReviewDue)}`}`;
    case 'changes-needed':
      return `${reviewer ?? 'The reviewer'} asked for changes`;
    case 'correction':
      return 'A correction was published without a new review';
    case 'by-hand':
      return reviewedOn === null
        ? 'The owner took the review back'
        : `The owner wrote by hand: reviewed by ${reviewer ?? 'nobody'} on ${dayText(reviewedOn)}`;
  }
}

/** The list of articles of which a field meets a condition, soonest due first. */
export function articleList(...conditions: string[]): string {
  const filters = conditions.map((condition, index) => `&filters[$and][${String(index)}]${condition}`);
  return `/content-manager/collection-types/${ARTICLE}?page=1&pageSize=20&sort=nextReviewDue:ASC${filters.join('')}`;
}
