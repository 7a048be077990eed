import type { Core } from '@strapi/strapi';
import { registerFirstAdmin } from './access/first-admin.ts';
import { assertNoPublicAccess } from './access/public-access.ts';
import { registerRoles } from './access/roles.ts';
import { registerTokens } from './access/tokens.ts';
import { guardPublishing } from './publishing/guard.ts';
import { addRequestRoutes } from './requests/admin-routes.ts';
import { startRequestJobs } from './requests/jobs.ts';
import { recordStaffWrites } from './requests/staff-writes.ts';
import { explainMissingRelations } from './publishing/relations.ts';

export default {
  register({ strapi }: { strapi: Core.Strapi }) {
    assertNoPublicAccess(strapi);
    guardPublishing(strapi);
    explainMissingRelations(strapi);
    recordStaffWrites(strapi);
    addRequestRoutes(strapi);
  },

  async bootstrap({ strapi }: { strapi: Core.Strapi }) {
    await registerRoles(strapi);
    await registerFirstAdmin(strapi);
    await registerTokens(strapi);
    startRequestJobs(strapi);
  },
};
