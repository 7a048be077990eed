import type { Core, UID } from '@strapi/strapi';
import { errors } from '@strapi/utils';
import { table } from '../internals.ts';
import { slugFault, slugify } from './slug.ts';

interface Entry {
  documentId: string;
  slug?: string | null;
  title?: string | null;
  name?: string | null;
}

/**
 * Refuses, before anything is written, to publish an entry whose slug is unusable or taken. It stands in the Document
 * Service, so that the admin, bulk actions, the API and the seed all meet it.
 */
export function guardPublishing(strapi: Core.Strapi): void {
  strapi.documents.use(async (context, next) => {
    const { uid, action } = context;
    if (!('slug' in context.contentType.attributes) || !uid.startsWith('api::')) return next();
    const params: { status?: string; documentId?: string; data?: Partial<Entry> } = context.params;
    const publishes = action === 'publish' || params.status === 'published';
    if (publishes && ['publish', 'create', 'update'].includes(action)) {
      const { documentId = '', data } = params;
      const draft =
        documentId === '' ? null : await strapi.documents(uid).findOne({ documentId, status: 'draft' });
      // What a write leaves out stays as the draft has it.
      const entry = action === 'publish' ? draft : { ...draft, ...data, documentId };
      if (entry !== null) await checkSlug(strapi, uid, entry);
    }
    return next();
  });
}

async function checkSlug(strapi: Core.Strapi, uid: UID.ContentType, entry: Entry): Promise<void> {
  const { singularName, displayName } = strapi.contentType(uid).info;
  const slug = entry.slug ?? '';
  const title = entry.title ?? entry.name ?? entry.documentId;
  const fault = slugFault(singularName, slug) ?? (await twinFault(strapi, uid, entry.documentId, slug));
  if (fault !== null) {
    throw new errors.ValidationError(`${displayName} "${title}", field slug: ${fault}`, {
      errors: [{ path: ['slug'], message: fault, name: 'ValidationError' }],
    });
  }
}

async function twinFault(strapi: Core.Strapi, uid: UID.ContentType, documentId: string, slug: string) {
  const twins = await table<Entry>(strapi, uid).findMany({
    where: { slug: { $eqi: slug }, documentId: { $ne: documentId }, publishedAt: { $notNull: true } },
    limit: 1,
  });
  const twin = twins[0];
  if (twin === undefined) return null;
  return `"${slug}" is taken by "${twin.title ?? twin.name ?? twin.documentId}". Use another one, such as "${slugify(slug)}-2".`;
}
