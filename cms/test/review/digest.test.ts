import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/review/digest.ts';
import { standingOf } from '../../src/review/standing.ts';

const picture = { documentId: 'p', name: 'a.webp', alternativeText: 'A path', caption: null, size: 12 };
const content = {
  title: 'Back pain',
  summary: 'What helps.',
  slug: 'back-pain',
  heroImage: [picture],
  sections: [{ __component: 'section.rich-text', heading: 'First', body: 'Text.\nMore.' }],
  references: [{ title: 'A book', publisher: 'Press', year: 2024, url: 'https://www.example.org/' }],
  reviewer: [],
  reviewedOn: null,
  topics: [],
  seo: { title: 'Back pain', description: null, noIndex: false, image: [] },
};

describe('the digest of what patients read', () => {
  it.each<[string, object]>([
    ['title', { title: 'Neck pain' }],
    ['summary', { summary: 'What does not help.' }],
    ['text of a section', { sections: [{ ...content.sections[0], body: 'Other.' }] }],
    ['kind of a section', { sections: [{ ...content.sections[0], __component: 'section.quote' }] }],
    ['sections', { sections: [] }],
    ['description of a picture', { heroImage: [{ ...picture, alternativeText: 'A hill' }] }],
    ['picture', { heroImage: [{ ...picture, size: 13 }] }],
    ['references', { references: [{ ...content.references[0], year: 2025 }] }],
    ['words for search engines', { seo: { ...content.seo, description: 'A cure.' } }],
  ])('changes with the %s', (_what, change) => {
    expect(digestOf({ ...content, ...change })).not.toBe(digestOf(content));
  });

  it.each<[string, object]>([
    ['review', { reviewer: [{ documentId: 'x', title: 'X' }], reviewedOn: '2026-01-01' }],
    ['address', { slug: 'other' }],
    ['name of a file', { heroImage: [{ ...picture, name: 'b.webp' }] }],
    ['topics', { topics: [{ documentId: 'x', title: 'X' }] }],
    ['ends of lines', { sections: [{ ...content.sections[0], body: 'Text.\r\nMore.' }] }],
    [
      'order of keys',
      { references: [Object.fromEntries(Object.entries(content.references[0] ?? {}).reverse())] },
    ],
    [
      'fields that a later schema adds, while they are empty',
      { sections: [{ ...content.sections[0], new: null, flag: false, list: [] }] },
    ],
  ])('does not change with the %s', (_what, change) => {
    expect(digestOf({ ...content, ...change })).toBe(digestOf(content));
  });

  it('is there for content that is empty', () => {
    expect(digestOf({})).toBe(digestOf({ title: '', sections: [], seo: null }));
  });
});

describe('how a text stands to its review', () => {
  it.each([
    ['a', null, null, 'Not reviewed'],
    ['a', 'a', null, 'Reviewed'],
    ['b', 'a', null, 'Changed since review'],
    ['b', 'a', 'b', 'Changes needed'],
    ['c', 'a', 'b', 'Changed since review'],
    ['c', null, 'b', 'Not reviewed'],
  ])('text %s, approved %s, objected to %s: %s', (digest, approved, objected, standing) => {
    expect(standingOf(digest, approved, objected)).toBe(standing);
  });
});
