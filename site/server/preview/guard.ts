import { contentTypes, type ContentTypeName } from '@meridian/shared-types';
import {
  previewLifetimes,
  signPreview,
  verifyPreview,
  type PreviewClaims,
} from '@meridian/shared-types/preview-token';

/** What is asked of the preview. `page` and `version` and `picture` belong to one document. */
export type PreviewRequest =
  | { kind: 'open'; token: string }
  | { kind: 'asset'; name: string }
  | { kind: 'page' | 'version'; document: PreviewedDocument }
  | { kind: 'picture'; document: PreviewedDocument; name: string };

/** A document and the path that all of its preview lies below: `/preview/articles/<documentId>/`. */
export interface PreviewedDocument {
  type: ContentTypeName;
  uid: string;
  documentId: string;
  path: string;
}

export const sessionCookie = 'meridian_preview';

const names = Object.keys(contentTypes).filter((name): name is ContentTypeName => name in contentTypes);

/**
 * Reads the target of a request as it came over the wire. Only the few forms that previews have are known, letter for
 * letter: whatever is encoded, doubled or dotted is none of them. Null: nothing that previews have.
 */
export function readPreviewRequest(target: string): PreviewRequest | null {
  const open = /^\/preview\/open\?token=([A-Za-z0-9._-]{1,1800})$/.exec(target);
  if (open?.[1] !== undefined) return { kind: 'open', token: open[1] };
  const asset = /^\/preview\/_astro\/([A-Za-z0-9_.-]{1,200})$/.exec(target);
  if (asset?.[1] !== undefined) return { kind: 'asset', name: asset[1] };
  const [, endpoint, documentId, rest = ''] =
    /^\/preview\/([a-z-]{1,60})\/([a-z0-9]{1,64})\/(version|media\/[A-Za-z0-9_][A-Za-z0-9._-]{0,250})?$/.exec(
      target,
    ) ?? [];
  const type = names.find((name) => contentTypes[name].query.endpoint === endpoint);
  if (type === undefined || documentId === undefined) return null;
  const document = documentOf(type, documentId);
  if (rest === '') return { kind: 'page', document };
  if (rest === 'version') return { kind: 'version', document };
  return { kind: 'picture', document, name: rest.slice('media/'.length) };
}

/** The document that claims are about; null when its type is not public. */
export function claimedDocument({ uid, documentId }: PreviewClaims): PreviewedDocument | null {
  const type = names.find((name) => contentTypes[name].uid === uid);
  return type === undefined ? null : documentOf(type, documentId);
}

/** The `Set-Cookie` header of a session for one document, which begins with a link. `now` is in milliseconds. */
export function openSession(
  link: PreviewClaims,
  document: PreviewedDocument,
  options: { secret: string; siteUrl: string; now: number },
): string {
  const seconds = previewLifetimes.session;
  const exp = Math.floor(options.now / 1000) + seconds;
  const value = signPreview('session', { ...link, exp }, options.secret);
  const site = new URL(options.siteUrl);
  // Within the admin's frame a cookie of another site is kept only when it says so, which takes https.
  const elsewhere = new URL(link.adminOrigin).hostname !== site.hostname;
  const secure = site.protocol === 'https:';
  return [
    `${sessionCookie}=${value}`,
    `Path=${document.path}`,
    `Max-Age=${seconds}`,
    'HttpOnly',
    secure && elsewhere ? 'SameSite=None; Partitioned' : 'SameSite=Lax',
    ...(secure ? ['Secure'] : []),
  ].join('; ');
}

/** Whether the cookies of a request hold a session for exactly this document; its claims if so. */
export function readSession(
  cookies: string | undefined,
  document: PreviewedDocument,
  options: { secret: string; adminOrigin: string; now: number },
): PreviewClaims | null {
  for (const part of (cookies ?? '').split(';').slice(0, 50)) {
    const [name, value = ''] = part.trim().split('=', 2);
    if (name !== sessionCookie) continue;
    const verdict = verifyPreview('session', value, options.secret, options.now);
    if (
      verdict.state === 'valid' &&
      verdict.claims.uid === document.uid &&
      verdict.claims.documentId === document.documentId &&
      verdict.claims.adminOrigin === options.adminOrigin
    )
      return verdict.claims;
  }
  return null;
}

function documentOf(type: ContentTypeName, documentId: string): PreviewedDocument {
  const { uid, query } = contentTypes[type];
  return { type, uid, documentId, path: `/preview/${query.endpoint}/${documentId}/` };
}
