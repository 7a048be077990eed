import { expect, test } from 'vitest';
import { publicPath, readPublicPath } from './addresses.ts';

test.each([
  ['article', 'neck-pain', '/articles/neck-pain/'],
  ['provider', 'ada', '/providers/ada/'],
  ['topic', 'spine', '/topics/spine/'],
  ['page', 'privacy', '/privacy/'],
  ['consultation-page', null, '/consultation/'],
  ['home-page', null, '/'],
])('a %s has a path that says what stands there', (type, slug, path) => {
  expect(publicPath(type, slug)).toBe(path);
  expect(readPublicPath(path)).toEqual({ type, slug });
});

test.each(['', '/articles/neck-pain', '/articles/neck-pain/2/', '/topics/spine/page/2/', '//'])(
  '%j is the path of no entry',
  (path) => {
    expect(readPublicPath(path)).toBeNull();
  },
);
