import { describe, expect, it } from 'vitest';
import { readBody, type Section } from '../../src/importing/body.ts';
import { notes } from '../../src/importing/notes.ts';

function read(html: string, { looseText = false, link = (href: string): string | null => href } = {}) {
  const said = notes();
  return { sections: readBody(html, { notes: said, looseText, link }), said };
}

const text = (body: string, heading = ''): Section => ({ kind: 'text', heading, body });
const picture = (address: string, alternativeText = '', caption = ''): Section => ({
  kind: 'picture',
  picture: { address, alternativeText },
  caption,
});

describe('readBody', () => {
  it.each([
    ['begins a section at each heading', '<p>a</p><h2>B</h2><p>c</p>', [text('a'), text('c', 'B')]],
    [
      'raises headings to where sections begin',
      '<h3>A</h3><p>a</p><h4>B</h4><p>b</p>',
      [text('a\n\n### B\n\nb', 'A')],
    ],
    ['lowers h1 that stand among h2', '<h1>A</h1><p>a</p><h2>B</h2><p>b</p>', [text('a\n\n### B\n\nb', 'A')]],
    [
      'keeps lists, emphasis and tables',
      '<ul><li><b>a</b></li></ul><table><tr><th>x</th></tr><tr><td>y</td></tr></table>',
      [text('-   **a**\n\n| x   |\n| --- |\n| y   |')],
    ],
    [
      'makes pictures sections with their captions',
      '<p>a</p><figure><img src="p.jpg" alt="A"><figcaption>C</figcaption></figure><p>b</p>',
      [text('a'), picture('p.jpg', 'A', 'C'), text('b')],
    ],
    [
      'puts a picture right below a heading behind the first text',
      '<h2>H</h2><img src="p.jpg"><p>a</p><p>b</p>',
      [text('a', 'H'), picture('p.jpg'), text('b')],
    ],
    [
      'looks into wrappers',
      '<div><section><h2>H</h2><div>a <i>b</i></div></section></div>',
      [text('a *b*', 'H')],
    ],
    [
      'does not turn words into HTML or entities',
      '<p>&lt;script&gt; 1 &lt; 2 &amp;lt;</p>',
      [text('\\<script> 1 < 2 \\&lt;')],
    ],
    ['keeps footnotes and numbers in brackets', '<p>a [^1] [1]</p>', [text('a [^1] \\[1\\]')]],
    ['keeps preformatted text', '<pre>a\n  b</pre>', [text('```\na\n  b\n```')]],
    ['keeps raised and lowered figures apart', '<p>10<sup>3</sup> H<sub>2</sub>O</p>', [text('10³ H₂O')]],
    ['finds nothing in nothing', ' \n <p> </p>', []],
  ])('%s', (_, html, sections) => {
    expect(read(html).sections).toEqual(sections);
  });

  it('parts paragraphs at empty lines where the source does', () => {
    expect(read('a\nb\n\n<b>c</b> d', { looseText: true }).sections).toEqual([text('a  \nb\n\n**c** d')]);
  });

  it.each([
    ['<script>alert(1)</script>', 'A script was cut out.'],
    [
      '<iframe src="https://video.example/1"></iframe>',
      'A window into another site (https://video.example/1) was cut out.',
    ],
    ['<form>Name <input></form>', 'A form was cut out. It said: "Name"'],
    ['<svg onload="x()"></svg>', 'A drawing was cut out.'],
    [
      '<img src="data:image/png;base64,AA==">',
      'A picture that was written into the text itself was left out. Upload it by hand.',
    ],
    ['<h2>Alone</h2>', 'The section "Alone" has no text. Write it, or delete the section.'],
    ['<p>x<sup>th</sup></p>', 'The raised text "th" was put in brackets.'],
  ])('says of %s what was done', (html, line) => {
    expect(read(`<p>words</p>${html}`).said.person).toEqual([line]);
  });

  it('lets no script through', () => {
    const { sections, said } = read(
      '<p onclick="x()">a<script>b</script></p><style>c</style><template><b>d</b></template>',
    );
    expect(sections).toEqual([text('a')]);
    expect(said.changed).toEqual(['Scripts in attributes were cut out.']);
  });

  it('gives links their new addresses, and leaves the words of those that get none', () => {
    const link = (href: string): string | null => (href === '/a' ? 'entry:article/x' : null);
    expect(read('<p><a href="/a">A</a> <a href="/b"><b>B</b></a></p>', { link }).sections).toEqual([
      text('[A](entry:article/x) **B**'),
    ]);
  });

  it('comes as plain text when it is nested beyond all measure', () => {
    const { sections, said } = read(
      `<!-- <b>note</b> -->${'<div>'.repeat(30_000)}a &lt;b${'</div>'.repeat(30_000)}`,
    );
    expect(sections).toEqual([text('a \\<b')]);
    expect(said.person).toEqual([
      'It came as plain text, without headings, links and pictures, for its elements are nested too deeply. Set them again.',
    ]);
  });

  it.each([
    ['elements with the end tags of others', '', '<div></i>'],
    ['end tags that stand where they close nothing', '', '<span><div></span></div>'],
    ['elements that stay open in a table', '', '<div><table><tr><td></div></table>'],
    ['elements that a table cannot hold', '<table>', '<div>'],
    ['elements of a drawing', '<svg>', '<g>'],
    ['elements of a template', '<template>', '<div>'],
  ])('takes %s for as deep as they are, long before the parser has read them all', (_, before, html) => {
    // Read to their end, so many would take minutes.
    expect(read(`${before}${html.repeat(150_000)}`).said.person[0]).toContain('nested too deeply');
  });

  const PASTED_FROM_WORD = `<!--[if gte mso 9]><xml><w:LatentStyles>${'<w:LsdException Locked="false"/>'.repeat(371)}</w:LatentStyles></xml><![endif]--><h2>H</h2><p>a</p>`;
  it.each([
    ['the comments of Word', PASTED_FROM_WORD.repeat(3), [text('a', 'H'), text('a', 'H'), text('a', 'H')]],
    [
      'empty elements of Office',
      `${'<w:LsdException Locked="false"/><o:p/>'.repeat(1_200)}<h2>H</h2><p>a</p>`,
      [text('a', 'H')],
    ],
    ['empty parts of a drawing', `<svg>${'<path d="M0"/>'.repeat(1_200)}</svg><p>a</p>`, [text('a')]],
    ['CDATA', `<svg><![CDATA[${'<b>'.repeat(1_200)}]]></svg><p>a</p>`, [text('a')]],
    ['a script', `<script>x = "${'<div>'.repeat(1_200)}"</script><p>a</p>`, [text('a')]],
    ['a style sheet', `<style>/* ${'<div>'.repeat(1_200)} */</style><p>a</p>`, [text('a')]],
    ['an attribute', `<p title="${'<div>'.repeat(1_200)}">a</p>`, [text('a')]],
    ['elements without an end', `<p>${'x<br><wbr>'.repeat(1_200)}`, [text('x  \n'.repeat(1_200).trim())]],
    [
      'words that never close',
      `<div>${'<p><span>x</p>'.repeat(1_200)}</div>`,
      [text('x\n\n'.repeat(1_200).trim())],
    ],
  ])('does not count %s as levels', (_, html, sections) => {
    expect(read(html).sections).toEqual(sections);
  });

  it('divides what is too long for one field and loses nothing', () => {
    const words = 'word '.repeat(30_000).trim();
    const { sections, said } = read(`<h2>H</h2><p>${words}</p>`);
    expect(sections).toHaveLength(4);
    const bodies = sections.map((section) => (section.kind === 'text' ? section.body : ''));
    expect(Math.max(...bodies.map((body) => body.length))).toBeLessThanOrEqual(45_000);
    expect(bodies.join(' ')).toBe(words);
    expect(said.changed).toEqual(['A very long text was divided into 4 sections.']);
  });
});
