import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testEntries, testLibrary } from '../../../test/library.ts';
import { type Library, library } from '../content.ts';
import { rememberedArticles } from './article-memory.ts';
import { assembleArticle } from './pages.ts';
import { assembleSite } from './site.ts';

const { library: model } = testLibrary(await testEntries());
const surroundings = { siteUrl: model.siteUrl, today: model.today, warn: () => undefined };

/** One change to a library that leaves all else the very same objects. */
type Change = (before: Library, word: string) => Partial<Library>;

const changes: Change[] = [
  ({ articles }, word) => ({ articles: replaced(articles, 0, { title: word }) }),
  ({ articles }, word) => ({ articles: replaced(articles, 1, { summary: word, topics: [] }) }),
  ({ articles }) => ({
    articles: replaced(articles, 1, { relatedArticles: articles.map(({ documentId }) => documentId) }),
  }),
  ({ articles }) => ({ articles: articles.slice(1) }),
  ({ articles }, word) => ({
    articles: [
      ...articles,
      ...model.articles.slice(0, 1).map((one) => ({ ...one, documentId: word, slug: word })),
    ],
  }),
  ({ topics }, word) => ({ topics: replaced(topics, 0, { name: word }) }),
  ({ providers }, word) => ({ providers: replaced(providers, 0, { name: word }) }),
  ({ clinic }, word) => ({ clinic: { ...clinic, name: word } }),
  ({ pictures }, word) => ({
    pictures: new Map(
      [...pictures].map(([address, picture]) => [address, { ...picture, src: `/media/${word}.webp` }]),
    ),
  }),
  (_, word) => ({ siteUrl: `https://${word}.example` }),
  (_, word) => ({ today: `2026-12-${word.slice(-2)}` }),
];

function replaced<Entry>(entries: readonly Entry[], index: number, values: Partial<Entry>): Entry[] {
  return entries.map((entry, at) => (at === index ? { ...entry, ...values } : entry));
}

test('gives the same as putting every article together anew, whatever changed', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...changes), { maxLength: 8 }), (steps) => {
      let present = library(model, surroundings);
      steps.forEach((change, step) => {
        const changed = { ...present, ...change(present, `word-${step + 10}`) };
        present = library(changed, { ...surroundings, siteUrl: changed.siteUrl, today: changed.today });
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
  const next = library({ ...model, articles: [...model.articles, ...added] }, surroundings);
  const after = rememberedArticles(site, next);
  expect(after.filter((page) => !before.includes(page)).map(({ entry }) => entry)).toEqual([
    'article "added"',
  ]);
});
