import type { Core } from '@strapi/strapi';
import { table } from '../internals.ts';
import { ARTICLE, REVIEW_FIELDS, REVIEWER_ROLE } from './records.ts';

interface Permission {
  id: number;
  action: string;
  properties: { fields?: string[] } | null;
  role: { code: string } | null;
}

/**
 * Adjusts roles of an earlier version of Meridian: reviewers review by an action and need no right to write those
 * fields any more, and who reads when an article was reviewed reads how it stands to its review too.
 */
export async function adjustReviewRights(strapi: Core.Strapi): Promise<void> {
  const permissions = table<Permission>(strapi, 'admin::permission');
  const ofArticles = await permissions.findMany({ where: { subject: ARTICLE }, populate: ['role'] });
  for (const { id, action, properties, role } of ofArticles) {
    const fields = properties?.fields ?? [];
    const ofReview =
      fields.length > 0 && fields.every((field) => REVIEW_FIELDS.some((each) => each === field));
    if (role?.code === REVIEWER_ROLE && action.endsWith('.update') && ofReview) {
      await permissions.delete({ where: { id } });
    }
    if (action.endsWith('.read') && fields.includes('reviewedOn') && !fields.includes('reviewStanding')) {
      const all = { ...properties, fields: [...fields, 'reviewStanding'] };
      await permissions.update({ where: { id }, data: { properties: all } });
    }
  }
}
