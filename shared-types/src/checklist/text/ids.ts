/** Hands out ids that are unique on a page, made from the words of a heading. */
export interface Ids {
  /** An id for a text; a number follows when the page already has it. */
  take(text: string): string;
  has(id: string): boolean;
  /** All ids of the page so far, in the order in which they came. */
  all(): string[];
}

/** Ids that the layout of every page uses. */
const taken = [
  'main',
  'contents',
  'references',
  'header',
  'footer',
  'navigation',
  'search',
  'breadcrumbs',
  'top',
];

/** Starts the ids of a page. */
export function pageIds(): Ids {
  const used = new Set(taken);
  /** The number that is tried next for words that came before; every smaller one is used. */
  const next = new Map<string, number>();
  return {
    take(text) {
      const base = idOf(text);
      let id = base;
      let count = next.get(base) ?? 2;
      for (; used.has(id); count += 1) id = `${base}-${count}`;
      next.set(base, count);
      used.add(id);
      return id;
    },
    has: (id) => used.has(id),
    all: () => [...used],
  };
}

function idOf(text: string): string {
  const words = text
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll(/['’]/g, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replaceAll(/^-+|-+$/g, '');
  return /^[a-z]/.test(words) ? words : words === '' ? 'section' : `section-${words}`;
}
