import { describe, expect, it } from 'vitest';
import { differences, type Description } from '../../src/entries/differences.ts';
import { excerpts } from '../../src/entries/excerpt.ts';
import type { Attributes } from '../../src/entries/model.ts';

const MODELS: Record<string, Attributes> = {
  article: {
    title: { type: 'string' },
    isOpen: { type: 'boolean' },
    year: { type: 'integer' },
    topics: { type: 'relation' },
    heroImage: { type: 'media' },
    seo: { type: 'component' },
    sections: { type: 'dynamiczone' },
    references: { type: 'component', repeatable: true },
  },
  text: { heading: { type: 'string' }, body: { type: 'richtext' } },
  quote: { quote: { type: 'text' } },
};
const description: Description = {
  uid: 'article',
  attributesOf: (uid) => MODELS[uid] ?? MODELS['text'] ?? {},
  labels: {
    field: (_uid, name) => name.toUpperCase(),
    component: (uid) => `The ${uid}`,
  },
};
const between = (before: object, after: object) =>
  differences(before as never, after as never, description).map(({ label, before: from, after: to }) => [
    label,
    from,
    to,
  ]);
const text = (heading: string, body = 'Body.') => ({ __component: 'text', heading, body });

describe('differences', () => {
  it('are none between equals, and between what is missing and what is empty', () => {
    expect(between({ title: 'A', sections: [text('1')] }, { sections: [text('1')], title: 'A' })).toEqual([]);
    expect(between({ title: null }, {})).toEqual([]);
    expect(between({}, {})).toEqual([]);
  });

  it('tell plain fields, relations and pictures in words', () => {
    const picture = { documentId: 'p', name: 'a.webp', alternativeText: null, caption: null, size: 1 };
    expect(
      between(
        { title: 'A', isOpen: true, topics: [{ documentId: '1', title: 'One' }], heroImage: [] },
        {
          title: 'B',
          isOpen: false,
          year: 2026,
          topics: [{ documentId: '2', title: null }],
          heroImage: [picture],
        },
      ),
    ).toEqual([
      ['TITLE', 'A', 'B'],
      ['ISOPEN', 'Yes', 'No'],
      ['YEAR', null, '2026'],
      ['TOPICS', 'One', '2'],
      ['HEROIMAGE', null, 'a.webp; no alternative text'],
    ]);
  });

  it('go into components, and tell one that came or went as a whole', () => {
    expect(between({ seo: text('A') }, { seo: text('B') })).toEqual([['SEO › HEADING', 'A', 'B']]);
    expect(between({ seo: null }, { seo: text('B') })).toEqual([['SEO', null, 'HEADING: B\nBODY: Body.']]);
  });

  it('find the one section of many that changed, wherever it went', () => {
    const before = [text('1'), text('2'), text('3')];
    expect(
      between({ sections: before }, { sections: [text('0'), text('1'), text('2', 'New.'), text('3')] }),
    ).toEqual([
      ['SECTIONS › 1. The text', null, 'HEADING: 0\nBODY: Body.'],
      ['SECTIONS › 3. The text › BODY', 'Body.', 'New.'],
    ]);
    expect(between({ sections: before }, { sections: [text('1'), text('3')] })).toEqual([
      ['SECTIONS › 2. The text', 'HEADING: 2\nBODY: Body.', null],
    ]);
  });

  it('tell a section of another kind as one that went and one that came', () => {
    const after = [{ __component: 'quote', quote: 'Q' }];
    expect(between({ sections: [text('1')] }, { sections: after })).toEqual([
      ['SECTIONS › 1. The quote', null, 'QUOTE: Q'],
      ['SECTIONS › 1. The text', 'HEADING: 1\nBODY: Body.', null],
    ]);
  });

  it('recognise a section that changed behind a new one of another kind', () => {
    const after = [{ __component: 'quote', quote: 'Q' }, text('1', 'New.')];
    expect(between({ sections: [text('1')] }, { sections: after })).toEqual([
      ['SECTIONS › 1. The quote', null, 'QUOTE: Q'],
      ['SECTIONS › 2. The text › BODY', 'Body.', 'New.'],
    ]);
  });

  it('end soon for lists that have nothing in common', () => {
    const list = (kind: string) =>
      Array.from({ length: 1500 }, (_, index) => text(`${kind} ${String(index)}`));
    expect(between({ references: list('a') }, { references: list('b') })).toHaveLength(1500);
  });
});

describe('an excerpt', () => {
  it('shows what changed with a little around it', () => {
    const [head, tail] = ['a'.repeat(500), 'z'.repeat(500)];
    const { before, after } = excerpts(`${head} one ${tail}`, `${head} two ${tail}`);
    expect(before).toMatch(/^…a+ one z+…$/);
    expect(after).toMatch(/^…a+ two z+…$/);
    expect(before?.length).toBeLessThan(100);
  });

  it('cuts what is long, no character in two, and keeps what is short', () => {
    expect(excerpts('one', 'two')).toEqual({ before: 'one', after: 'two' });
    expect(excerpts(null, '😀'.repeat(1000)).after).toBe(`${'😀'.repeat(300)}…`);
    expect(excerpts('x', null)).toEqual({ before: 'x', after: null });
  });
});
