import { describe, expect, it } from 'vitest';
import { linksTo, linksToEntry, spellingsOf } from '../../src/publishing/links.ts';

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
    '[there](/articles/neck-pain/index.html#top)',
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

describe('spellingsOf', () => {
  it('gives the one of a plain path', () => {
    expect(spellingsOf('/articles/neck-pain/')).toEqual(['/articles/neck-pain/']);
  });

  it('gives those of a path beyond ASCII, as it reads and as address bars write it', () => {
    expect(spellingsOf('/rücken/')).toEqual(['/rücken/', '/r%C3%BCcken/', '/r%c3%bccken/']);
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
