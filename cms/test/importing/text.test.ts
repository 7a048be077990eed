import { describe, expect, it } from 'vitest';
import { cleanText, shorten } from '../../src/importing/text.ts';

describe('a text that is cut', () => {
  it.each([
    ['as long as it may be', 20, 'as long as it may be'],
    ['one two three', 12, 'one two…'],
    ['one two three', 9, 'one two…'],
    ['a Donaudampfschiffahrt', 12, 'a Donaudamp…'],
    ['Donaudampfschiffahrt', 6, 'Donau…'],
    ['back 😀😀😀', 7, 'back…'],
    ['😀😀😀😀', 4, '😀…'],
    ['', 5, ''],
  ])('%j at %i characters is %j', (text, longest, short) => {
    expect(shorten(text, longest)).toBe(short);
    expect(shorten(text, longest).length).toBeLessThanOrEqual(longest);
  });
});

describe('a text from elsewhere', () => {
  it.each([
    ['one\r\ntwo\rthree', 'one\ntwo\nthree', 0],
    ['a\u0000b\u202ec\ufeff', 'abc', 3],
    ['half a \ud83d pair', 'half a \ufffd pair', 1],
    ['\u0007un\ufffdreadable', 'un\ufffdreadable', 2],
    ['tabs\tand\nlines stay', 'tabs\tand\nlines stay', 0],
  ])('%j is kept as %j, with %i faults', (text, clean, faults) => {
    expect(cleanText(text)).toEqual({ text: clean, faults });
  });
});
