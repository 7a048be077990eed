import { describe, expect, it } from 'vitest';
import { refusal } from '../../src/publishing/removal.ts';

const article = (title: string) => ({
  uid: 'api::article.article' as const,
  documentId: title,
  typeName: 'Article',
  title,
});

describe('refusal', () => {
  it('names the entry that needs it, and says what to do', () => {
    expect(refusal('Topic "Neck"', 'deleted', [article('Stiff neck')])).toBe(
      'Topic "Neck" cannot be deleted: it is shown or linked to by Article "Stiff neck". ' +
        'Take it out of that entry, publish it, and try again.',
    );
  });

  it('names five of many and counts the others', () => {
    const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(article);
    expect(refusal('Topic "Neck"', 'unpublished', many)).toMatch(
      /Article "e" and 2 more\. Take it out of those/,
    );
  });

  it('names a single type once', () => {
    const home = {
      uid: 'api::home-page.home-page' as const,
      documentId: 'x',
      typeName: 'Home page',
      title: 'Home page',
    };
    expect(refusal('Topic "Neck"', 'deleted', [home])).toContain('linked to by Home page. Take');
  });
});
