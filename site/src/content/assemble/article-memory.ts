import { type Article, typeNames } from '@meridian/shared-types';
import type { Library } from '../content.ts';
import type { ArticleView, Site } from '../views.ts';
import { type Assembled, assembleArticle, relatedArticles } from './pages.ts';

interface Remembered {
  related: readonly Article[];
  /** The entries that its links name, and the paths that these had. */
  named: readonly Named[];
  page: Assembled<ArticleView>;
}

interface Named {
  entry: Parameters<Library['pathOfEntry']>[0];
  path: string | null;
}

/** What articles show beside themselves and each other, and the pages put together from it. */
let memory: { surroundings: readonly unknown[]; pages: WeakMap<Article, Remembered> } | null = null;

/**
 * Puts the pages of all articles together. One that this process has put together before is taken from there while the
 * article, those that it relates to, the paths that its links lead to and all content but articles are the very same.
 * One that was warned of is made anew.
 */
export function rememberedArticles(site: Site, library: Library): Assembled<ArticleView>[] {
  const surroundings = surroundingsOf(library);
  if (memory === null || !same(memory.surroundings, surroundings))
    memory = { surroundings, pages: new WeakMap() };
  const { pages } = memory;
  return library.articles.map((article) => {
    const related = relatedArticles(article, library);
    const known = pages.get(article);
    if (known !== undefined && same(known.related, related) && leadThere(known.named, library))
      return known.page;
    const warnings: string[] = [];
    const named: Named[] = [];
    const page = assembleArticle(article, site, {
      ...library,
      warn: (warning) => warnings.push(warning),
      pathOfEntry: (entry) => {
        const path = library.pathOfEntry(entry);
        named.push({ entry, path });
        return path;
      },
    });
    for (const warning of warnings) library.warn(warning);
    if (warnings.length > 0) pages.delete(article);
    else pages.set(article, { related, named, page });
    return page;
  });
}

function leadThere(named: readonly Named[], { pathOfEntry }: Library): boolean {
  return named.every(({ entry, path }) => pathOfEntry(entry) === path);
}

const articlesAlone = new Set(['articles', 'articleById', 'articlesByTopic', 'pathOfEntry', 'warn']);

/** Everything in a library but articles, so that whatever is added to it counts. */
function surroundingsOf(library: Library): unknown[] {
  return Object.entries(library).flatMap(([name, value]: [string, unknown]) => {
    if (articlesAlone.has(name)) return [];
    if (name === 'entries')
      return typeNames.flatMap((type): unknown[] => (type === 'article' ? [] : library.entries[type]));
    if (value instanceof Map) return [...value.keys(), ...value.values()] as unknown[];
    return [name, ...(Array.isArray(value) ? (value as unknown[]) : [value])];
  });
}

function same(before: readonly unknown[], after: readonly unknown[]): boolean {
  return before.length === after.length && before.every((value, index) => value === after[index]);
}
