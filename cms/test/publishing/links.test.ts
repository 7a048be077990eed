import { describe, expect, it } from 'vitest';
import { linksTo } from '../../src/publishing/links.ts';

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
