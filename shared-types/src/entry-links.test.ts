import { expect, test } from 'vitest';
import { entryLink, readEntryLink } from './entry-links.ts';

test.each([
  ['entry:article/k3j9x0', { type: 'article', documentId: 'k3j9x0', anchor: '' }],
  ['entry:home-page/a1#risks', { type: 'home-page', documentId: 'a1', anchor: 'risks' }],
])('%s names an entry, and is written the same', (address, link) => {
  expect(readEntryLink(address)).toEqual(link);
  expect(entryLink(link)).toBe(address);
});

test.each([
  '',
  '/articles/neck-pain/',
  'entry:',
  'entry:article',
  'entry:article/',
  'entry:Article/a1',
  'entry:article/../a1',
  'entry:article/a1?x=1',
  'entry:article/a1#two words',
  'xentry:article/a1',
  'entry:article/a1\n',
])('%j names no entry', (address) => {
  expect(readEntryLink(address)).toBeNull();
});
