import type { Core } from '@strapi/strapi';
import { registerFirstAdmin } from './access/first-admin.ts';
import { assertNoPublicAccess } from './access/public-access.ts';
import { registerRoles } from './access/roles.ts';
import { registerTokens } from './access/tokens.ts';
import { guardBulkPublishing } from './checklist/bulk.ts';
import { checklistRoutes } from './checklist/routes.ts';
import { guardPublishing } from './publishing/guard.ts';
import { linkRoutes } from './links/routes.ts';
import { guardRedirects } from './redirects/guard.ts';
import { keepOldAddresses } from './redirects/renames.ts';
import { addRequestRoutes } from './requests/admin-routes.ts';
import { reapplyErasures } from './requests/erasures.ts';
import { startRequestJobs } from './requests/jobs.ts';
import { startLinkCheck } from './external-links/jobs.ts';
import { recordStaffWrites } from './requests/staff-writes.ts';
import { healthRoutes } from './monitoring/ready.ts';
import { explainMissingRelations } from './publishing/relations.ts';
import { guardFiles, guardRemoval } from './publishing/removal.ts';
import { publishingRoutes } from './publishing/routes.ts';
import { recordDocuments } from './revisions/documents.ts';
import { recordMedia } from './revisions/media.ts';
import { guardReviewLog } from './review/events.ts';
import { guardReview } from './review/guard.ts';
import { startReviewCalendar } from './review/overdue.ts';
import { followPictures } from './review/pictures.ts';
import { ARTICLE, REVIEW_FIELDS } from './review/records.ts';
import { adjustReviewRights } from './review/rights.ts';
import { reviewRoutes } from './review/routes.ts';
import { settleOldArticles } from './review/standing.ts';
import { announcer } from './site-servers/servers.ts';
import { scheduleRoutes } from './scheduling/routes.ts';
import { startRunner } from './scheduling/runner.ts';
import { versionRoutes } from './versions/routes.ts';
import { guardVersions, keepVersions } from './versions/snapshots.ts';

export default {
  register({ strapi }: { strapi: Core.Strapi }) {
    assertNoPublicAccess(strapi);
    recordDocuments(strapi, announcer(strapi));
    guardPublishing(strapi);
    guardRedirects(strapi);
    keepOldAddresses(strapi);
    guardRemoval(strapi);
    explainMissingRelations(strapi);
    healthRoutes(strapi);
    publishingRoutes(strapi);
    checklistRoutes(strapi);
    scheduleRoutes(strapi);
    linkRoutes(strapi);
    recordStaffWrites(strapi);
    addRequestRoutes(strapi);
    guardReviewLog(strapi);
    guardReview(strapi);
    reviewRoutes(strapi, announcer(strapi));
    guardVersions(strapi);
    keepVersions(strapi);
    versionRoutes(strapi, { [ARTICLE]: REVIEW_FIELDS });
  },

  async bootstrap({ strapi }: { strapi: Core.Strapi }) {
    await registerRoles(strapi);
    await adjustReviewRights(strapi);
    await registerFirstAdmin(strapi);
    await registerTokens(strapi);
    await reapplyErasures(strapi);
    guardFiles(strapi);
    guardBulkPublishing(strapi);
    recordMedia(strapi, announcer(strapi));
    startRunner(strapi);
    startRequestJobs(strapi);
    startLinkCheck(strapi);
    await settleOldArticles(strapi);
    followPictures(strapi);
    startReviewCalendar(strapi, announcer(strapi));
  },
};
