import { describe, expect, expectTypeOf, it } from 'vitest';
import { article, clinic, picture } from './samples.ts';
import {
  articleSchema,
  clinicSchema,
  contentTypes,
  mediaQuery,
  mediaSchema,
  type Article,
  type Clinic,
  type ContentTypeName,
  type Media,
} from './index.ts';

describe('an article from REST', () => {
  it('becomes a plain entry: relations as document ids in their order, no numeric ids, empty texts null', () => {
    expect(articleSchema.parse(article)).toEqual({
      documentId: 'art1',
      createdAt: '2026-11-23T22:26:51.816Z',
      updatedAt: '2026-11-23T22:26:51.816Z',
      publishedAt: '2026-11-23T22:26:51.838Z',
      title: 'Back pain',
      slug: 'back-pain',
      summary: 'What helps.',
      heroImage: { ...picture, id: undefined },
      sections: [{ __component: 'section.rich-text', heading: null, body: 'Text.' }],
      topics: ['topic2', 'topic1'],
      author: 'provider1',
      reviewer: null,
      reviewedOn: '2026-02-03',
      nextReviewDue: null,
      references: [
        { title: 'A study', publisher: 'A journal', year: null, url: 'https://example.org/study' },
      ],
      relatedArticles: [],
      seo: { title: null, description: null, image: null, noIndex: false },
    });
  });

  it('drops keys that the contract does not know, dangerous ones too', () => {
    const hostile: unknown = JSON.parse('{ "__proto__": { "polluted": true }, "extra": 1 }');
    const parsed = articleSchema.parse(Object.assign(Object.create(null), hostile, article));
    expect(Object.keys(parsed)).not.toContain('extra');
    expect('polluted' in parsed).toBe(false);
    expect('polluted' in {}).toBe(false);
  });

  it('is typed', () => {
    expectTypeOf<Article['title']>().toEqualTypeOf<string>();
    expectTypeOf<Article['reviewedOn']>().toEqualTypeOf<string | null>();
    expectTypeOf<Article['topics']>().toEqualTypeOf<string[]>();
    expectTypeOf<Article['author']>().toEqualTypeOf<string | null>();
    expectTypeOf<Article['heroImage']>().toEqualTypeOf<Media | null>();
    expectTypeOf<Article['sections'][number]['__component']>().toExtend<`section.${string}`>();
    expectTypeOf<Clinic['openingHours'][number]['dayOfWeek']>().toExtend<string>();
  });
});

it('gives times of day in one form, whichever database they come from', () => {
  expect(clinicSchema.parse(clinic).openingHours).toEqual([
    { dayOfWeek: 'Monday', opens: '09:00:00.000', closes: '17:00:00.000' },
  ]);
});

it('asks for exactly the fields of a file that it reads', () => {
  expect([...mediaQuery.fields].sort()).toEqual(Object.keys(mediaSchema.shape).sort());
});

describe.each(Object.values(contentTypes))('the content type $singularName', (type) => {
  it('asks for exactly what its schema reads', () => {
    const populate = 'populate' in type.query ? Object.keys(type.query.populate) : [];
    const asked = [...type.query.fields, ...populate];
    expect(asked.sort()).toEqual(Object.keys(type.schema.shape).sort());
  });

  it('has relations to content types that exist, by attributes that it has', () => {
    for (const { path, target } of type.relations) {
      expect(Object.keys(type.schema.shape)).toContain(path);
      expect(Object.keys(contentTypes)).toContain(target);
      expectTypeOf(target).toExtend<ContentTypeName>();
    }
  });

  it('has drafts, unless it is a redirect, which is no page', () => {
    expect(type.draftAndPublish).toBe(type.singularName !== 'redirect');
  });
});
