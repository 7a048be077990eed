import { Parser } from 'htmlparser2';

/** An address that a page refers to, with the text by which a person finds it. */
export interface PageLink {
  href: string;
  text: string;
}

/** What the checks need of a page. */
export interface PageFacts {
  title: string;
  ids: Set<string>;
  links: PageLink[];
}

const addressAttributes: Record<string, readonly string[]> = {
  a: ['href'],
  area: ['href'],
  audio: ['src'],
  form: ['action'],
  iframe: ['src'],
  img: ['src', 'srcset'],
  link: ['href'],
  object: ['data'],
  script: ['src'],
  source: ['src', 'srcset'],
  track: ['src'],
  video: ['src', 'poster'],
};

/** Reads title, ids and every address out of a page. White space in texts is collapsed. */
export function readPage(html: string): PageFacts {
  const facts: PageFacts = { title: '', ids: new Set(), links: [] };
  let inTitle = false;
  let vectorDepth = 0;
  let open: PageLink | null = null;
  const parser = new Parser({
    onopentag(name, attributes) {
      if (name === 'svg') vectorDepth += 1;
      if (name === 'title' && vectorDepth === 0) inTitle = true;
      if (attributes['id'] !== undefined) facts.ids.add(attributes['id']);
      if (name === 'a' && attributes['name'] !== undefined) facts.ids.add(attributes['name']);
      for (const attribute of addressAttributes[name] ?? []) {
        const value = attributes[attribute];
        if (value === undefined) continue;
        const addresses = attribute === 'srcset' ? addressesOfSrcset(value) : [value];
        for (const href of addresses) facts.links.push({ href, text: attributes['alt'] ?? '' });
      }
      if (name === 'a') open = attributes['href'] === undefined ? null : (facts.links.at(-1) ?? null);
    },
    ontext(text) {
      if (inTitle) facts.title += text;
      if (open !== null) open.text += text;
    },
    onclosetag(name) {
      if (name === 'svg') vectorDepth -= 1;
      if (name === 'title') inTitle = false;
      if (name === 'a') open = null;
    },
  });
  parser.end(html);
  facts.title = collapse(facts.title);
  for (const link of facts.links) link.text = collapse(link.text);
  return facts;
}

function addressesOfSrcset(srcset: string): string[] {
  return srcset
    .split(/,\s+/)
    .map((candidate) => candidate.trim().split(/\s+/)[0] ?? '')
    .filter((address) => address !== '');
}

/** Text with each run of white space as one blank. */
export function collapse(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Addresses of the stylesheets that a page waits for before it can be read. */
export function stylesheetsOf(html: string): string[] {
  const hrefs: string[] = [];
  const parser = new Parser({
    onopentag(name, { rel, href }) {
      if (name === 'link' && rel?.toLowerCase() === 'stylesheet' && href !== undefined) hrefs.push(href);
    },
  });
  parser.end(html);
  return hrefs;
}
