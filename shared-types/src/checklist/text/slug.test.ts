import { describe, expect, it } from 'vitest';
import { slugFault, slugify } from './slug.ts';

describe('slugify', () => {
  it.each([
    ['Acupuncture for spine pain', 'acupuncture-for-spine-pain'],
    ['  Dr. Nguyễn Thị Ánh ', 'dr-nguyen-thi-anh'],
    ['under_score--twice', 'under-score-twice'],
    ['ﬁtness', 'fitness'],
    ['針灸', ''],
    ['', ''],
  ])('turns %j into %j', (text, slug) => {
    expect(slugify(text)).toBe(slug);
  });
});

describe('slugFault', () => {
  it.each(['a', 'a1', 'acupuncture-for-spine-pain', 'x'.repeat(100)])(
    'finds nothing wrong with %s',
    (slug) => {
      expect(slugFault('article', slug)).toBeNull();
    },
  );

  it.each(['../etc', 'a/b', 'a b', 'A', '-a', 'a-', 'a--b', 'a.b', 'ａ', '%2e', '\u0000', 'con\n'])(
    'refuses %j as an address',
    (slug) => {
      expect(slugFault('article', slug)).toMatchObject({
        message: expect.stringContaining('lower-case letters') as string,
      });
    },
  );

  it('says to fill in an empty slug', () => {
    expect(slugFault('article', '')).toMatchObject({ message: 'is empty.' });
  });

  it.each(['articles', 'consultation', 'admin', 'sitemap'])('keeps %s free of pages', (slug) => {
    expect(slugFault('page', slug)).toMatchObject({
      message: expect.stringContaining('the site itself uses') as string,
    });
  });

  it('lets an article use a name that only pages must avoid', () => {
    expect(slugFault('article', 'consultation')).toBeNull();
  });
});
