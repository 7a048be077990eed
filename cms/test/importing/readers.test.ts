import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readText } from '../../src/importing/decoding.ts';
import { findInputs } from '../../src/importing/inputs.ts';
import { notes } from '../../src/importing/notes.ts';
import { readFileSource } from '../../src/importing/read-files.ts';
import { mendAmpersands } from '../../src/importing/readers/ampersands.ts';
import { readFrontMatter } from '../../src/importing/readers/front-matter.ts';
import { readPlainText } from '../../src/importing/readers/plain-text.ts';
import { takeShortcodes } from '../../src/importing/readers/shortcodes.ts';
import { readExport, type ExportPart } from '../../src/importing/readers/wordpress-file.ts';
import { readLibrary, readWordpress } from '../../src/importing/readers/wordpress.ts';
import type { Source } from '../../src/importing/source.ts';
import { survey } from '../../src/importing/sources.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'meridian-import-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function file(name: string, content: string | Buffer): Promise<string> {
  await writeFile(join(root, name), content);
  return join(root, name);
}

describe('readText', () => {
  const utf16be = Buffer.from('\ufeffcafé', 'utf16le').swap16();
  it.each<[string, Buffer, string, number]>([
    ['UTF-8', Buffer.from('café'), 'café', 0],
    ['UTF-8 with a byte order mark', Buffer.from('\ufeffcafé'), 'café', 0],
    ['UTF-16 with a byte order mark', Buffer.from('\ufeffcafé', 'utf16le'), 'café', 0],
    ['UTF-16 the other way round', utf16be, 'café', 0],
    [
      'single lines of Latin-1 in UTF-8',
      Buffer.concat([Buffer.from('é\n'), Buffer.from('café\n', 'latin1'), Buffer.from('ü')]),
      'é\ncafé\nü',
      1,
    ],
    [
      'Latin-1 that a declaration names',
      Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?>é', 'latin1'),
      '<?xml version="1.0" encoding="ISO-8859-1"?>é',
      0,
    ],
    [
      'Latin-1 that a declaration calls UTF-8',
      Buffer.from('<?xml version="1.0" encoding="UTF-8"?>é', 'latin1'),
      '<?xml version="1.0" encoding="UTF-8"?>é',
      1,
    ],
    [
      'an encoding that nobody knows',
      Buffer.from('<meta charset="klingon">é'),
      '<meta charset="klingon">é',
      0,
    ],
    ['nothing', Buffer.alloc(0), '', 0],
  ])('reads %s', async (_, bytes, text, mendedLines) => {
    expect(await readText(await file('a.txt', bytes))).toEqual({ text, mendedLines });
  });

  it('keeps characters whole across the pieces of a file', async () => {
    const text = `${'x'.repeat(65_535)}é${'日本語'.repeat(600_000)}\n`;
    expect(await readText(await file('a.txt', text))).toEqual({ text, mendedLines: 0 });
  });
});

describe('readPlainText', () => {
  it('takes short capitalised lines without a full stop as headings', () => {
    const { title, html, doubtful } = readPlainText(
      'Rest and sleep belong together.\nBoth help.\n\nHow Sleep Helps the Back\n\nA firm pillow may help.\n\nWhat to try next\n\nWalk more.\n\nCall (555) 010-0199\n\nKind Regards',
    );
    expect(title).toBe('');
    expect(html).toBe(
      [
        '<p>Rest and sleep belong together. Both help.</p>',
        '<h2>How Sleep Helps the Back</h2>',
        '<p>A firm pillow may help.</p>',
        '<p>What to try next</p>',
        '<p>Walk more.</p>',
        '<p>Call (555) 010-0199</p>',
        '<p>Kind Regards</p>',
      ].join('\n'),
    );
    expect(doubtful).toEqual(['What to try next']);
  });

  it.each([
    [
      'a heading at the beginning as the title',
      'Sleeping Well\n\nText here.',
      'Sleeping Well',
      '<p>Text here.</p>',
    ],
    ['lines with bullets as a list', '- one\n- two', '', '<ul><li>one</li><li>two</li></ul>'],
    ['numbered lines as a list', '1. one\n2) two', '', '<ol><li>one</li><li>two</li></ol>'],
    ['signs of HTML as words', 'a <b> & c', '', '<p>a &lt;b&gt; &amp; c</p>'],
    ['nothing as nothing', ' \n\n ', '', ''],
  ])('takes %s', (_, text, title, html) => {
    expect(readPlainText(text)).toMatchObject({ title, html });
  });
});

describe('readFrontMatter', () => {
  const read = (text: string) => {
    const said = notes();
    return { ...readFrontMatter(text, said), said };
  };

  it('reads the known fields and says which it left out', () => {
    const { fields, markdown, said } = read(
      '---\ntitle: Sleep\nslug: sleep\nsummary: Short.\ntopics: [Rest, Backs]\nauthor: Ana Sample\ndate: 2020-01-01\nreviewer: Somebody\nlayout: post\n---\nBody',
    );
    expect(fields).toMatchObject({
      title: 'Sleep',
      slug: 'sleep',
      summary: 'Short.',
      topics: ['Rest', 'Backs'],
      author: 'Ana Sample',
      isPublic: true,
    });
    expect(markdown).toBe('Body');
    expect(said.changed).toEqual([
      'Its date was left out: articles show when they were reviewed, not when they were written.',
      'The field "layout" is unknown here and was left out.',
    ]);
    expect(said.person).toEqual([
      'The field "reviewer" was left out: only a clinical review in the CMS can say so.',
    ]);
  });

  it.each([
    ['broken YAML', '---\ntitle: "x\n---\nBody', 'Missing closing "quote'],
    ['a list', '---\n- a\n---\nBody', 'They are no list of names with values.'],
    [
      'a bomb of aliases',
      `---\na: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n---\nBody`,
      'Aliases (*name) are not read.',
    ],
  ])('leaves %s out with a line that says why', (_, text, reason) => {
    const { fields, markdown, said } = read(text);
    expect(markdown).toBe('Body');
    // It may say that it is one.
    expect(fields.isPublic).toBe(false);
    expect(said.person[0]).toContain('The fields at the head of the file cannot be read');
    expect(said.person[0]).toContain(reason);
  });

  it.each([
    ['', true, false],
    ['draft:', true, false],
    ['draft: ~', true, false],
    ['draft: null', true, false],
    ['draft: false', true, false],
    ['draft: No', true, false],
    ['draft: "OFF"', true, false],
    ['draft: 0', true, false],
    ['draft: true', false, false],
    ['draft: "true"', false, false],
    ['draft: yes', false, false],
    ['draft: On', false, false],
    ['draft: 1', false, false],
    ['draft: not yet', false, true],
    ['draft: "~"', false, true],
    ['draft: 2', false, true],
    ['draft: []', false, true],
    ['Draft: true', false, false],
    ['published: false', false, false],
    ['published: true', true, false],
    ['status: Draft', false, false],
    ['status: publish', true, false],
  ])('takes a file that says %j for public: %s', (line, isPublic, asks) => {
    const { fields, said } = read(`---\ntitle: T\n${line}\n---\nBody`);
    expect(fields.isPublic).toBe(isPublic);
    expect(said.person).toEqual(
      asks ? [expect.stringMatching(/^The field "draft" says neither yes nor no.*Write "draft: false"/)] : [],
    );
  });

  it('takes numbers, yes and no as they are written', () => {
    const { fields } = read(
      '---\nid: 1.10\ntitle: 1e5\nslug: 007\nsummary: ~\ntopics: [0012, Yes, ~, "null", 12345678901234567890]\nauthor: "~" # nobody\nimage: true\n---\nBody',
    );
    expect(fields).toMatchObject({
      id: '1.10',
      title: '1e5',
      slug: '007',
      summary: '',
      topics: ['0012', 'Yes', 'null', '12345678901234567890'],
      author: '~',
      image: 'true',
    });
  });

  it('never runs what calls itself JavaScript', () => {
    expect(read('---js\n{title: process.exit(1)}\n---\nBody').fields.title).toBe('');
  });
});

describe('readFileSource', () => {
  it('takes the main part of an HTML page, and title and summary from its head', async () => {
    await file(
      'a.html',
      '<html><head><title>Head</title><meta name="description" content="Short."></head><body><nav>menu</nav><main><h1>Sleep</h1><p>Text</p></main><footer>foot</footer></body></html>',
    );
    expect(await readFileSource(root, 'a.html')).toMatchObject({
      title: 'Sleep',
      summary: 'Short.',
      html: '<p>Text</p>',
    });
  });

  it('takes the title of Markdown from its first heading, or from the name of the file', async () => {
    await file('good-sleep.md', 'Text');
    await file('b.md', '# Sleep\n\nText with <script>x</script>');
    expect(await readFileSource(root, 'b.md')).toMatchObject({
      title: 'Sleep',
      id: expect.stringMatching(/^file:.*\/b\.md$/) as string,
    });
    const named = await readFileSource(root, 'good-sleep.md');
    expect(named.title).toBe('Good sleep');
    expect(named.notes.person).toEqual(['It has no title: "Good sleep" was made from the name of the file.']);
  });

  it('takes out NUL and says so', async () => {
    await file('a.txt', 'A Title\n\nte\u0000xt\u202e here.');
    const source = await readFileSource(root, 'a.txt');
    expect(source.html).toBe('<p>text here.</p>');
    expect(source.notes.person).toEqual([
      '2 characters were unreadable or invisible. Read the text through.',
    ]);
  });

  const DEEP = `<h1>T</h1>${'<div>'.repeat(12_000)}words`;
  it.each([
    ['HTML', 'a.html', DEEP, 'nested too deeply', '<p>T words</p>'],
    ['HTML in Markdown', 'a.md', DEEP, 'nested too deeply', '<p>T words</p>'],
    ['a page of frames', 'a.htm', '<frameset><frame src="b.html"></frameset>', 'cannot be read', '<p></p>'],
  ])('takes %s that is beyond reading as plain text', async (_, name, content, reason, html) => {
    await file(name, content);
    const source = await readFileSource(root, name);
    expect(source.html).toBe(html);
    expect(source.notes.person[0]).toContain('It came as plain text');
    expect(source.notes.person[0]).toContain(reason);
  });

  it('survives Markdown that is nested too deeply', async () => {
    await file('a.md', `${'>'.repeat(20_000)} deep`);
    expect((await readFileSource(root, 'a.md')).title).toBe('A');
  });
});

describe('takeShortcodes', () => {
  it.each([
    ['a [gallery ids="1,2"] b', 'a  b', 1],
    ['[box color="x"]inside[/box]', 'inside', 1],
    ['[contact-form-7 id="5" title="A [b]"]', '', 1],
    ['quoted [sic] words', 'quoted [sic] words', 1],
    ['a citation [1] and [[so]]', 'a citation [1] and [so]', 0],
    [
      '[caption id="a"]<img src="p.jpg"> words[/caption]',
      '<figure><img src="p.jpg"><figcaption> words</figcaption></figure>',
      0,
    ],
    ['[a '.repeat(20_000), '[a '.repeat(20_000), 0],
  ])('reads %j', (html, result, asked) => {
    const said = notes();
    expect(takeShortcodes(html, said)).toBe(result);
    expect(said.person).toHaveLength(asked);
  });
});

const head =
  '<rss xmlns:wp="x"><channel><link>https://old.example/</link><wp:base_blog_url>https://old.example</wp:base_blog_url>';
const item = (id: number, fields: string): string =>
  `<item><link>https://old.example/p${String(id)}/</link><wp:post_id>${String(id)}</wp:post_id><wp:post_type>post</wp:post_type><wp:status>publish</wp:status>${fields}</item>`;

async function sourcesOf(
  xml: string | Buffer,
): Promise<{ sources: Source[]; faults: string[]; leftOut: [string, number][] }> {
  const path = await file('export.xml', xml);
  const library = await readLibrary(path);
  const sources: Source[] = [];
  for await (const source of readWordpress(path, library)) sources.push(source);
  return { sources, faults: library.faults, leftOut: [...library.leftOut] };
}

describe('mendAmpersands', () => {
  const xml = '<a>x & y &amp; &#38; &nope</a><![CDATA[a & b &]]>&<b/>';
  const mended = '<a>x &amp; y &amp; &#38; &amp;nope</a><![CDATA[a & b &]]>&amp;<b/>';
  it.each([1, 2, 3, 7, 1000])('mends a file that comes in pieces of %d', (size) => {
    const mend = mendAmpersands(() => undefined);
    let result = '';
    for (let at = 0; at < xml.length; at += size) result += mend(xml.slice(at, at + size), false);
    expect(result + mend('', true)).toBe(mended);
  });
});

describe('readWordpress', () => {
  it('reads posts with author, topics and featured image', async () => {
    const { sources, faults } = await sourcesOf(
      `${head}<wp:author><wp:author_login>ana</wp:author_login><wp:author_display_name>Ana Sample</wp:author_display_name></wp:author>
      <wp:category><wp:category_nicename>sleep</wp:category_nicename><wp:category_description>About sleep.</wp:category_description></wp:category>
      ${item(1, '<title>A &amp; B</title><wp:post_name>caf%C3%A9</wp:post_name><dc:creator>ana</dc:creator><category domain="category" nicename="sleep">Sleep</category><category domain="post_tag" nicename="x">X</category><wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>9</wp:meta_value></wp:postmeta><content:encoded><![CDATA[one]]></content:encoded>')}
      <item><wp:post_id>9</wp:post_id><wp:post_type>attachment</wp:post_type><wp:attachment_url>https://old.example/wp-content/uploads/a.jpg</wp:attachment_url><wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key><wp:meta_value>Alt</wp:meta_value></wp:postmeta></item></channel></rss>`,
    );
    expect(faults).toEqual([]);
    expect(sources).toEqual([
      expect.objectContaining({
        id: 'wordpress:https://old.example#1',
        type: 'article',
        title: 'A & B',
        slug: 'café',
        author: 'Ana Sample',
        html: 'one',
        topics: [{ name: 'Sleep', summary: 'About sleep.' }],
        picture: { address: 'https://old.example/wp-content/uploads/a.jpg', alternativeText: 'Alt' },
        isPublic: true,
      }),
    ]);
  });

  it('counts what it leaves out and publishes nothing that was not public', async () => {
    const { sources, leftOut } = await sourcesOf(
      `${head}${item(1, '<wp:status>trash</wp:status>')}${item(2, '<wp:status>draft</wp:status>')}${item(3, '<wp:post_type>nav_menu_item</wp:post_type>')}
      ${item(4, '<wp:post_password>x</wp:post_password><wp:comment><wp:comment_author>Pat Name</wp:comment_author></wp:comment>')}</channel></rss>`,
    );
    expect(sources.map(({ id, isPublic }) => [id.split('#')[1], isPublic])).toEqual([
      ['2', false],
      ['4', false],
    ]);
    expect(leftOut).toEqual([
      ['post in state trash', 1],
      ['entry of type nav_menu_item', 1],
      ['comment', 1],
    ]);
    expect(JSON.stringify(sources)).not.toContain('Pat Name');
  });

  it('expands no entity beyond the five of XML', async () => {
    const lol = Array.from(
      { length: 9 },
      (_, n) => `<!ENTITY l${String(n + 1)} "${`&l${String(n)};`.repeat(10)}">`,
    ).join('');
    const { sources, faults } = await sourcesOf(
      `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">${lol}<!ENTITY file SYSTEM "file:///etc/passwd">]>${head}${item(1, '<title>&l9; &file; &lt;</title>')}</channel></rss>`,
    );
    expect(sources[0]?.title).toBe('&l9; &file; <');
    expect(faults).toHaveLength(2);
    expect(faults[0]).toContain('undefined entity');
  });

  it.each([
    [
      'a bare ampersand',
      `${head}${item(1, '<title>A & B</title>')}${item(2, '<title>C</title>')}</channel></rss>`,
      ['A & B', 'C'],
      1,
    ],
    [
      'a tag that is not closed',
      `${head}${item(1, '<title>A</title><b>')}${item(2, '<title>C</title>')}</channel></rss>`,
      ['A', 'C'],
      1,
    ],
    [
      'an end within an entry',
      `${head}${item(1, '<title>A</title>')}<item><title>Half</title><content:encoded><![CDATA[te`,
      ['A'],
      2,
    ],
    ['another kind of XML', '<feed><entry>x</entry></feed>', [], 1],
    ['no XML at all', '\u0000\u0001 hello', [], 2],
  ])('survives %s', async (_, xml, titles, fewest) => {
    const { sources, faults } = await sourcesOf(xml);
    expect(sources.map(({ title }) => title)).toEqual(titles);
    expect(faults.length).toBeGreaterThanOrEqual(fewest);
  });

  it('reads Latin-1 that calls itself UTF-8, and UTF-16', async () => {
    const xml = `<?xml version="1.0" encoding="UTF-8"?>\n${head}\n${item(1, '<title>café</title>')}</channel></rss>`;
    const latin = await sourcesOf(Buffer.from(xml, 'latin1'));
    expect(latin.sources[0]?.title).toBe('café');
    expect(latin.faults).toEqual([
      '1 lines are no UTF-8 and were read as Windows-1252. Look at accents and quotation marks.',
    ]);
    expect((await sourcesOf(Buffer.from(`\ufeff${xml}`, 'utf16le'))).sources[0]?.title).toBe('café');
  });

  it('hands on each entry before it has read the next', async () => {
    const path = await file(
      'export.xml',
      `${head}${Array.from({ length: 50 }, (_, n) => item(n, `<content:encoded>${'x'.repeat(50_000)}</content:encoded>`)).join('')}`,
    );
    const seen: ExportPart['kind'][] = [];
    for await (const part of readExport(path).parts) {
      seen.push(part.kind);
      if (seen.length === 5) break;
    }
    expect(seen).toHaveLength(5);
  });
});

describe('survey', () => {
  const surveyed = async () => survey(await findInputs(root));

  it('reads on after files that cannot be read', async () => {
    await file('a.html', `<h1>T</h1>${'<div>'.repeat(12_000)}`);
    await file('b.md', '<div>'.repeat(12_000));
    await file('c.md', `---\na: ${'['.repeat(20_000)}\n---\nText`);
    await file('d.md', 'Text');
    expect(await surveyed()).toMatchObject({ count: 4, files: [], leftOut: [] });
  });

  it('tells ids apart that are the same number', async () => {
    const ids = ['1.1', '1.10', '0012', '12', '1e3', '1000', '9007199254740992', '9007199254740993'];
    for (const id of ids) await file(`${id}.md`, `---\nid: ${id}\n---\nText`);
    expect(await surveyed()).toMatchObject({ count: ids.length, files: [] });
  });

  it('names each text that has the id of another one', async () => {
    for (const name of ['a.md', 'b.md', 'c.md']) await file(name, '---\nid: 007\n---\nText');
    const text =
      'It did not come, for a.md has the same id "007". Give it another id, or delete it, and import again.';
    expect(await surveyed()).toMatchObject({
      count: 1,
      files: [
        { file: 'b.md', text },
        { file: 'c.md', text },
      ],
      leftOut: [],
    });
  });

  it('counts what exports repeat, and asks about other posts with the same number', async () => {
    const posts = [1, 2, 3].map((id) => item(id, `<title>Post ${String(id)}</title>`)).join('');
    await file('1.xml', `${head}${posts}</channel></rss>`);
    await file('2.xml', `${head}${posts}${item(4, '')}</channel></rss>`);
    const others = ['A', 'B'].map((title) => item(3, `<title>${title}</title>`)).join('');
    await file('3.xml', `${head}${others}</channel></rss>`);
    expect(await surveyed()).toMatchObject({
      count: 4,
      files: [
        {
          file: '3.xml',
          text: 'Posts or pages that did not come, for others before them have the same number (wp:post_id): 2, first "A". Give each a number of its own in the file, and import again.',
        },
      ],
      leftOut: ['2.xml: post or page that had come already (3)'],
    });
  });
});
