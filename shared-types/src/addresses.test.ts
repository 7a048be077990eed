import { describe, expect, it } from 'vitest';
import { publicPath, readPublicPath } from './addresses.ts';

describe('the path of a page', () => {
  it.each(['article', 'provider', 'topic', 'page'])('of type %s leads back to its entry', (type) => {
    expect(readPublicPath(publicPath(type, 'neck-pain') ?? '')).toEqual({ type, slug: 'neck-pain' });
  });

  it.each(['/', '/articles', '/articles/a/b/', '//', 'articles/a/', '', '/topics/a/page/2/'])(
    'is none for %j',
    (path) => {
      expect(readPublicPath(path)).toBeNull();
    },
  );
});
