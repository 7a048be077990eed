import type { z } from 'zod';
import type { Entry } from './entry.ts';
import type { ContentQuery } from './query.ts';

/** A relation of a content type: the attribute that holds document ids, and the content type that they are of. */
export interface Relation {
  readonly path: string;
  readonly target: string;
}

/** All that the contract knows of a content type, for code that handles every type alike. */
export interface ContentType {
  readonly singularName: string;
  readonly uid: string;
  readonly kind: 'collectionType' | 'singleType';
  readonly draftAndPublish: boolean;
  readonly schema: z.ZodType<Entry>;
  readonly query: ContentQuery;
  readonly relations: readonly Relation[];
}

/** Whether entries of a type have a slug, and so a page of their own. */
export function hasSlug({ kind, query }: Pick<ContentType, 'kind' | 'query'>): boolean {
  return kind === 'collectionType' && query.fields.includes('slug');
}
