import { contentTypes, type ContentType } from '@meridian/shared-types';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readLeniently } from './lenient.ts';

const times = {
  createdAt: '2026-11-23T18:00:00.000Z',
  updatedAt: '2026-11-23T18:00:00.000Z',
  publishedAt: null,
};

const types: ContentType[] = Object.values<ContentType>(contentTypes).filter(
  ({ draftAndPublish }) => draftAndPublish,
);

test.each(types.map((type) => [type.singularName, type] as const))(
  'an empty %s is readable, whether its fields are missing, null or nonsense',
  (_name, { schema, query }) => {
    const fields = [...query.fields, ...Object.keys(query.populate ?? {})].filter(
      (field) => !(field in times) && field !== 'documentId',
    );
    for (const value of [undefined, null, '', 7, {}, [{}], 'a\nb'.repeat(90_000)]) {
      const raw = {
        documentId: 'abc',
        ...times,
        ...Object.fromEntries(fields.map((field) => [field, value])),
      };
      expect(readLeniently(schema, raw).entry.documentId).toBe('abc');
    }
    expect(readLeniently(schema, {}).entry).toBeDefined();
  },
);

test('a number, a choice and a yes or no that are missing have stand-ins', () => {
  const schema = z.object({
    minutes: z.int().min(15),
    price: z.number(),
    kind: z.enum(['long', 'short']),
    open: z.boolean(),
  });
  const { entry, gaps } = readLeniently(schema, { minutes: null, price: null, kind: null, open: null });
  expect(entry).toEqual({ minutes: 15, price: 0, kind: 'long', open: false });
  expect(gaps).toHaveLength(4);
});

test('a section that is not complete becomes a note that names it, and the others stay', () => {
  const { entry, gaps } = readLeniently(contentTypes.page.schema, {
    documentId: 'abc',
    ...times,
    title: '',
    slug: 'a',
    summary: null,
    seo: null,
    sections: [
      { __component: 'section.quote', text: 'Kept', attribution: null },
      { __component: 'section.rich-text', heading: null, body: '' },
      { __component: 'section.unheard-of' },
      { __component: 'section.faq', heading: 'Questions', questions: [] },
    ],
  });
  expect(entry.title).toBe('Untitled');
  expect(gaps).toEqual(['Title is not filled in yet.']);
  expect(entry.sections).toMatchObject([
    { text: 'Kept' },
    { heading: 'Section 2 (rich text) is not complete' },
    { heading: 'Section 3 (unheard of) is not complete' },
    { heading: 'Section 4 (faq) is not complete' },
  ]);
  expect(JSON.stringify(entry.sections[1])).toContain('“body”');
});

test('what a list lacks is left out and told', () => {
  const { entry, gaps } = readLeniently(contentTypes.navigation.schema, {
    documentId: 'abc',
    ...times,
    header: [
      { label: 'A', url: '' },
      { label: 'B', url: '/b/' },
      { label: '', url: '/c/' },
    ],
    footer: [],
  });
  expect(entry.header).toEqual([{ label: 'B', url: '/b/' }]);
  expect(gaps).toEqual([
    'Header, number 1, is not complete and is left out here.',
    'Header, number 3, is not complete and is left out here.',
  ]);
});
