import { type ContentType, contentTypes, type ContentTypeName } from '@meridian/shared-types';
import type { ChecklistEntry } from '@meridian/shared-types/checklist';
import type { Core, UID } from '@strapi/strapi';
import type { StoredRelations } from './route-answers.ts';

/** The content type of the contract by its uid; undefined for one that the contract does not know. */
export function contractOf(uid: string): ContentType | undefined {
  return Object.values<(typeof contentTypes)[ContentTypeName]>(contentTypes).find((type) => type.uid === uid);
}

/** An entry with everything that patients see of it; null when there is none, or the contract does not know its type. */
export async function findEntry(
  strapi: Core.Strapi,
  uid: UID.ContentType,
  documentId: string,
  status: 'draft' | 'published',
): Promise<ChecklistEntry | null> {
  const query = contractOf(uid)?.query;
  if (query === undefined) return null;
  const { fields, populate } = query;
  const selection = { fields, ...(populate && { populate }) } as object;
  return strapi.documents(uid).findOne({ documentId, status, ...selection });
}

/** What the draft of an entry relates to; nothing for one that is not saved yet. */
export async function relationsOf(
  strapi: Core.Strapi,
  uid: UID.ContentType,
  documentId: string,
): Promise<StoredRelations> {
  const fields = (contractOf(uid)?.relations ?? []).map(({ path }) => path);
  const populate = Object.fromEntries(fields.map((field) => [field, { fields: ['documentId'] }]));
  const draft: Record<string, unknown> | null =
    documentId === '' || fields.length === 0
      ? null
      : await strapi.documents(uid).findOne({ documentId, status: 'draft', populate: populate as never });
  return Object.fromEntries(
    fields.map((field): [string, StoredRelations[string]] => {
      const value: unknown = draft?.[field];
      if (Array.isArray(value)) return [field, value.flatMap((item: unknown) => idOf(item) ?? [])];
      return [field, isList(strapi, uid, field) ? [] : idOf(value)];
    }),
  );
}

function isList(strapi: Core.Strapi, uid: UID.ContentType, field: string): boolean {
  const attribute = strapi.contentType(uid).attributes[field];
  return attribute?.type === 'relation' && attribute.relation.endsWith('ToMany');
}

function idOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('documentId' in value)) return null;
  return typeof value.documentId === 'string' ? value.documentId : null;
}
