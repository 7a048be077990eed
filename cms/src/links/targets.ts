import type { Core } from '@strapi/strapi';
import { entryLink, publicPath } from '@meridian/shared-types';
import { publicTypes, table, type ContentType } from '../internals.ts';
import { editPath } from '../publishing/release-list.ts';
import { titleOf, type Titled } from '../publishing/titles.ts';
import type { Target, TargetsAnswer } from './answers.ts';

interface Row extends Titled {
  documentId: string;
  updatedAt: string | Date;
}

/** As many as people look through before they type another letter. */
const OFFERED = 20;
const NAMES = ['title', 'name', 'slug'];

/** The types whose entries have a page of their own, so that a link can lead there. */
export function linkableTypes(strapi: Core.Strapi): ContentType[] {
  return publicTypes(strapi).filter(({ info, kind }) => {
    const path = publicPath(info.singularName, 'slug');
    return path !== null && (kind === 'collectionType' || path !== '/' || info.singularName === 'home-page');
  });
}

/**
 * Entries of some types whose title, name or slug holds the words, drafts too, last changed first.
 *
 * @param words empty: any entry
 */
export async function findTargets(
  strapi: Core.Strapi,
  types: readonly ContentType[],
  words: string,
): Promise<TargetsAnswer> {
  const found = await Promise.all(types.map((type) => draftsOf(strapi, type, words)));
  const newest = found
    .flat()
    .sort((a, b) => new Date(b.row.updatedAt).getTime() - new Date(a.row.updatedAt).getTime());
  const offered = newest.slice(0, OFFERED);
  return {
    targets: await Promise.all(offered.map(({ type, row }) => targetOf(strapi, type, row))),
    more: newest.length > offered.length,
  };
}

/** The entry that a link names; null when there is none. */
export async function findTarget(
  strapi: Core.Strapi,
  type: ContentType,
  documentId: string,
): Promise<Target | null> {
  const row = await table<Row>(strapi, type.uid).findOne({ where: { documentId, publishedAt: null } });
  return row === null ? null : targetOf(strapi, type, row);
}

async function draftsOf(strapi: Core.Strapi, type: ContentType, words: string) {
  const { attributes } = strapi.contentType(type.uid);
  const names = NAMES.filter((name) => name in attributes);
  const isNamed = type.info.displayName.toLowerCase().includes(words.toLowerCase());
  if (type.kind === 'singleType' && !isNamed) return [];
  const $or = names.map((name) => ({ [name]: { $containsi: words } }));
  const rows = await table<Row>(strapi, type.uid).findMany({
    where: { publishedAt: null, ...(words !== '' && type.kind === 'collectionType' ? { $or } : {}) },
    orderBy: { updatedAt: 'desc' },
    limit: OFFERED + 1,
  });
  return rows.map((row) => ({ type, row }));
}

async function targetOf(strapi: Core.Strapi, type: ContentType, row: Row): Promise<Target> {
  const { singularName, displayName } = type.info;
  const published = await table<Row>(strapi, type.uid).findOne({
    where: { documentId: row.documentId, publishedAt: { $notNull: true } },
  });
  return {
    link: entryLink({ type: singularName, documentId: row.documentId, anchor: '' }),
    typeName: displayName,
    title: titleOf(type, row) ?? row.documentId,
    path: published === null ? null : publicPath(singularName, published.slug ?? null),
    editPath: editPath(type, row.documentId),
  };
}
