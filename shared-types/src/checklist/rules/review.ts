import type { Finding } from '../finding.ts';
import { textAt } from '../parts.ts';
import type { Rule } from '../rule.ts';

/** A clinical review has a person and a day that has come; articles have one unless the clinic does without. */
export const reviewRule: Rule = ({ type, entry, parts, around }) => {
  if (type !== 'article') return [];
  const reviewedOn = textAt(entry, 'reviewedOn');
  const hasReviewer = parts.relations.some(({ path }) => path === 'reviewer');
  const findings: Finding[] = [];
  const block = (rule: string, path: string, message: string, mend: string): void => {
    findings.push({ level: 'blocks', rule, path, message, mend });
  };
  if (reviewedOn > around.today) {
    block('review-future', 'reviewedOn', 'this day has not come yet.', 'Enter the day of the review.');
  }
  if (hasReviewer && reviewedOn === '') {
    block(
      'review-undated',
      'reviewedOn',
      'there is a clinical reviewer but no day of the review.',
      'Enter the day, or take the reviewer out.',
    );
  }
  if (!hasReviewer && reviewedOn !== '') {
    block(
      'review-unsigned',
      'reviewer',
      'there is a day of a review but nobody who reviewed.',
      'Choose the reviewer, or empty the day.',
    );
  }
  if (!hasReviewer && reviewedOn === '' && !around.allowsUnreviewed) {
    block(
      'review-none',
      'reviewer',
      'nobody has reviewed this article, and the clinic publishes reviewed articles only.',
      'Have a clinician review it. The setting is "Publish unreviewed articles" under Clinic.',
    );
  }
  return findings;
};
