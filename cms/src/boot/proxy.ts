import { CmsError } from './errors.ts';

/**
 * Behind https the session cookie goes over https alone, which the CMS knows from the proxy in front of it: it has to
 * believe that one, or nobody could log in.
 *
 * @param proxies how many are believed
 * @throws CmsError when the admin has an https address and no proxy is believed
 */
export function assertProxy(adminUrl: string, proxies: number): void {
  if (!adminUrl.startsWith('https:') || proxies > 0) return;
  throw new CmsError(
    'ADMIN_URL begins with https://, so a proxy stands in front of the CMS. Set TRUST_PROXY to the number of proxies, ' +
      'such as TRUST_PROXY=1, or nobody could log in.',
  );
}
