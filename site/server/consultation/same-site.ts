import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a post comes from a page of this site. Browsers say where a post comes from; a program that says nothing could
 * say anything, and gets no further than any visitor.
 */
export function isSameSite(headers: IncomingHttpHeaders, siteUrl: string): boolean {
  const fetchSite = headers['sec-fetch-site'];
  if (fetchSite !== undefined) return fetchSite === 'same-origin';
  const { origin, host } = headers;
  if (origin === undefined) return true;
  if (origin === new URL(siteUrl).origin) return true;
  return URL.canParse(origin) && host !== undefined && new URL(origin).host === host;
}

/** Path of the page of this site that a request comes from, such as `/articles/sciatica/`; null: none is named. */
export function sourcePath({ referer, host }: IncomingHttpHeaders, siteUrl: string): string | null {
  if (referer === undefined || !URL.canParse(referer)) return null;
  const url = new URL(referer);
  return url.origin === new URL(siteUrl).origin || url.host === host ? url.pathname : null;
}
