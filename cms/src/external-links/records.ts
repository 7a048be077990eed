import type { Core, UID } from '@strapi/strapi';
import { table } from '../internals.ts';

/** The hidden type that keeps how links to other sites fared. */
const EXTERNAL_LINK = 'api::external-link.external-link' as UID.ContentType;

/** A link to another site, and how it fared when it was last tried. */
export interface LinkRow {
  id: number;
  url: string;
  checkedAt: string | Date | null;
  /** Tries in a row that did not work. */
  failures: number | null;
  /** Why the last try did not work; null when it did. */
  reason: string | null;
  isDead: boolean | null;
}

/** The table of them. */
export function linkTable(strapi: Core.Strapi) {
  return table<LinkRow>(strapi, EXTERNAL_LINK);
}

/** Those of some links that are dead, and why. */
export async function deadLinks(
  strapi: Core.Strapi,
  urls: readonly string[],
): Promise<{ url: string; reason: string }[]> {
  if (urls.length === 0) return [];
  const rows = await linkTable(strapi).findMany({ where: { url: { $in: urls }, isDead: true } });
  return rows.map(({ url, reason }) => ({ url, reason: reason ?? 'it did not answer' }));
}
