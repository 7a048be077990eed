import { expect, it } from 'vitest';
import { markdownLink } from '../../src/admin/links/markdown.ts';

it.each([
  ['Neck pain', '[Neck pain](entry:article/a1)'],
  ['What [1] says\nof it', '[What \\[1\\] says of it](entry:article/a1)'],
  ['A \\ sign', '[A \\\\ sign](entry:article/a1)'],
])('links %j without breaking the link', (words, markdown) => {
  expect(markdownLink(words, 'entry:article/a1')).toBe(markdown);
});
