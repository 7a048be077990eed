import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';
import { expect, test } from 'vitest';
import { hostileMarkdown } from '../../../test/hostile-markdown.ts';
import { pageIds } from './ids.ts';
import { renderMarkdown } from './markdown.ts';

const documents = 10_000;
const seed = 20_261_123;

const elements = new Set(
  'h3 h4 h5 h6 p blockquote ul ol li hr br pre code section table thead tbody tr th td a strong em del sup img'.split(
    ' ',
  ),
);
const attributes: Readonly<Record<string, RegExp>> = {
  id: /^[a-z][a-z0-9-]*$/,
  href: /^(https?:\/\/(?![^/]*@)[^\s\\]+|mailto:[^\s]+|tel:[^\s]+|\/(?![/\\])[^\s\\]*|#[^\s]*)$/i,
  src: /^\/media\/[a-z0-9.-]+$/,
  rel: /^external noopener$/,
  class: /^(table-scroll|footnotes|text-center|text-right)$/,
  tabindex: /^0$/,
  scope: /^col$/,
  start: /^\d+$/,
  alt: /[^]*/,
  'aria-label': /[^]*/,
};

test(`leaves nothing dangerous of ${documents} hostile documents, by an independent parser’s reckoning`, () => {
  const found: string[] = [];
  for (let number = 0; number < documents; number += 1) {
    const { html } = renderMarkdown(hostileMarkdown(seed, number), {
      level: 3,
      ids: pageIds(),
      siteUrl: 'https://clinic.example',
      pathOfEntry: () => null,
      picture: () => '<img src="/media/a.webp" alt="">',
    });
    for (const danger of dangersIn(html)) found.push(`document ${number}: ${danger}`);
  }
  expect(found).toEqual([]);
}, 120_000);

test('finds what is dangerous, if there were any', () => {
  expect(dangersIn('<script>1</script>')).toEqual(['<script>']);
  expect(dangersIn('<a href="javascript:x">x</a><a href="//e.example">y</a>')).toHaveLength(2);
  expect(dangersIn('<p onclick="x()" style="a">x</p><!-- c -->')).toHaveLength(3);
  expect(dangersIn('<template><img src="/media/a.webp" onerror="x"></template>')).toContain('<template>');
});

function dangersIn(html: string): string[] {
  return parseFragment(html).childNodes.flatMap(dangersOf);
}

function dangersOf(node: DefaultTreeAdapterTypes.ChildNode): string[] {
  if (node.nodeName === '#text') return [];
  if (!('tagName' in node)) return [node.nodeName];
  const element = elements.has(node.tagName) ? [] : [`<${node.tagName}>`];
  const wrong = node.attrs
    .filter(({ name, value }) => !(Object.hasOwn(attributes, name) && attributes[name]?.test(value)))
    .map(({ name, value }) => `${name}=${JSON.stringify(value)} on <${node.tagName}>`);
  return [...element, ...wrong, ...node.childNodes.flatMap(dangersOf)];
}
