import { expect, test } from 'vitest';
import { isGone, isInternal, readLink } from './links.ts';

const places = {
  siteUrl: 'https://clinic.example',
  pathOfEntry: ({ type, documentId }: { type: string; documentId: string }) =>
    type === 'article' && documentId === 'a1' ? '/articles/neck-pain/' : null,
};

test.each([
  ['https://nih.gov/a?b=c#d', { href: 'https://nih.gov/a?b=c#d', external: true }],
  ['mailto:desk@clinic.example', { href: 'mailto:desk@clinic.example', external: false }],
  ['tel:+13108287757', { href: 'tel:+13108287757', external: false }],
  ['#reference-1', { href: '#reference-1', external: false }],
  ['/articles/sciatica', { href: '/articles/sciatica/', external: false }],
  ['/articles/sciatica?x=1#y', { href: '/articles/sciatica/?x=1#y', external: false }],
  ['/rss.xml', { href: '/rss.xml', external: false }],
  ['https://clinic.example/consultation', { href: '/consultation/', external: false }],
])('reads %s', (href, link) => {
  expect(readLink(href, places)).toEqual(link);
});

test.each([
  ['entry:article/a1', '/articles/neck-pain/'],
  [' entry:article/a1#risks ', '/articles/neck-pain/#risks'],
])('reads %s as the path that the entry has today', (href, path) => {
  expect(readLink(href, places)).toEqual({ href: path, external: false });
});

test('keeps the name of an entry that is not published, which counts as a link of the site and leads nowhere', () => {
  const link = readLink('entry:article/gone#risks', places) ?? { href: '', external: true };
  expect(link).toEqual({ href: 'entry:article/gone#risks', external: false });
  expect([isInternal(link), isGone(link)]).toEqual([true, true]);
});

test.each([
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\nscript:alert(1)',
  ' \u0001javascript:alert(1)',
  'data:text/html,<script>',
  'vbscript:x',
  'file:///etc/passwd',
  '//evil.example/x',
  '/\\evil.example',
  '\\\\evil.example',
  'https://user@evil.example/',
  'https:evil.example',
  'https://',
  'other/page',
  'mailto:',
  'entry:',
  'entry:article/',
  'entry://evil.example/x',
  '',
])('refuses %j', (href) => {
  expect(readLink(href, places)).toBeNull();
});
