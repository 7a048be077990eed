import { describe, expect, it } from 'vitest';
import { linksTo, linksToEntry } from '../../src/publishing/links.ts';

const ORIGIN = 'https://clinic.example';

describe('linksTo', () => {
  it.each([
    '[there](/articles/neck-pain/)',
    '[there](/articles/neck-pain)',
    '[there](/articles/neck-pain/#top "A title")',
    '[there](/articles/neck-pain?x=1)',
    '[there](https://clinic.example/articles/neck-pain/)',
    '[there]: /articles/neck-pain/',
    '<a href="/articles/neck-pain/">',
    '/articles/neck-pain/',
    'first /articles/neck-pain-2/ then (/articles/neck-pain/)',
  ])('finds %s', (text) => {
    expect(linksTo(text, ORIGIN, '/articles/neck-pain/')).toBe(true);
  });

  it.each([
    '[there](/articles/neck-pain-2/)',
    '[there](/articles/neck-pain/page/2)',
    '[there](https://other.example/articles/neck-pain/)',
    '[there](/old/articles/neck-pain/)',
    'neck-pain',
    '',
  ])('passes over %s', (text) => {
    expect(linksTo(text, ORIGIN, '/articles/neck-pain/')).toBe(false);
  });
});

describe('linksToEntry', () => {
  it.each([
    '[there](entry:article/a1)',
    '[there](entry:article/a1#risks)',
    'entry:article/a1',
    'entry:article/a12 entry:article/a1',
  ])('finds %s', (text) => {
    expect(linksToEntry(text, 'entry:article/a1')).toBe(true);
  });

  it.each(['[there](entry:article/a12)', '[there](entry:page/a1)', 'article/a1', ''])(
    'passes over %s',
    (text) => {
      expect(linksToEntry(text, 'entry:article/a1')).toBe(false);
    },
  );
});
