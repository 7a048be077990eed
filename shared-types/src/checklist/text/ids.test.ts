import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageIds } from './ids.ts';

describe('the ids of a page', () => {
  const idsOf = (...texts: string[]): string[] => {
    const ids = pageIds();
    return texts.map((text) => ids.take(text));
  };

  it.each([
    ['are the words of the text', ['What helps?'], ['what-helps']],
    ['are numbered from the second on', ['Sleep', 'Sleep', 'Sleep'], ['sleep', 'sleep-2', 'sleep-3']],
    ['pass over a number that a text has by itself', ['A', 'A 2', 'A', 'A'], ['a', 'a-2', 'a-3', 'a-4']],
    ['number a text that ends in a number', ['A', 'A', 'A 2', 'A 2'], ['a', 'a-2', 'a-2-2', 'a-2-3']],
    ['leave those of the layout alone', ['Search', 'Search'], ['search-2', 'search-3']],
    ['are there for texts without letters', ['', '?', '7'], ['section', 'section-2', 'section-7']],
  ])('%s', (_what, texts, expected) => {
    expect(idsOf(...texts)).toEqual(expected);
  });

  it('are the first that are free, whatever came before', () => {
    const texts = fc.constantFrom('a', 'A', 'a 2', 'a 3', 'a 2 2', 'a 2 3', 'b', '', '2', 'main', 'main 2');
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 60 }), (list) => {
        const ids = pageIds();
        for (const text of list) {
          // An id for words alone: those of a page that has nothing yet, but for the layout's own.
          const base = text === 'main' ? 'main' : pageIds().take(text);
          const candidates = [base, ...list.map((_text, index) => `${base}-${index + 2}`)];
          const free = candidates.find((id) => !ids.has(id));
          expect(ids.take(text)).toBe(free);
        }
      }),
      { numRuns: 2000, seed: 20_261_126 },
    );
  });

  // Counted anew for each text, this takes minutes.
  it('are handed out for as many equal texts as come', () => {
    const ids = pageIds();
    for (let count = 1; count < 100_000; count += 1) ids.take('Sleep');
    expect(ids.take('Sleep')).toBe('sleep-100000');
  });
});
