/** A requested path, decoded, and its query with `?` or empty. */
export interface Address {
  path: string;
  query: string;
}

/** What a release holds at an address. `file` is a path below `public`. */
export type Destination =
  { kind: 'file'; file: string } | { kind: 'redirect'; location: string } | { kind: 'missing' };

/** What is asked of a release to find an address in it. */
export interface AddressBook {
  has(file: string): boolean;
  /** Where a path moved to, maybe with a query and an anchor. The path has a slash at the end. */
  movedTo(path: string): string | undefined;
}

export const notFoundFile = '404.html';

function hasControlCharacter(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 32 || code === 127) return true;
  }
  return false;
}

/**
 * Reads the target of a request.
 * @returns null when it is malformed: not a path, wrong percent-encoding, control characters.
 */
export function readAddress(target: string): Address | null {
  const end = target.search(/[?#]/);
  const encoded = end === -1 ? target : target.slice(0, end);
  const rest = end === -1 ? '' : target.slice(end);
  if (!encoded.startsWith('/')) return null;
  let path: string;
  try {
    path = decodeURIComponent(encoded);
  } catch {
    return null;
  }
  if (hasControlCharacter(path)) return null;
  // A slash in disguise would be a second address of the same page: such a path is kept as it came and finds nothing.
  if (/%2f/i.test(encoded)) path = encoded;
  return { path, query: rest.startsWith('?') ? rest.replace(/#.*$/, '') : '' };
}

/**
 * Finds an address in a release. Only files that the release lists are ever found, by their exact name: no path can
 * lead out of it. Redirects always start with one slash followed by a name of the release, so they stay on this site.
 */
export function findDestination({ path, query }: Address, book: AddressBook): Destination {
  const file = path.slice(1);
  if (path.endsWith('/')) {
    if (book.has(`${file}index.html`)) return { kind: 'file', file: `${file}index.html` };
  } else if (book.has(file)) {
    if (!/(^|\/)index\.html$/.test(file)) return { kind: 'file', file };
    return redirect(path.slice(0, -'index.html'.length), query);
  } else if (book.has(`${file}/index.html`)) {
    return redirect(`${path}/`, query);
  }
  const moved = movedTo(path.endsWith('/') ? path : `${path}/`, book);
  return moved === undefined ? { kind: 'missing' } : { kind: 'redirect', location: withQuery(moved, query) };
}

/** What moved from `/old/` moved from `/old/index.html` too. */
function movedTo(path: string, book: AddressBook): string | undefined {
  return book.movedTo(path) ?? book.movedTo(path.replace(/(?<=\/)index\.html\/$/, ''));
}

/** The query of a request goes along, before the anchor of the new address and after its own query. */
function withQuery(moved: string, query: string): string {
  const [, address = '', anchor = ''] = /^([^#]*)(.*)$/s.exec(moved) ?? [];
  return address + (address.includes('?') ? query.replace('?', '&') : query) + anchor;
}

function redirect(path: string, query: string): Destination {
  return { kind: 'redirect', location: path.split('/').map(encodeURIComponent).join('/') + query };
}

/** Public path of a file of the release: `articles/index.html` is `/articles/`. */
export function pathOfFile(file: string): string {
  return `/${file.replace(/(^|\/)index\.html$/, '$1')}`;
}

/** Redirects of a release by the path that moved, with a slash at the end even where the path names a file. */
export function readRedirects(redirects: readonly { from: string; to: string }[]): Map<string, string> {
  return new Map(redirects.map(({ from, to }) => [from.endsWith('/') ? from : `${from}/`, to]));
}
