import { describe, expect, it } from 'vitest';
import { wordChanges } from '../../src/versions/words.ts';

describe('what changed in a text', () => {
  it('is told by words', () => {
    expect(wordChanges('Rest helps most people.', 'Movement helps most people.')).toEqual([
      { kind: 'removed', text: 'Rest' },
      { kind: 'added', text: 'Movement' },
      { kind: 'same', text: ' helps most people.' },
    ]);
  });

  it('is one stretch where words were replaced one after the other', () => {
    expect(wordChanges('Chairs for people.', 'Chairs and why.')).toEqual([
      { kind: 'same', text: 'Chairs ' },
      { kind: 'removed', text: 'for people' },
      { kind: 'added', text: 'and why' },
      { kind: 'same', text: '.' },
    ]);
  });

  it('is nothing between equals and all of it where there was nothing', () => {
    expect(wordChanges('Same.', 'Same.')).toEqual([{ kind: 'same', text: 'Same.' }]);
    expect(wordChanges('', 'New.')).toEqual([{ kind: 'added', text: 'New.' }]);
    expect(wordChanges('', '')).toEqual([]);
  });

  it('leaves out long stretches that stayed the same', () => {
    const long = 'word '.repeat(10_000);
    const changes = wordChanges(`${long}one ${long}`, `${long}two ${long}`);
    expect(changes.map(({ kind }) => kind)).toEqual(['same', 'removed', 'added', 'same']);
    expect(changes.every(({ text }) => text.length < 300)).toBe(true);
  });

  it('ends soon for two long texts that have nothing in common, and loses no word', () => {
    const text = (seed: number) =>
      Array.from({ length: 8000 }, (_, index) => `w${String((index * seed) % 7919)}`).join(' ');
    const changes = wordChanges(text(3), text(5));
    const side = (other: string) => changes.filter(({ kind }) => kind !== other).map((change) => change.text);
    expect(side('added').join('')).toBe(text(3));
    expect(side('removed').join('')).toBe(text(5));
  });
});
