import type { Core, UID } from '@strapi/strapi';
import { entryLink, publicPath } from '@meridian/shared-types';
import { isPublicType, table } from '../internals.ts';
import { titleOf, type Titled } from '../publishing/titles.ts';
import { publicAction } from '../revisions/documents.ts';
import { REDIRECT, type RedirectRow } from './records.ts';

interface Row extends Titled {
  documentId: string;
}

/**
 * Keeps old addresses working when a published slug changes, in the transaction of the publish: the old address gets a
 * redirect to the entry, and a redirect from the address that the page takes now goes, for a page at an old address
 * wins. It has to come after `recordDocuments`, which opens the transaction and locks out other publishes.
 */
export function keepOldAddresses(strapi: Core.Strapi): void {
  strapi.documents.use(async (context, next) => {
    const { uid, contentType } = context;
    const params: { status?: string; documentId?: string } = context.params;
    const publishes = publicAction(context.action, params.status, true) === 'publish';
    if (!publishes || !isPublicType(contentType) || !('slug' in contentType.attributes)) return next();
    const { singularName } = contentType.info;
    const pathOf = (row: Row | null) => (row === null ? null : publicPath(singularName, row.slug ?? null));

    const before = pathOf(await publishedRow(strapi, uid, params.documentId));
    const outcome = await next();
    const documentId = params.documentId ?? (outcome as { documentId?: string } | null)?.documentId;
    const row = await publishedRow(strapi, uid, documentId);
    const after = pathOf(row);
    if (row === null || after === null || after === before) return outcome;
    const title = titleOf(contentType, row) ?? row.documentId;
    await dropRedirectFrom(strapi, after);
    if (before !== null) {
      await strapi.documents(REDIRECT).create({
        data: {
          from: before,
          to: entryLink({ type: singularName, documentId: row.documentId, anchor: '' }),
          automatic: true,
          why: `The ${contentType.info.displayName.toLowerCase()} "${title}" moved to ${after}.`,
        },
      });
    }
    return outcome;
  });
}

async function dropRedirectFrom(strapi: Core.Strapi, path: string): Promise<void> {
  const redirect = await table<RedirectRow>(strapi, REDIRECT).findOne({ where: { from: path } });
  if (redirect !== null) await strapi.documents(REDIRECT).delete({ documentId: redirect.documentId });
}

async function publishedRow(
  strapi: Core.Strapi,
  uid: UID.ContentType,
  documentId: string | undefined,
): Promise<Row | null> {
  if (documentId === undefined) return null;
  return table<Row>(strapi, uid).findOne({ where: { documentId, publishedAt: { $notNull: true } } });
}
