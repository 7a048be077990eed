/**
 * Finds links to one page in text that staff wrote: Markdown, HTML or a bare address, with or without the slash or
 * `/index.html` at the end, the site's own origin, query or fragment. Links to the same path of other sites do not count.
 *
 * @param origin of the site, such as `https://clinic.example`
 * @param path as `publicPath` gives it
 */
export function linksTo(text: string, origin: string, path: string): boolean {
  const page = path.replace(/\/$/, '');
  for (let at = text.indexOf(page); at !== -1; at = text.indexOf(page, at + 1)) {
    const before = text.slice(0, at);
    const begins = before === '' || /[\s("'<[\]=]$/.test(before) || before.endsWith(origin);
    const ends = !/^(?:[\w-]|\/(?!index\.html\b)[\w-])/.test(text.slice(at + page.length));
    if (begins && ends) return true;
  }
  return false;
}

/**
 * How a path may be written in a text: as it reads, and as address bars give it, with its hexadecimal digits in either
 * case. One without signs beyond ASCII is written in one way.
 */
export function spellingsOf(path: string): string[] {
  const encoded = encodeURI(path);
  const inLowerCase = encoded.replace(/%[0-9A-F]{2}/g, (sign) => sign.toLowerCase());
  return [...new Set([path, encoded, inLowerCase])];
}

/**
 * Finds links that name one entry (`entry:article/k3j9x0`), with or without an anchor.
 *
 * @param link as `entryLink` gives it, without an anchor
 */
export function linksToEntry(text: string, link: string): boolean {
  return text
    .split(link)
    .slice(1)
    .some((after) => !/^[a-z0-9]/.test(after));
}
