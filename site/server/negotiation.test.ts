import { expect, test } from 'vitest';
import { alreadyHas, chooseEncoding } from './negotiation.ts';

test.each([
  [undefined, null],
  ['', null],
  ['br', 'br'],
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['GZIP;Q=1', 'gzip'],
  ['br;q=0.5, gzip;q=0.8', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['br;q=0, *', 'gzip'],
  ['*', 'br'],
  ['*;q=0', null],
  ['gzip;q=0, br;q=0', null],
  ['identity', null],
  ['identity;q=1, br;q=0.5', null],
  ['br;q=0.5, identity;q=0.1', 'br'],
  ['deflate', null],
  ['br;q=2', null],
  ['br;q=high', null],
  [' , ;q=1,, br ', 'br'],
])('answers Accept-Encoding "%s" with %s', (header, encoding) => {
  expect(chooseEncoding(header, ['br', 'gzip'])).toBe(encoding);
});

test('chooses only among encodings that are there', () => {
  expect(chooseEncoding('br, gzip', ['gzip'])).toBe('gzip');
  expect(chooseEncoding('br, gzip', [])).toBeNull();
});

test.each([
  [undefined, false],
  ['"a-br"', true],
  ['W/"a-br"', true],
  ['"x", "a-br"', true],
  ['*', true],
  ['"a"', false],
  ['a-br', false],
])('compares If-None-Match %s with "a-br"', (header, has) => {
  expect(alreadyHas(header, '"a-br"')).toBe(has);
});
