import type { Core } from '@strapi/strapi';
import { publicPath, readPublicPath } from '@meridian/shared-types';
import { publicTypes, table, type ContentType } from '../internals.ts';
import { titleOf, type Titled } from '../publishing/titles.ts';

/** A published entry, as far as its page needs it. */
export interface PublishedPage {
  type: ContentType;
  documentId: string;
  title: string;
  /** As `publicPath` gives it; null for a type without pages. */
  path: string | null;
}

interface Row extends Titled {
  documentId: string;
}

/** The published entry whose page stands at a path; null when there is none. Only entries with a slug are looked for. */
export async function pageAt(strapi: Core.Strapi, path: string): Promise<PublishedPage | null> {
  const place = readPublicPath(path);
  if (place === null || place.slug === null) return null;
  return published(strapi, place.type, { slug: place.slug });
}

/** A published entry by its type's singular name and its document id; null when it is not published. */
export async function publishedPage(
  strapi: Core.Strapi,
  type: string,
  documentId: string,
): Promise<PublishedPage | null> {
  return published(strapi, type, { documentId });
}

async function published(
  strapi: Core.Strapi,
  singularName: string,
  where: Record<string, unknown>,
): Promise<PublishedPage | null> {
  const type = publicTypes(strapi).find(({ info }) => info.singularName === singularName);
  if (type === undefined) return null;
  const row = await table<Row>(strapi, type.uid).findOne({
    where: { ...where, publishedAt: { $notNull: true } },
  });
  if (row === null) return null;
  return {
    type,
    documentId: row.documentId,
    title: titleOf(type, row) ?? row.documentId,
    path: publicPath(singularName, row.slug ?? null),
  };
}
