import { type ContentType, contentTypes, type ContentTypeName } from '@meridian/shared-types';
import type { ChecklistEntry } from '@meridian/shared-types/checklist';
import type { Core, UID } from '@strapi/strapi';

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
