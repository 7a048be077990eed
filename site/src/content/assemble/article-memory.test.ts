import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testEntries, testLibrary } from '../../../test/library.ts';
import type { Entries } from '@meridian/shared-types';
import { type Content, library } from '../content.ts';
import { rememberedArticles } from './article-memory.ts';
import { assembleArticle } from './pages.ts';
import { assembleSite } from './site.ts';

const { library: model } = testLibrary(await testEntries());
const noon = (day: string) => new Date(`${day}T12:00:00Z`);
const surroundings = { siteUrl: model.siteUrl, now: noon(model.today), warn: () => undefined };

/** What articles are put together from. */
interface Given extends Content {
  siteUrl: string;
  now: Date;
}

/** One change that leaves all else the very same objects. */
type Change = (before: Given, word: string) => Partial<Given>;

/** Changes the entries of one type. */
function changed<Name extends keyof Entries>(
  name: Name,
  change: (entries: Entries[Name], word: string) => Entries[Name],
): Change {
  return ({ entries }, word) => ({ entries: { ...entries, [name]: change(entries[name], word) } });
}

const changes: Change[] = [
  changed('article', (articles, word) => replaced(articles, 0, { title: word })),
  changed('article', (articles, word) => replaced(articles, 0, { slug: word })),
  changed('article', (articles, word) => replaced(articles, 1, { summary: word, topics: [] })),
  changed('article', (articles) =>
    replaced(articles, 1, { relatedArticles: articles.map(({ documentId }) => documentId) }),
  ),
  changed('article', (articles) => {
    const body = articles.map(({ documentId }) => `[Read](entry:article/${documentId})`).join(', ');
    return replaced(articles, 1, { sections: [{ __component: 'section.rich-text', heading: null, body }] });
  }),
  changed('article', (articles) => articles.slice(1)),
  changed('article', (articles, word) => [
    ...articles,
    ...model.articles.slice(0, 1).map((one) => ({ ...one, documentId: word, slug: word })),
  ]),
  changed('topic', (topics, word) => replaced(topics, 0, { name: word })),
  changed('provider', (providers, word) => replaced(providers, 0, { name: word })),
  changed('clinic', (clinics, word) => replaced(clinics, 0, { name: word })),
  ({ pictures }, word) => ({
    pictures: new Map(
      [...pictures].map(([address, picture]) => [address, { ...picture, src: `/media/${word}.webp` }]),
    ),
  }),
  (_, word) => ({ siteUrl: `https://${word}.example` }),
  (_, word) => ({ now: noon(`2026-12-${word.slice(-2)}`) }),
];

function replaced<Entry>(entries: readonly Entry[], index: number, values: Partial<Entry>): Entry[] {
  return entries.map((entry, at) => (at === index ? { ...entry, ...values } : entry));
}

test('gives the same as putting every article together anew, whatever changed', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...changes), { maxLength: 8 }), (steps) => {
      let given: Given = { ...surroundings, entries: model.entries, pictures: model.pictures };
      steps.forEach((change, step) => {
        given = { ...given, ...change(given, `word-${step + 10}`) };
        const { entries, pictures } = given;
        const present = library({ entries, pictures }, { ...surroundings, ...given });
        const { site } = assembleSite(present);
        const views = rememberedArticles(site, present).map(({ view }) => view);
        expect(views).toEqual(
          present.articles.map((article) => assembleArticle(article, site, present).view),
        );
      });
    }),
  );
});

test('puts together only what changed', () => {
  const { site } = assembleSite(model);
  const before = rememberedArticles(site, model);
  const added = model.articles
    .slice(0, 1)
    .map((one) => ({ ...one, documentId: 'added', slug: 'added', topics: [] }));
  const next = library(
    {
      entries: { ...model.entries, article: [...model.entries.article, ...added] },
      pictures: model.pictures,
    },
    surroundings,
  );
  const after = rememberedArticles(site, next);
  expect(after.filter((page) => !before.includes(page)).map(({ entry }) => entry)).toEqual([
    'article "added"',
  ]);
});
