import { beforeEach, expect, test, vi } from 'vitest';
import { pageIds } from './ids.ts';
import { renderMarkdown } from './markdown.ts';
import { rememberedMarkdown, turnMarkdownMemory } from './memory.ts';

const source =
  '## Signs\n\nSee [the list](/topics/)[^1] and [a neck](entry:article/a1).\n\n![A dot](/uploads/dot.png)\n\n[^1]: A note.';

beforeEach(() => {
  turnMarkdownMemory();
  turnMarkdownMemory();
});

function options(
  before: readonly string[] = [],
  html = '<img alt="A dot" src="/media/dot.webp">',
  path: string | null = '/articles/neck-pain/',
) {
  const ids = pageIds();
  for (const text of before) ids.take(text);
  return {
    level: 2,
    ids,
    siteUrl: 'https://clinic.example',
    pathOfEntry: () => path,
    picture: vi.fn(() => html),
  };
}

test.each<[string, readonly string[]]>([
  ['a page without ids', []],
  ['a page that has the heading already', ['Signs', 'Text']],
])('what is remembered is what would be rendered, on %s', (_, before) => {
  const rendered = options(before);
  const plain = renderMarkdown(source, rendered);
  for (let build = 0; build < 3; build += 1) {
    const again = options(before);
    expect(rememberedMarkdown(source, again)).toEqual(plain);
    expect(again.ids.all()).toEqual(rendered.ids.all());
    turnMarkdownMemory();
  }
});

test('a picture that changed is rendered anew', () => {
  rememberedMarkdown(source, options());
  expect(rememberedMarkdown(source, options([], '<img alt="" src="/media/new.webp">')).html).toContain(
    'new.webp',
  );
});

test.each(['/articles/stiff-neck/', null])(
  'a link to an entry whose path is now %s is rendered anew',
  (path) => {
    rememberedMarkdown(source, options());
    const changed = options([], undefined, path);
    expect(rememberedMarkdown(source, changed)).toEqual(renderMarkdown(source, options([], undefined, path)));
  },
);

test('a passage is rendered once, for as long as builds use it', () => {
  const first = rememberedMarkdown(source, options());
  turnMarkdownMemory();
  expect(rememberedMarkdown(source, options())).toBe(first);
  turnMarkdownMemory();
  turnMarkdownMemory();
  expect(rememberedMarkdown(source, options())).not.toBe(first);
});
