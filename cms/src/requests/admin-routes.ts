import type { Core } from '@strapi/strapi';
import { errors } from '@strapi/utils';
import { adminRoute, READ, UPDATE } from '../access/admin-routes.ts';
import type { RequestContext } from '../internals.ts';
import { deskPeople, summarize, surroundings } from './overview.ts';
import { REQUEST } from './records.ts';
import { findRequest } from './staff-writes.ts';

const GONE = 'There is no such request. It may have been deleted.';

/** The routes of the admin's own widget and panel: for those only who may read requests, or change them. */
export function addRequestRoutes(strapi: Core.Strapi): void {
  strapi.server.routes({
    type: 'admin',
    prefix: '/requests',
    routes: [
      route('GET', '/', READ, async (context) => {
        context.body = await summarize(strapi);
      }),
      route('GET', '/:documentId', READ, async (context) => {
        const found = await surroundings(strapi, documentIdOf(context));
        if (found === null) throw new errors.NotFoundError(GONE);
        context.body = found;
      }),
      route('PUT', '/:documentId/assignee', UPDATE, (context) => assign(strapi, context)),
    ],
  });
}

function route(
  method: 'GET' | 'PUT',
  path: string,
  action: string,
  handler: (context: RequestContext) => Promise<void>,
) {
  // Nothing about a patient stays in a browser's cache after logging out.
  const uncached = async (context: RequestContext): Promise<void> => {
    context.set('Cache-Control', 'no-store');
    await handler(context);
  };
  return adminRoute(method, path, uncached, [action, REQUEST]);
}

async function assign(strapi: Core.Strapi, context: RequestContext): Promise<void> {
  const documentId = documentIdOf(context);
  const { userAbility } = context.state as { userAbility: { can: (...asked: string[]) => boolean } };
  if (!userAbility.can(UPDATE, REQUEST, 'assignee')) throw new errors.ForbiddenError();
  const { assignee } = context.request.body as { assignee?: unknown };
  const isPerson = assignee === null || (await deskPeople(strapi)).some(({ id }) => id === assignee);
  if (!isPerson) {
    throw new errors.ValidationError('The assignee must be somebody who may see requests, or nobody.');
  }
  if ((await findRequest(strapi, documentId)) === null) throw new errors.NotFoundError(GONE);
  await strapi.documents(REQUEST).update({ documentId, data: { assignee } });
  context.body = { assignee };
}

function documentIdOf(context: RequestContext): string {
  return (context.params as { documentId: string }).documentId;
}
