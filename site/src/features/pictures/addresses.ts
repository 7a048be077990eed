/**
 * The path on the CMS of a picture's address, which may be relative or absolute. Null when it lies elsewhere: pictures
 * are fetched from the CMS alone.
 */
export function mediaAddress(url: string, cmsUrl: string): string | null {
  if (!URL.canParse(url, cmsUrl)) return null;
  const address = new URL(url, cmsUrl);
  return address.origin === new URL(cmsUrl).origin && address.pathname.startsWith('/uploads/')
    ? address.pathname
    : null;
}

/** Paths on the CMS of the pictures in all Markdown of an entry. */
export function pictureAddresses(value: unknown, cmsUrl: string): string[] {
  if (typeof value === 'string') {
    return [...value.matchAll(/!\[[^\]]{0,1000}\]\(\s*<?([^\s)>]{1,2000})/g)]
      .map(([, url = '']) => mediaAddress(url, cmsUrl))
      .filter((address) => address !== null);
  }
  return typeof value === 'object' && value !== null
    ? Object.values(value).flatMap((item) => pictureAddresses(item, cmsUrl))
    : [];
}
