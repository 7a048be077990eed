import { readEntryLink } from '@meridian/shared-types';

/** An address in its one form, or what is wrong with it and what to do. */
export type ReadAddress = { ok: true; address: string } | { ok: false; fault: string };

/** First segments that the site server or the CMS behind the same name answers itself. */
const SERVER_FOLDERS = [
  '_astro',
  '_meridian',
  'admin',
  'api',
  'healthz',
  'media',
  'pagefind',
  'preview',
  'readyz',
  'uploads',
];

/** Pages and files that the site always has, whatever is published. */
const FIXED_PAGES = [
  '/articles/',
  '/topics/',
  '/providers/',
  '/search/',
  '/consultation/',
  '/consultation/received/',
];
const FIXED_FILES = [
  '/404/',
  '/404.html',
  '/robots.txt',
  '/rss.xml',
  '/search-engine.js',
  '/sitemap.xml',
  '/release.json',
];

const UNSAFE = /[\s\\\p{Cc}]/u;

/**
 * Reads the old address of a redirect: a path of this site, also when it was pasted with the site's own origin. The
 * path is decoded and ends with a slash unless its last part has a dot, so that one address has one form.
 *
 * @param origin of the site, such as `https://clinic.example`
 */
export function readFrom(text: string, origin: string): ReadAddress {
  const path = pathOf(text, origin);
  if (!path.ok) return path;
  const { address } = path;
  if (/[?#]/.test(address)) {
    return fault('may hold no "?" or "#": write the address up to there. What follows goes along by itself.');
  }
  if (address === '/')
    return fault('cannot be the home page. Write the address of one page, such as /old-page/.');
  const [first = ''] = address.slice(1).split('/');
  if (SERVER_FOLDERS.includes(first.toLowerCase())) {
    return fault(
      `begins with /${first}/, which the site itself uses. Patients never get there: choose another.`,
    );
  }
  if (
    [...FIXED_PAGES, ...FIXED_FILES].includes(address) ||
    /^\/(?:articles|topics\/[^/]+)\/page\//.test(address)
  ) {
    return fault(
      `is ${address}, a page that the site always has. Patients see that page: choose another address.`,
    );
  }
  return path;
}

/**
 * Reads where a redirect leads: an `entry:` link, or a path of this site, also with its own origin, query and anchor.
 *
 * @param origin of the site
 */
export function readTo(text: string, origin: string): ReadAddress {
  const trimmed = text.trim();
  if (readEntryLink(trimmed) !== null) return { ok: true, address: trimmed };
  if (trimmed.startsWith('entry:')) return fault('names no page. Pick the page from the list again.');
  return pathOf(trimmed, origin);
}

/** Whether a path is a page that the site always has. */
export function isFixedPage(path: string): boolean {
  return path === '/' || FIXED_PAGES.includes(path);
}

function pathOf(text: string, origin: string): ReadAddress {
  const trimmed = text.trim();
  if (trimmed === '') return fault('is empty. Write an address of this site, such as /old-page/.');
  let address = trimmed;
  if (/^[a-z][a-z0-9+.-]*:/i.test(trimmed) || trimmed.startsWith('//')) {
    const url = URL.canParse(trimmed) ? new URL(trimmed) : null;
    if (url?.origin !== origin || url.username !== '') {
      return fault(`leads to another site. Write an address of this site, beginning with "/" or ${origin}/.`);
    }
    address = `${url.pathname}${url.search}${url.hash}`;
  }
  if (!address.startsWith('/')) return fault('must begin with "/", as in /old-page/.');
  const [, encoded = '', rest = ''] = /^([^?#]*)(.*)$/s.exec(address) ?? [];
  const path = decoded(encoded);
  if (path === null || path.includes('//') || UNSAFE.test(`${path}${rest}`)) {
    return fault('holds spaces or signs that no address of this site has. Copy it from the address bar.');
  }
  if (path.split('/').some((part) => part === '.' || part === '..')) {
    return fault('may not hold "." or ".." between slashes. Write the address in full.');
  }
  return { ok: true, address: `${withSlash(path)}${rest}` };
}

/** `/old-page` and `/old-page/index.html` as `/old-page/`, and `/old.html/` as `/old.html`. */
function withSlash(path: string): string {
  const bare = path.replace(/\/$/, '').replace(/\/index\.html$/, '');
  const last = bare.slice(bare.lastIndexOf('/') + 1);
  return last.includes('.') ? bare : `${bare}/`;
}

function decoded(path: string): string | null {
  if (/%2f/i.test(path)) return null;
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

function fault(text: string): ReadAddress {
  return { ok: false, fault: text };
}
