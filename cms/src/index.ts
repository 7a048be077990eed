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
import { explainMissingRelations } from './publishing/relations.ts';
import { guardFiles, guardRemoval } from './publishing/removal.ts';
import { publishingRoutes } from './publishing/routes.ts';
import { recordDocuments } from './revisions/documents.ts';
import { recordMedia } from './revisions/media.ts';
import { announcer } from './site-servers/servers.ts';
import { scheduleRoutes } from './scheduling/routes.ts';
import { startRunner } from './scheduling/runner.ts';

export default {
  register({ strapi }: { strapi: Core.Strapi }) {
    assertNoPublicAccess(strapi);
    recordDocuments(strapi, announcer(strapi));
    guardPublishing(strapi);
    guardRedirects(strapi);
    keepOldAddresses(strapi);
    guardRemoval(strapi);
    explainMissingRelations(strapi);
    publishingRoutes(strapi);
    checklistRoutes(strapi);
    scheduleRoutes(strapi);
    linkRoutes(strapi);
    recordStaffWrites(strapi);
    addRequestRoutes(strapi);
  },

  async bootstrap({ strapi }: { strapi: Core.Strapi }) {
    await registerRoles(strapi);
    await registerFirstAdmin(strapi);
    await registerTokens(strapi);
    await reapplyErasures(strapi);
    guardFiles(strapi);
    guardBulkPublishing(strapi);
    recordMedia(strapi, announcer(strapi));
    startRunner(strapi);
    startRequestJobs(strapi);
    startLinkCheck(strapi);
  },
};
