import { buildValidParams, unstable_useDocument as useDocument } from '@strapi/content-manager/strapi-admin';
import { useQueryParams } from '@strapi/strapi/admin';
import { useMemo } from 'react';

/** The entry that the edit view shows. */
export interface ShownEntry {
  collectionType: string;
  model: string;
  documentId: string;
}

/** Gives a function that makes the edit view fetch its entry anew, after something else than its form has changed it. */
export function useEntryRefresh(entry: ShownEntry): () => void {
  const [{ query }] = useQueryParams<Record<string, unknown>>();
  // Strapi keeps what it fetched by these very parameters.
  const params = useMemo(() => buildValidParams(query), [query]);
  return useDocument({ ...entry, params }).refetch;
}
