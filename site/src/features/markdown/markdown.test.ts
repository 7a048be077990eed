import { describe, expect, test } from 'vitest';
import { pageIds } from '@meridian/shared-types/checklist';
import { renderMarkdown } from './markdown.ts';

function render(markdown: string, level = 3) {
  return renderMarkdown(markdown, {
    level,
    ids: pageIds(),
    siteUrl: 'https://clinic.example',
    pathOfEntry: ({ documentId }) => (documentId === 'a1' ? '/articles/neck-pain/' : null),
    picture: (address, alt) =>
      address === '/uploads/needle.webp' ? `<img src="/media/n.webp" alt="${alt}">` : null,
  });
}

describe('headings', () => {
  test('begin at the given level, leave no gap and never are an h1', () => {
    const { html, headings } = render('# One\n\n#### Two\n\n## Three', 2);
    expect(html).toBe('<h2 id="one">One</h2>\n<h3 id="two">Two</h3>\n<h3 id="three">Three</h3>\n');
    expect(headings.map(({ level, id }) => [level, id])).toEqual([
      [2, 'one'],
      [3, 'two'],
      [3, 'three'],
    ]);
  });

  test('get ids from their words, each once', () => {
    expect(
      render('## What’s next?\n\n## Whats next\n\n## ¡Él!\n\n## 日本').headings.map(({ id }) => id),
    ).toEqual(['whats-next', 'whats-next-2', 'el', 'section']);
  });

  test('are listed in words, without marks', () => {
    expect(render('## The *second* `part`').headings[0]?.text).toBe('The second part');
  });
});

describe('links', () => {
  test('to other sites say so, those within become paths', () => {
    const { html, links } = render('[a](https://nih.gov/x) [b](https://clinic.example/topics/acupuncture)');
    expect(html).toBe(
      '<p><a href="https://nih.gov/x" rel="external noopener">a</a> <a href="/topics/acupuncture/">b</a></p>\n',
    );
    expect(links).toEqual([{ href: '/topics/acupuncture/', text: 'b' }]);
  });

  test('that are not allowed leave their words and a warning', () => {
    const { html, warnings } = render('Read [this](javascript:alert(1)) and [that](//evil.example).');
    expect(html).toBe('<p>Read this and that.</p>\n');
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toContain('javascript:alert(1)');
  });

  test('to numbered references get ids for the way back', () => {
    const { html, citations } = render('One [[1]](#reference-1), again [[1]](#reference-1).');
    expect(html).toContain('<a href="#reference-1" id="cited-1-2">[1]</a>');
    expect(citations).toEqual([
      { reference: 1, id: 'cited-1' },
      { reference: 1, id: 'cited-1-2' },
    ]);
  });
});

test('renders tables that can be scrolled and have column headings', () => {
  const { html } = render('| Compared | Found |\n| --- | ---: |\n| sham | no |');
  expect(html).toContain('<section class="table-scroll" tabindex="0" aria-label="Table: Compared, Found">');
  expect(html).toContain('<th scope="col" class="text-right">Found</th>');
  expect(html).toContain('<td class="text-right">no</td>');
});

test('renders footnotes in the order of citation, with links both ways', () => {
  const { html } = render(
    'First[^b], second[^a], first again[^b], unknown[^c].\n\n[^a]: Note *A*.\n[^b]: Note B.',
  );
  expect(html).toContain(
    'First<sup><a id="text-cited-1" href="#text-note-1" aria-label="Note 1">1</a></sup>',
  );
  expect(html).toContain('unknown[^c]');
  expect(html).toContain('<li id="text-note-2">Note <em>A</em>.');
  expect(html).toContain('href="#text-cited-1-2"');
  expect(html).not.toContain('[^a]');
});

test('keeps the footnotes of two passages of a page apart', () => {
  const ids = pageIds();
  const options = {
    level: 3,
    ids,
    siteUrl: 'https://clinic.example',
    pathOfEntry: () => null,
    picture: () => null,
  };
  const passages = ['One[^1]\n\n[^1]: A.', 'Two[^1]\n\n[^1]: B.'].map(
    (text) => renderMarkdown(text, options).html,
  );
  expect(passages[0]).toContain('id="text-note-1"');
  expect(passages[1]).toContain('id="text-2-note-1"');
});

test('shows HTML as text', () => {
  expect(render('a <b onclick="x()">b</b>\n\n<script>alert(1)</script>').html).toBe(
    '<p>a &lt;b onclick="x()"&gt;b&lt;/b&gt;</p>\n&lt;script&gt;alert(1)&lt;/script&gt;',
  );
});

test.each(['script', 'pre', 'code', 'kbd'])('shows HTML behind a <%s> as text, whole or not', (tag) => {
  const { html } = render(`a <${tag}> <img src="b"c> &copy; <b>d</b> e`);
  expect(html).toBe(`<p>a &lt;${tag}&gt; &lt;img src="b"c&gt; © &lt;b&gt;d&lt;/b&gt; e</p>\n`);
});

test('shows pictures of the media library, and the words of others with a warning', () => {
  expect(render('![A needle](/uploads/needle.webp)').html).toBe(
    '<p><img src="/media/n.webp" alt="A needle" /></p>\n',
  );
  const { html, warnings } = render('![A beach](https://elsewhere.example/x.png)');
  expect(html).toBe('<p>A beach</p>\n');
  expect(warnings[0]).toContain('https://elsewhere.example/x.png');
});

test('takes out control characters, halves of characters and turns of direction', () => {
  expect(render('a\u0000b\u202Ec\u2066d\uD800e').html).toBe('<p>abcd\uFFFDe</p>\n');
});

test.each([
  ['nested quotations', `${'>'.repeat(150)} x`],
  ['nested lists', Array.from({ length: 100 }, (_, depth) => `${'  '.repeat(depth)}- x`).join('\n')],
  ['too much text', 'word '.repeat(20_000)],
  ['open brackets', '[a'.repeat(500)],
  ['long runs of a mark', `${'*'.repeat(5_000)}a`],
])('shows %s as plain text with a warning', (_, markdown) => {
  const { html, warnings } = render(markdown);
  expect(html).toMatch(/^<p>/);
  expect(html).not.toMatch(/<(?!\/?p>)/);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(/^the text is shown as it is written, for it /);
});

test('links to the page that an entry has today, and shows only the words where it is not published', () => {
  const { html, links, warnings } = render(
    'See [risks](entry:article/a1#risks) and [**more** on it](entry:article/gone).',
  );
  expect(html).toContain('<a href="/articles/neck-pain/#risks">risks</a>');
  expect(html).toContain('and <strong>more</strong> on it.');
  expect(html).not.toContain('entry:');
  expect(links).toEqual([
    { href: '/articles/neck-pain/#risks', text: 'risks' },
    { href: 'entry:article/gone', text: 'more on it' },
  ]);
  expect(warnings).toEqual([]);
});

test.each([
  '[x](entry:javascript:alert)',
  '[x](ENTRY:article/a1)',
  '![x](entry:article/a1)',
  '<entry:article/a1>',
  'entry:article/a1',
])('lets no address of an entry through in %j', (markdown) => {
  expect(render(markdown).html).not.toMatch(/(?:href|src)="entry:/i);
});
