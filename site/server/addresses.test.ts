import { expect, test } from 'vitest';
import { findDestination, pathOfFile, readAddress, readRedirects, type AddressBook } from './addresses.ts';

const files = new Set(['index.html', '404.html', 'articles/index.html', 'media/a b.webp', 'über/index.html']);
const redirects = readRedirects([
  { from: '/old', to: '/articles/' },
  { from: '/old.html', to: '/articles/#part' },
  { from: '/asked/', to: '/articles/?topic=spine#part' },
]);
const book: AddressBook = { has: (file) => files.has(file), movedTo: (path) => redirects.get(path) };

function find(target: string) {
  const address = readAddress(target);
  return address === null ? 'malformed' : findDestination(address, book);
}

test.each([
  ['/', 'index.html'],
  ['/?q=1', 'index.html'],
  ['/articles/', 'articles/index.html'],
  ['/articles/#part', 'articles/index.html'],
  ['/%61rticles/', 'articles/index.html'],
  ['/404.html', '404.html'],
  ['/media/a%20b.webp', 'media/a b.webp'],
  ['/%C3%BCber/', 'über/index.html'],
])('finds %s in %s', (target, file) => {
  expect(find(target)).toEqual({ kind: 'file', file });
});

test.each([
  ['/articles', '/articles/'],
  ['/articles?topic=a%20b', '/articles/?topic=a%20b'],
  ['/articles/index.html', '/articles/'],
  ['/index.html?x', '/?x'],
  ['/%C3%BCber', '/%C3%BCber/'],
  ['/old', '/articles/'],
  ['/old/', '/articles/'],
  ['/old/?x=1', '/articles/?x=1'],
  ['/old/index.html?x=1', '/articles/?x=1'],
  ['/old.html', '/articles/#part'],
  ['/old.html?x=1', '/articles/?x=1#part'],
  ['/asked?x=1', '/articles/?topic=spine&x=1#part'],
])('sends %s on to %s', (target, location) => {
  expect(find(target)).toEqual({ kind: 'redirect', location });
});

test.each([
  '//evil.com/',
  '//evil.com/..',
  '//evil.com/%2e%2e/index.html',
  '/\\evil.com/',
  '/%5cevil.com',
  '/https://evil.com/',
  '/..',
  '/../index.html',
  '/articles/../index.html',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/..%2f..%2fetc/passwd',
  '/articles%2f',
  '/articles%2findex.html',
  '/articles//',
  '//articles',
  '/./articles/',
  '/Articles/',
  '/.env',
  '/.git/config',
  '/index.html.br',
  '/index.html/',
  '/__proto__',
  '/constructor/',
])('finds nothing at %s', (target) => {
  expect(find(target)).toEqual({ kind: 'missing' });
});

test.each([
  '',
  '*',
  'index.html',
  'http://evil.com/',
  '/%',
  '/%zz',
  '/%c0%ae',
  '/a%00b',
  '/a%0d%0aSet-Cookie: x',
  '/%7f',
])('calls "%s" malformed', (target) => {
  expect(find(target)).toBe('malformed');
});

test('names the public path of a file', () => {
  expect(pathOfFile('index.html')).toBe('/');
  expect(pathOfFile('articles/index.html')).toBe('/articles/');
  expect(pathOfFile('404.html')).toBe('/404.html');
  expect(pathOfFile('a/myindex.html')).toBe('/a/myindex.html');
});
