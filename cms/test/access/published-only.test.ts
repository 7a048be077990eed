import { describe, expect, it } from 'vitest';
import { carriesToken, publishedOnly } from '../../src/access/published-only.ts';

describe('publishedOnly', () => {
  it.each(['draft', ['draft'], { $eq: 'draft' }, '', null, 'DRAFT'])(
    'turns the status %j into published',
    (status) => {
      expect(publishedOnly({ status })).toEqual({ status: 'published' });
    },
  );

  it('leaves a query alone that names no status', () => {
    const query = { filters: { slug: 'a' } };
    expect(publishedOnly(query)).toBe(query);
  });
});

describe('carriesToken', () => {
  it('knows the token', () => {
    expect(carriesToken('Bearer abc', 'abc')).toBe(true);
    expect(carriesToken('bearer  abc', 'abc')).toBe(true);
  });

  it.each([undefined, '', 'abc', 'Basic abc', 'Bearer', 'Bearer ab', 'Bearer abcd', 'Bearer abc def'])(
    'refuses the header %j',
    (header) => {
      expect(carriesToken(header, 'abc')).toBe(false);
    },
  );
});
