import type { Core } from '@strapi/strapi';
import { assertPublishable } from '../checklist/publishable.ts';
import { inTransaction, isPublicType } from '../internals.ts';

/**
 * Refuses to publish what the checklist blocks. It stands in the Document Service, so that the admin, bulk actions,
 * schedules, the API and the seed all meet it.
 */
export function guardPublishing(strapi: Core.Strapi): void {
  strapi.documents.use(async (context, next) => {
    const { uid, action, contentType } = context;
    if (!isPublicType(contentType)) return next();
    const { status, documentId }: { status?: string; documentId?: string } = context.params;
    if (action === 'publish') {
      if (documentId !== undefined) await assertPublishable(strapi, uid, documentId);
      return next();
    }
    if ((action !== 'create' && action !== 'update') || status !== 'published') return next();
    // What it comes to is known when it is written; a refusal undoes that.
    return inTransaction(strapi, async () => {
      const written = await next();
      const writtenId = documentIdOf(written) ?? documentId;
      if (writtenId !== undefined) await assertPublishable(strapi, uid, writtenId);
      return written;
    });
  });
}

function documentIdOf(written: unknown): string | undefined {
  if (typeof written !== 'object' || written === null || !('documentId' in written)) return undefined;
  return typeof written.documentId === 'string' ? written.documentId : undefined;
}
