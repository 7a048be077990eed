import type { Core } from '@strapi/strapi';
import { table } from '../internals.ts';
import { linksToEntry } from '../publishing/links.ts';
import { REDIRECT, type RedirectRow } from './records.ts';

/**
 * The redirects that lead to an entry.
 *
 * @param link names the entry, without an anchor
 */
export async function oldAddresses(strapi: Core.Strapi, link: string): Promise<RedirectRow[]> {
  const rows = await table<RedirectRow>(strapi, REDIRECT).findMany({
    where: { to: { $startsWith: link } },
    orderBy: { from: 'asc' },
  });
  return rows.filter(({ to }) => linksToEntry(to, link));
}
