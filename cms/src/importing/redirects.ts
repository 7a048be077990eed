import type { Core, UID } from '@strapi/strapi';
import { entryLink } from '@meridian/shared-types';
import type { MeridianConfig } from '../../config/meridian.ts';
import { table } from '../internals.ts';
import { readFrom } from '../redirects/addresses.ts';
import type { EntryType } from './entries.ts';
import { refusalOf } from './entries.ts';
import type { Notes } from './notes.ts';

const REDIRECT = 'api::redirect.redirect';

/** The path of an old address that a redirect can serve; null when its path says too little, or is that of the new page. */
export function oldPath(address: string, newPath: string): string | null {
  if (!URL.canParse(address)) return null;
  const { protocol, pathname, search } = new URL(address);
  if (protocol === 'file:' || search !== '' || pathname === '/') return null;
  return pathname.replace(/\/*$/, '/') === newPath ? null : pathname;
}

/**
 * Sends an old address to an entry, where the CMS knows redirects; one that is there stays.
 *
 * @returns whether the CMS has one now
 */
export async function redirect(
  strapi: Core.Strapi,
  from: string,
  to: { type: EntryType; documentId: string },
  { isDryRun, notes }: { isDryRun: boolean; notes: Notes },
): Promise<boolean> {
  if (!Object.hasOwn(strapi.contentTypes, REDIRECT)) return false;
  const uid = REDIRECT as UID.CollectionType;
  const target = entryLink({ ...to, anchor: '' });
  const { origin } = new URL(strapi.config.get<MeridianConfig['siteUrl']>('meridian.siteUrl'));
  const read = readFrom(from, origin);
  const where = { from: read.ok ? read.address : from };
  const there = await table<{ to: string }>(strapi, uid).findOne({ where });
  if (there !== null) {
    if (there.to !== target)
      notes.ask(`Its old address ${from} leads elsewhere already (${there.to}): that stays.`);
    return true;
  }
  if (isDryRun) return true;
  try {
    await strapi.documents(uid).create({ data: { from, to: target, automatic: true } as never });
    return true;
  } catch (error) {
    notes.ask(`Its old address ${from} has no redirect: ${refusalOf(error)}`);
    return false;
  }
}
