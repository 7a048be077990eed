import fc from 'fast-check';
import { Marked } from 'marked';
import { describe, expect, it, vi } from 'vitest';
import { anchorsOf } from './anchors.ts';
import { checklist } from './checklist.ts';
import { findingText } from './finding.ts';
import type { Entry } from './parts.ts';
import { type KnownEntry, questionsOf, type Surroundings } from './surroundings.ts';

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
  anchorsOf(type, entry);
  return checklist(type, entry, aroundOf(type, entry)).map(findingText);
}

/** What an entry makes its checklist ask, and that all of it is published, and all links to other sites are dead. */
function aroundOf(type: string, entry: Entry): Surroundings {
  const asked = questionsOf(type, entry, 'https://clinic.example');
  return {
    asked,
    siteUrl: 'https://clinic.example',
    today: '2026-11-24',
    allowsUnreviewed: false,
    slugTakenBy: null,
    entries: asked.addresses.map((address) => ({ address, title: null, isPublished: true, anchors: [] })),
    deadLinks: asked.urls.map((url) => ({ url, reason: 'it answered 404' })),
    files: [],
  };
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

  // With work for every pair of such things, one takes minutes.
  const many = <Item>(count: number, item: (index: number) => Item): Item[] =>
    Array.from({ length: count }, (_none, index) => item(index));
  const richText = (body: string) => ({ __component: 'section.rich-text', heading: 'Sleep', body });
  it.each<[string, Entry]>([
    ['links to its own page', { sections: many(8, () => richText('[a](#sleep) '.repeat(4000))) }],
    [
      'citations of one source',
      { sections: [richText('[[1]](#reference-1) '.repeat(1500))], references: [{}] },
    ],
    [
      'questions and links to them',
      {
        sections: [
          {
            __component: 'section.faq',
            questions: many(5000, (index) => ({ question: `Q${index}`, answer: `[a](#q${index})` })),
          },
        ],
      },
    ],
    ['empty sections', { sections: many(30_000, () => ({ __component: 'section.call-out' })) }],
  ])('reads an entry with thousands of %s', { timeout: 60_000 }, (_name, entry) => {
    expect(run('article', { title: 'Huge', ...entry })).toContain(
      'Slug: is empty. Fill it in, or press "Regenerate" beside the field.',
    );
  });

  it.each<[string, string, Entry]>([
    [
      'links',
      'link-anchor',
      { sections: [richText(many(2000, (index) => `[to page ${index}](/page-${index}/#a)\n`).join(''))] },
    ],
    ['related entries', 'relation-unpublished', { topics: many(2000, (index) => `topic${index}`) }],
  ])('looks up what %s lead to once for all of them', (_name, rule, entry) => {
    const around = aroundOf('article', entry);
    let looks = 0;
    const entries = around.entries.map((each): KnownEntry => ({
      ...each,
      isPublished: rule === 'link-anchor',
      get address() {
        looks += 1;
        return each.address;
      },
    }));
    const findings = checklist('article', entry, { ...around, entries });
    expect(findings.some((finding) => finding.rule === rule)).toBe(true);
    expect(looks).toBeLessThanOrEqual(10 * entries.length);
  });

  it('reads a passage once, however many there are and however many rules ask for it', () => {
    const lexer = vi.spyOn(Marked.prototype, 'lexer');
    const questions = many(1000, (index) => ({
      question: `Question ${index}`,
      answer: `Answer ${index}, for [the question](#question-${index}) above.`,
    }));
    run('article', { sections: [{ __component: 'section.faq', questions }] });
    expect(lexer).toHaveBeenCalledTimes(1000);
    lexer.mockRestore();
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
