import { signPreview } from '@meridian/shared-types/preview-token';
import type { UID } from '@strapi/strapi';
import type { MeridianConfig } from '../../config/meridian.ts';
import { permissionChecker, publicTypes } from '../internals.ts';

/** How long a link may be opened, in seconds: the admin opens the address that it was given again and again. */
const lifetime = 600;

/**
 * The preview link of a draft, for Strapi's Preview button. Strapi asks for it in the name of whoever is logged in and
 * checks nothing itself, so whoever may not read the entry gets none here. The published version has none either: it
 * is the public page.
 */
export async function previewLink(
  uid: UID.ContentType,
  { documentId, status }: { documentId?: string | undefined; status?: string | undefined },
): Promise<string | undefined> {
  if (status === 'published' || !publicTypes(strapi).some((type) => type.uid === uid)) return undefined;
  const userAbility: unknown = strapi.requestContext.get()?.state['userAbility'];
  if (userAbility === undefined || userAbility === null) return undefined;
  const checker = permissionChecker(strapi, userAbility, uid);
  if (checker.cannot.read()) return undefined;
  const entry =
    documentId === undefined || documentId === ''
      ? await strapi.documents(uid).findFirst({ status: 'draft' })
      : await strapi.documents(uid).findOne({ documentId, status: 'draft' });
  if (entry === null || checker.cannot.read(entry)) return undefined;
  const { secret, adminOrigin } = strapi.config.get<MeridianConfig['preview']>('meridian.preview');
  const siteUrl = strapi.config.get<MeridianConfig['siteUrl']>('meridian.siteUrl');
  const claims = {
    uid,
    documentId: entry.documentId,
    adminOrigin,
    exp: Math.floor(Date.now() / 1000) + lifetime,
  };
  return `${siteUrl}/preview/open?token=${signPreview('link', claims, secret)}`;
}
