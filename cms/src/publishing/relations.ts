import type { Core, UID } from '@strapi/strapi';
import { errors } from '@strapi/utils';

/** What Strapi says of a relation to nothing: neither the entry nor the field. */
const RELATION_TO_NOTHING = /Document with id "([^"]+)".* not found/;

/** Says, when a relation points at an entry that does not exist, in which entry and field, and what to do. */
export function explainMissingRelations(strapi: Core.Strapi): void {
  strapi.documents.use(async (context, next) => {
    if (context.action !== 'create' && context.action !== 'update') return next();
    const data: Record<string, unknown> = context.params.data ?? {};
    try {
      return await next();
    } catch (error) {
      throw missingRelation(strapi, context.uid, data, error) ?? error;
    }
  });
}

function missingRelation(
  strapi: Core.Strapi,
  uid: UID.ContentType,
  data: Record<string, unknown>,
  error: unknown,
) {
  const documentId = error instanceof Error ? RELATION_TO_NOTHING.exec(error.message)?.[1] : undefined;
  if (documentId === undefined) return null;
  const field = Object.keys(data).find((name) => JSON.stringify(data[name]).includes(`"${documentId}"`));
  if (field === undefined) return null;
  const { attributes, info } = strapi.contentType(uid);
  const attribute = attributes[field];
  const target =
    attribute?.type === 'relation' && 'target' in attribute
      ? strapi.contentType(attribute.target).info.displayName.toLowerCase()
      : 'entry';
  const title = data['title'] ?? data['name'];
  const message =
    `${info.displayName}${typeof title === 'string' ? ` "${title}"` : ''}, field ${field}: ` +
    `there is no ${target} with the id ${documentId}. It may have been deleted: choose another one from the list.`;
  return new errors.ValidationError(message, {
    errors: [{ path: [field], message, name: 'ValidationError' }],
  });
}
