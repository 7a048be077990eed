import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anchorsOf } from './anchors.ts';
import { checklist } from './checklist.ts';
import { findingText } from './finding.ts';
import type { Entry } from './parts.ts';
import { questionsOf } from './surroundings.ts';

const types = [
  'article',
  'page',
  'provider',
  'topic',
  'home-page',
  'consultation-page',
  'clinic',
  'navigation',
  'x',
];

/** Runs everything that the checklist does with an entry, and gives its findings in words. */
function run(type: string, entry: Entry): string[] {
  const asked = questionsOf(type, entry, 'https://clinic.example');
  anchorsOf(type, entry);
  const around = {
    asked,
    siteUrl: 'https://clinic.example',
    today: '2026-11-24',
    allowsUnreviewed: false,
    slugTakenBy: null,
    entries: asked.addresses.map((address) => ({ address, title: null, isPublished: true, anchors: [] })),
    deadLinks: asked.urls.map((url) => ({ url, reason: 'it answered 404' })),
    files: [],
  };
  return checklist(type, entry, around).map(findingText);
}

const names = [
  'title',
  'slug',
  'summary',
  'sections',
  'body',
  'bio',
  'seo',
  'author',
  'topics',
  'references',
  'url',
];
const components = [
  'section.rich-text',
  'section.faq',
  'section.image',
  'section.quote',
  'constructor',
  '__proto__',
];
const markdown = fc
  .array(
    fc.constantFrom(
      ...[
        '[',
        ']',
        '(',
        ')',
        '<',
        '>',
        '#',
        '*',
        '_',
        '`',
        '|',
        '\n',
        '\n\n',
        ' ',
        '!',
        '&',
        ';',
        ':',
        '-',
        '1.',
      ],
      ...[
        '<script>',
        '[^1]',
        '[^1]: x',
        'javascript:',
        'https://',
        '\u0000',
        '\ud800',
        '\u202e',
        '&#106;',
        'x',
      ],
    ),
    { maxLength: 200 },
  )
  .map((parts) => parts.join(''));
const value = fc.oneof(
  { maxDepth: 4 },
  markdown,
  fc.jsonValue(),
  fc.array(
    fc.record({
      __component: fc.constantFrom(...components),
      body: markdown,
      questions: fc.jsonValue(),
      image: fc.jsonValue(),
    }),
    { maxLength: 5 },
  ),
);
const entries = fc.dictionary(fc.constantFrom(...names), value) as fc.Arbitrary<Entry>;

describe('the checklist', () => {
  it('never throws, whatever an entry holds, and always says the same of it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.oneof(entries, fc.object() as fc.Arbitrary<Entry>),
        (type, entry) => {
          expect(run(type, entry)).toEqual(run(type, structuredClone(entry)));
        },
      ),
      { numRuns: 1500, seed: 20_261_124 },
    );
  });

  it('leaves the entry as it is', () => {
    fc.assert(
      fc.property(fc.constantFrom(...types), entries, (type, entry) => {
        const before = structuredClone(entry);
        run(type, entry);
        expect(entry).toEqual(before);
      }),
      { numRuns: 300, seed: 20_261_125 },
    );
  });

  it.each([
    ['brackets', '['.repeat(50_000)],
    ['emphasis', '*a_ '.repeat(12_000)],
    ['quotations', `${'>'.repeat(5000)} x`],
    ['links', '[a](/b/) '.repeat(5500)],
    ['headings', '## a\n\n'.repeat(8000)],
    ['tags', '<b>'.repeat(16_000)],
    ['one line of a million', 'x'.repeat(1_000_000)],
    ['table cells', '| a '.repeat(12_000)],
  ])('reads a huge text of %s', { timeout: 60_000 }, (_name, body) => {
    const entry = { title: 'Huge', sections: [{ __component: 'section.rich-text', body }] };
    expect(run('page', entry)).toContain(
      'Slug: is empty. Fill it in, or press "Regenerate" beside the field.',
    );
  });

  // So deep that a function which calls itself for each level fails, however small the machine made its stack.
  it.each([
    ['objects', 'clinic', 'socialLinks', (inner: unknown) => ({ url: inner })],
    ['lists of items', 'clinic', 'socialLinks', (inner: unknown) => [inner]],
    ['sections', 'article', 'sections', (inner: unknown) => [{ __component: 'section.faq', items: inner }]],
    ['related entries', 'article', 'topics', (inner: unknown) => [inner]],
    ['one related entry', 'article', 'author', (inner: unknown) => ({ author: inner, documentId: 'a' })],
    ['words', 'article', 'title', (inner: unknown) => ({ title: inner })],
    ['a field that is none', 'article', 'x', (inner: unknown) => [{ x: inner }]],
  ])('ends for %s nested without end', (_name, type, field, around) => {
    let nested: unknown = [];
    for (let depth = 0; depth < 100_000; depth += 1) nested = around(nested);
    expect(() => run(type, { [field]: nested })).not.toThrow();
  });
});
