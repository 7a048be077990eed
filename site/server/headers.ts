import { isPage } from './media-types.ts';

type Headers = Record<string, string>;

const common: Headers = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'permissions-policy':
    'accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), ' +
    'magnetometer=(), microphone=(), midi=(), payment=(), usb=()',
  'cross-origin-opener-policy': 'same-origin',
};

/** What every answer carries, of pages and previews alike; `secure`: the public address of the site is https. */
export function basicHeaders(secure: boolean): Headers {
  return { ...common, ...(secure ? { 'strict-transport-security': 'max-age=31536000' } : {}) };
}

/**
 * What a page may load: files of this site, nothing from anybody else, and no script but its own. Tools that rate a page ask for
 * its `/robots.txt` out of the page itself, so every page may fetch from its own site.
 */
function contentSecurityPolicy(file: string | null, secure: boolean, scripts: readonly string[]): string {
  const directives = [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "manifest-src 'self'",
    "connect-src 'self'",
    ...scriptDirectives(file, scripts),
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    ...(secure ? ['upgrade-insecure-requests'] : []),
  ];
  return directives.join('; ');
}

/**
 * Which scripts run: those of the site's own code, which stand in its pages, one by one. On the search page such a script
 * fetches the engine; where browsers do not know that this is allowed, whatever the site serves may run. The engine runs
 * WebAssembly in a worker, which is bound by the policy of its own file.
 */
function scriptDirectives(file: string | null, scripts: readonly string[]): string[] {
  if (file?.startsWith('pagefind/') === true) return ["script-src 'wasm-unsafe-eval'"];
  if (scripts.length === 0) return ["script-src 'none'"];
  if (file?.startsWith('search/') !== true) return [`script-src ${scripts.join(' ')}`];
  return [`script-src ${scripts.join(' ')} 'strict-dynamic' 'self' 'wasm-unsafe-eval'`, "worker-src 'self'"];
}

/**
 * Security headers of an answer.
 * @param file path below `public`; null for answers that are no file.
 * @param secure whether the public address of the site is https.
 * @param scripts what the pages of the release may run, as `release.json` lists it.
 */
export function securityHeaders(
  file: string | null,
  secure: boolean,
  scripts: readonly string[] = [],
): Headers {
  const shared = file?.startsWith('media/') === true;
  return {
    ...basicHeaders(secure),
    'x-frame-options': 'DENY',
    'content-security-policy': contentSecurityPolicy(file, secure, scripts),
    // Feed readers and link previews show our pictures on pages of their own.
    'cross-origin-resource-policy': shared ? 'cross-origin' : 'same-origin',
  };
}

/** Whether the name of a file changes with its content, so that it may be kept for ever and found in older releases. */
export function isHashed(file: string): boolean {
  return /^(_astro|media)\//.test(file) || /^pagefind\/.*\.pf_(fragment|index|meta)$/.test(file);
}

/** How long browsers and proxies may keep a file of a release without asking. */
export function cacheControl(file: string): string {
  if (isHashed(file)) return 'public, max-age=31536000, immutable';
  if (isPage(file) || file.startsWith('pagefind/')) return 'public, max-age=0, must-revalidate';
  return 'public, max-age=300, must-revalidate';
}
