import { describe, expect, it } from 'vitest';
import { checklist } from './checklist.ts';
import type { Finding } from './finding.ts';
import type { Entry } from './parts.ts';
import { askedAtOnce, type Questions, questionsOf, type Surroundings } from './surroundings.ts';

const siteUrl = 'https://clinic.example';

const picture = {
  documentId: 'pic1',
  name: 'path.webp',
  url: '/uploads/path.webp',
  alternativeText: 'A path over hills.',
  mime: 'image/webp',
  size: 20,
  hash: 'path',
  updatedAt: '2026-01-01T00:00:00.000Z',
};

const article: Entry = {
  documentId: 'art1',
  title: 'Neck pain',
  slug: 'neck-pain',
  summary: 'What a stiff neck is, what helps, and when to see a doctor.',
  sections: [
    { __component: 'section.rich-text', heading: 'What helps', body: 'Move [gently](#what-helps).' },
  ],
  references: [{ title: 'A study', publisher: 'A journal', url: 'https://journal.example/study' }],
};
const page: Entry = { ...article, references: undefined, slug: 'parking', title: 'Parking' };
const provider: Entry = { documentId: 'pro1', name: 'Jo Li', slug: 'jo-li' };
const topic: Entry = {
  documentId: 'top1',
  name: 'Sciatica',
  slug: 'sciatica',
  kind: 'condition',
  summary: 'Pain that runs down one leg, where it comes from and what helps.',
};
const whole: Record<string, Entry> = { article, page, provider, topic };

type Around = Partial<Surroundings>;

/** What is found in an entry of a type when everything that it asks about is known to be missing, but for `around`. */
function found(type: string, entry: Entry, around: Around = {}): Finding[] {
  return checklist(type, entry, {
    asked: questionsOf(type, entry, siteUrl),
    siteUrl,
    today: '2026-11-24',
    allowsUnreviewed: true,
    slugTakenBy: null,
    entries: [],
    deadLinks: [],
    files: [],
    ...around,
  });
}

const codes = (findings: readonly Finding[]): string[] =>
  findings.map(({ level, rule, path }) => `${level === 'blocks' ? '!' : '?'} ${rule} ${path}`);

const text = (body: unknown, heading: unknown = 'What helps'): Entry => ({
  sections: [{ __component: 'section.rich-text', heading, body }],
});
const section = (name: string, fields: object): Entry => ({
  sections: [{ __component: `section.${name}`, ...fields }],
});
const published = (address: string, anchors: string[] | null = null): Around => ({
  entries: [{ address, title: 'Other', isPublished: true, anchors }],
});
const draft = (address: string): Around => ({
  entries: [{ address, title: 'Other', isPublished: false, anchors: null }],
});

/** Name, type, what the entry has besides a whole one, what is expected, and what is around it. */
type Case = [name: string, type: string, fields: Entry, expected: string[], around?: Around];

function table(title: string, cases: Case[]): void {
  describe(title, () => {
    it.each(cases)('%s', (_name, type, fields, expected, around) => {
      const findings = found(type, { ...whole[type], ...fields }, around);
      expect(codes(findings)).toEqual(expected);
      for (const { message, mend } of findings) {
        expect(message).toMatch(/[.:]$|\.$/);
        expect(mend).not.toBe('');
      }
    });
  });
}

const body = 'sections.0.body';

table('a whole entry', [
  ['article', 'article', {}, []],
  ['page', 'page', {}, []],
  ['provider', 'provider', {}, []],
  ['topic', 'topic', {}, []],
  ['of a type that the contract does not know', 'recipe', { title: '' }, []],
]);

const slug = (value: unknown): Entry => ({ slug: value });
table('the slug', [
  ['is empty', 'article', slug(''), ['! slug slug']],
  ['is missing', 'article', slug(undefined), ['! slug slug']],
  ['is null', 'topic', slug(null), ['! slug slug']],
  ['is a number', 'topic', slug(7), ['! slug slug']],
  ['has capitals', 'article', slug('Neck-Pain'), ['! slug slug']],
  ['has full-width letters', 'article', slug('ｎｅｃｋ'), ['! slug slug']],
  ['has a ligature', 'article', slug('ﬁtness'), ['! slug slug']],
  ['has marks', 'provider', slug('nguyễn'), ['! slug slug']],
  ['climbs out', 'page', slug('../etc'), ['! slug slug']],
  ['has a slash', 'page', slug('a/b'), ['! slug slug']],
  ['has a dot', 'page', slug('a.b'), ['! slug slug']],
  ['has a space', 'page', slug('a b'), ['! slug slug']],
  ['has two hyphens', 'page', slug('a--b'), ['! slug slug']],
  ['begins with a hyphen', 'page', slug('-a'), ['! slug slug']],
  ['has a NUL', 'page', slug('a\u0000'), ['! slug slug']],
  ['is encoded', 'page', slug('%2e%2e'), ['! slug slug']],
  ['is a page of the site', 'page', slug('articles'), ['! slug slug']],
  ['is a page of the server', 'page', slug('readyz'), ['! slug slug']],
  ['is the folder of assets', 'page', slug('assets'), ['! slug slug']],
  ['is a device', 'article', slug('con'), ['! slug slug']],
  ['is the folder of later pages', 'topic', slug('page'), ['! slug slug']],
  ['is the error page', 'provider', slug('404'), ['! slug slug']],
  ['is as long as it may be', 'article', slug('a'.repeat(100)), []],
  ['is too long', 'article', slug('a'.repeat(101)), ['! field-form slug']],
  ['is too long to be asked about', 'article', slug('a'.repeat(2001)), ['! field-form slug']],
  ['is reserved for pages only', 'article', slug('search'), []],
  ['is taken', 'article', {}, ['! slug-taken slug'], { slugTakenBy: 'Neck' }],
  [
    'was taken when it was another',
    'article',
    {},
    [],
    { slugTakenBy: 'Neck', asked: { ...questionsOf('article', {}, siteUrl), slug: 'neck' } },
  ],
]);

describe('the time zone of the clinic', () => {
  it.each([
    ['America/Los_Angeles', []],
    ['UTC', []],
    ['Nowhere/Nothing', ['! time-zone timeZone']],
    [' America/Los_Angeles', ['! time-zone timeZone']],
    ['<script>', ['! time-zone timeZone']],
    ['', ['! field-empty timeZone']],
    [null, ['! field-empty timeZone']],
    [7, ['! field-form timeZone']],
  ])('%j', (timeZone, expected) => {
    const ofZone = codes(found('clinic', { timeZone })).filter((code) => code.endsWith(' timeZone'));
    expect(ofZone).toEqual(expected);
  });
});

table('required fields', [
  ['title is empty', 'article', { title: '' }, ['! field-empty title']],
  ['title is white space', 'article', { title: ' \n\t' }, ['! field-empty title']],
  ['title is missing', 'article', { title: undefined }, ['! field-empty title']],
  ['summary is null', 'article', { summary: null }, ['! field-empty summary']],
  ['name is empty', 'provider', { name: '' }, ['! field-empty name']],
  ['name of a topic is missing', 'topic', { name: undefined }, ['! field-empty name']],
  ['kind is missing', 'topic', { kind: undefined }, ['! field-empty kind']],
  ['kind is unknown', 'topic', { kind: 'advice' }, ['! field-form kind']],
  ['title is too long', 'provider', { name: 'x'.repeat(151) }, ['! field-form name']],
  ['a day does not exist', 'article', { nextReviewDue: '2026-02-31' }, ['! field-form nextReviewDue']],
  ['title is a list', 'page', { title: ['a'] }, ['! field-form title']],
  ['optional fields are missing', 'provider', { bio: undefined, photo: undefined, languages: undefined }, []],
  ['optional fields are empty', 'provider', { bio: '', photo: null, languages: [] }, []],
  ['optional fields are null', 'article', { seo: null, heroImage: null, author: null }, []],
  ['a list item is empty', 'provider', { languages: [{ text: '' }] }, ['! field-empty languages.0.text']],
  [
    'a reference lacks its publisher',
    'article',
    { references: [{ title: 'A', url: 'https://a.example/' }] },
    ['! field-empty references.0.publisher'],
  ],
  [
    'a reference lacks its address',
    'article',
    { references: [{ title: 'A', publisher: 'B', url: '' }] },
    ['! field-empty references.0.url'],
  ],
  [
    'a call-out lacks its heading',
    'page',
    section('call-out', { variant: 'info', heading: '', body: 'Rest.' }),
    ['! field-empty sections.0.heading'],
  ],
  [
    'a question lacks its answer',
    'page',
    section('faq', { heading: 'Questions', questions: [{ question: 'Why?', answer: ' ' }] }),
    ['! field-empty sections.0.questions.0.answer'],
  ],
]);

table('sections', [
  ['none on an article', 'article', { sections: [] }, ['? sections-none sections']],
  ['none on a page', 'page', { sections: undefined }, ['? sections-none sections']],
  ['a text without words', 'page', text(''), ['! section-empty sections.0']],
  ['a text of white space', 'page', text('\n \n'), ['! section-empty sections.0']],
  ['a text that is missing', 'page', text(undefined), ['! section-empty sections.0']],
  [
    'a call-out without words',
    'page',
    section('call-out', { variant: 'info', heading: 'Now' }),
    ['! section-empty sections.0'],
  ],
  ['a quote without words', 'page', section('quote', { attribution: 'Jo' }), ['! section-empty sections.0']],
  [
    'do and don’t without items',
    'page',
    section('do-and-dont', { heading: 'Do', doItems: [], dontItems: [] }),
    ['! section-empty sections.0'],
  ],
  [
    'do and don’t with empty items',
    'page',
    section('do-and-dont', { doItems: [{ text: ' ' }], dontItems: [] }),
    ['! section-empty sections.0'],
  ],
  ['do without don’t', 'page', section('do-and-dont', { doItems: [{ text: 'Walk.' }], dontItems: [] }), []],
  [
    'questions without one',
    'page',
    section('faq', { heading: 'Questions', questions: [] }),
    ['! section-empty sections.0'],
  ],
  [
    'a picture without a picture',
    'page',
    section('image', { caption: 'A path', image: null }),
    ['! section-empty sections.0'],
  ],
  [
    'a call to action without words',
    'page',
    section('call-to-action', { action: 'call' }),
    ['! section-empty sections.0'],
  ],
  [
    'a link without an address',
    'page',
    section('call-to-action', { heading: 'Go', action: 'link' }),
    ['! section-link sections.0.url'],
  ],
  ['a call without an address', 'page', section('call-to-action', { heading: 'Go', action: 'call' }), []],
  [
    'the second of two',
    'page',
    { sections: [...(article['sections'] as unknown[]), { __component: 'section.quote', text: '' }] },
    ['! section-empty sections.1'],
  ],
]);

const hero = (alternativeText: unknown): Entry => ({ heroImage: { ...picture, alternativeText } });
table('pictures', [
  ['described', 'article', hero('A path.'), []],
  ['without alternative text', 'article', hero(null), ['! picture-alt heroImage']],
  ['with an empty one', 'article', hero(''), ['! picture-alt heroImage']],
  ['with the name of the file', 'article', hero('path_of-hills.JPG'), ['! picture-alt heroImage']],
  ['with white space', 'article', hero('  '), ['! picture-alt heroImage']],
  ['decorative', 'article', hero('decorative'), []],
  ['decorative in brackets', 'article', hero(' (Decorative) '), []],
  ['of a provider', 'provider', { photo: { ...picture, alternativeText: null } }, ['! picture-alt photo']],
  [
    'for sharing',
    'topic',
    { seo: { image: { ...picture, alternativeText: '' } } },
    ['! picture-alt seo.image'],
  ],
  [
    'in a section',
    'page',
    section('image', { image: { ...picture, alternativeText: null } }),
    ['! picture-alt sections.0.image'],
  ],
  [
    'described meanwhile',
    'article',
    hero(null),
    [],
    { files: [{ asked: 'pic1', alternativeText: 'A path.' }] },
  ],
  [
    'emptied meanwhile',
    'article',
    hero('A path.'),
    ['! picture-alt heroImage'],
    { files: [{ asked: 'pic1', alternativeText: null }] },
  ],
  [
    'in Markdown, described',
    'page',
    text('![A path](/uploads/path.webp)'),
    [],
    { files: [{ asked: '/uploads/path.webp', alternativeText: null }] },
  ],
  [
    'in Markdown, decorative',
    'page',
    text('![decorative](/uploads/path.webp)'),
    [],
    { files: [{ asked: '/uploads/path.webp', alternativeText: null }] },
  ],
  [
    'in Markdown, not described',
    'page',
    text('![](/uploads/path.webp)'),
    [`! picture-alt ${body}`],
    { files: [{ asked: '/uploads/path.webp', alternativeText: 'x' }] },
  ],
  [
    'in Markdown, of another site',
    'page',
    text('![A path](https://other.example/path.webp)'),
    [`! picture-source ${body}`],
  ],
  [
    'in Markdown, pasted as text, before anything was asked',
    'page',
    text(`![A path](data:image/png;base64,${'iVBORw0KGgo'.repeat(400)})`),
    [`! picture-source ${body}`],
    { asked: questionsOf('page', {}, siteUrl) },
  ],
  [
    'in Markdown, small and pasted as text',
    'page',
    text('![A path](DATA:image/gif;base64,R0lGODlhAQABAAAAACw=)'),
    [`! picture-source ${body}`],
    { asked: questionsOf('page', {}, siteUrl) },
  ],
  [
    'in Markdown, at an address that is too long to be one of a file',
    'page',
    text(`![A path](/uploads/${'x'.repeat(2000)}.webp)`),
    [`! picture-source ${body}`],
    { asked: questionsOf('page', {}, siteUrl) },
  ],
  [
    'in a biography',
    'provider',
    { bio: '![](/uploads/path.webp)' },
    ['! picture-alt bio'],
    { files: [{ asked: '/uploads/path.webp', alternativeText: null }] },
  ],
]);

const link = (href: string, words = 'the guide to backs'): Entry => text(`See [${words}](${href}).`);
const target = '/articles/other/';
table('links to pages', [
  ['to one that is there', 'page', link(target), [], published(target)],
  ['without the slash at the end', 'page', link('/articles/other'), [], published(target)],
  ['with the site’s own address', 'page', link(`${siteUrl}/articles/other`), [], published(target)],
  ['to none', 'page', link(target), [`! link-broken ${body}`]],
  [
    'to an address that is too long to be one of a page, before anything was asked',
    'page',
    link(`/articles/${'x'.repeat(2000)}/`),
    [`! link-broken ${body}`],
    { asked: questionsOf('page', {}, siteUrl) },
  ],
  [
    'to one that is there, with a long query',
    'page',
    link(`${target}?utm=${'x'.repeat(3000)}`),
    [],
    published(target),
  ],
  ['to a draft', 'page', link(target), [`! link-unpublished ${body}`], draft(target)],
  ['to a page of the site', 'page', link('/consultation/?topic=sciatica'), []],
  ['to the home page', 'page', link('/'), []],
  ['to a later page of a list', 'page', link('/articles/page/2/'), []],
  ['to the feed', 'page', link('/rss.xml'), []],
  ['to a file', 'page', link('/uploads/leaflet.pdf'), [`! link-broken ${body}`]],
  ['to a place that is there', 'page', link(`${target}#risks`), [], published(target, ['risks'])],
  [
    'to a place that is not',
    'page',
    link(`${target}#risk`),
    [`! link-anchor ${body}`],
    published(target, ['risks']),
  ],
  ['to a place that nobody can tell of', 'page', link(`${target}#risk`), [], published(target)],
  ['to a place on the same page', 'page', link('#what-helps'), []],
  ['to no place on the same page', 'page', link('#what-hurts'), [`! link-anchor ${body}`]],
  [
    'to the second of two headings of one name',
    'page',
    text('### Sleep\n\n### Sleep\n\n[to sleep](#sleep-2)'),
    [],
  ],
  [
    'to a third that is not there',
    'page',
    text('### Sleep\n\n### Sleep\n\n[to sleep](#sleep-3)'),
    [`! link-anchor ${body}`],
  ],
  ['to a reference', 'article', link('#reference-1', '[1]'), []],
  ['to a reference that is not there', 'article', link('#reference-2', '[2]'), [`! link-anchor ${body}`]],
  ['to the list of contents', 'page', link('#contents'), []],
  ['to its own address', 'page', link('/parking/#what-helps'), []],
  ['to no place at its own address', 'page', link('/parking/#nothing'), [`! link-anchor ${body}`]],
  ['naming an entry', 'page', link('entry:article/art2'), [], published('entry:article/art2')],
  [
    'naming an entry and a place',
    'page',
    link('entry:article/art2#risks'),
    [],
    published('entry:article/art2', ['risks']),
  ],
  [
    'naming an entry and no place',
    'page',
    link('entry:article/art2#risk'),
    [`! link-anchor ${body}`],
    published('entry:article/art2', ['risks']),
  ],
  [
    'naming a draft',
    'page',
    link('entry:article/art2'),
    [`! link-unpublished ${body}`],
    draft('entry:article/art2'),
  ],
  ['naming an entry that is gone', 'page', link('entry:article/art2'), [`! link-broken ${body}`]],
  ['naming itself', 'article', link('entry:article/art1#what-helps'), []],
  [
    'of a button',
    'page',
    section('call-to-action', { heading: 'Go', action: 'link', url: '/nowhere/' }),
    ['! link-broken sections.0.url'],
  ],
  [
    'of a button, naming an entry',
    'page',
    section('call-to-action', { heading: 'Go', action: 'link', url: 'entry:article/art2' }),
    [],
    published('entry:article/art2'),
  ],
  [
    'in an answer',
    'page',
    section('faq', { heading: 'Q', questions: [{ question: 'Why?', answer: '[the guide](/nowhere/)' }] }),
    ['! link-broken sections.0.questions.0.answer'],
  ],
  ['in a biography', 'provider', { bio: '[the guide](/nowhere/)' }, ['! link-broken bio']],
  ['in a topic', 'topic', { body: '[the guide](/nowhere/)' }, ['! link-broken body']],
  ['that nobody asked about yet', 'page', link('/nowhere/'), [], { asked: questionsOf('page', {}, siteUrl) }],
]);

table('unsafe links', [
  ['javascript', 'page', link('javascript:alert(1)'), [`! link-unsafe ${body}`]],
  ['in mixed case', 'page', link('JaVaScRiPt:alert(1)'), [`! link-unsafe ${body}`]],
  ['encoded', 'page', link('&#106;avascript:alert(1)'), [`! link-unsafe ${body}`]],
  ['with a named colon', 'page', link('javascript&colon;alert(1)'), [`! link-unsafe ${body}`]],
  ['data', 'page', link('data:text/html,x'), [`! link-unsafe ${body}`]],
  ['vbscript', 'page', link('vbscript:x'), [`! link-unsafe ${body}`]],
  ['file', 'page', link('file:///etc/passwd'), [`! link-unsafe ${body}`]],
  ['without a scheme', 'page', link('//other.example/'), [`! link-unsafe ${body}`]],
  ['with a backslash', 'page', link('/\\\\other.example/'), [`! link-unsafe ${body}`]],
  [
    'with a name before the host',
    'page',
    link('https://clinic.example@evil.example/'),
    [`! link-unsafe ${body}`],
  ],
  ['relative', 'page', link('other/page'), [`! link-unsafe ${body}`]],
  ['empty', 'page', text('[the guide]()'), [`! link-unsafe ${body}`]],
  [
    'of a button',
    'page',
    section('call-to-action', { heading: 'Go', action: 'link', url: 'javascript:x' }),
    ['! link-unsafe sections.0.url'],
  ],
  [
    'in a reference',
    'article',
    { references: [{ title: 'A', publisher: 'B', url: 'javascript:x' }] },
    ['! link-unsafe references.0.url'],
  ],
  ['by mail', 'page', link('mailto:desk@clinic.example'), []],
  ['by phone', 'page', link('tel:+13105550100'), []],
  ['to another site', 'page', link('https://nih.example/a?b=c#d'), []],
  ['to another site, by a very long address', 'page', link(`https://nih.example/?b=${'c'.repeat(5000)}`), []],
  ['written bare', 'page', text('See https://nih.example/ for more on this.'), []],
  ['in code', 'page', text('`[x](javascript:x)`'), []],
]);

table('Markdown', [
  ['with a script', 'page', text('<script>alert(1)</script>'), [`! markup-html ${body}`]],
  [
    'with a script within a line',
    'page',
    text('Hello <script>alert(1)</script> there'),
    [`! markup-html ${body}`],
  ],
  [
    'with an iframe',
    'page',
    text('<iframe src="https://video.example"></iframe>'),
    [`! markup-html ${body}`],
  ],
  ['with an h1 tag', 'page', text('<h1>Title</h1>'), [`! markup-html ${body}`]],
  ['with a line break tag', 'page', text('one<br>two'), [`! markup-html ${body}`]],
  ['with a style', 'page', text('<p style="color:red">x</p>'), [`! markup-html ${body}`]],
  ['with a comment', 'page', text('Text <!-- to do --> text'), [`! markup-html ${body}`]],
  ['with a picture tag in a list', 'page', text('- <img src=x onerror=alert(1)>'), [`! markup-html ${body}`]],
  [
    'with a tag in a table',
    'page',
    text('| a | b |\n| - | - |\n| <b>x</b> | y |'),
    [`! markup-html ${body}`],
  ],
  ['with a tag in code', 'page', text('`<script>` is a tag.'), []],
  ['with a tag in a block of code', 'page', text('```\n<script>\n```'), []],
  ['with signs that are no tags', 'page', text('Pain < 3 and > 1, 5 <6.'), []],
  ['with a mail address in brackets', 'page', text('Write to <desk@clinic.example>.'), []],
  ['with a first heading', 'page', text('# Title'), [`! markup-h1 ${body}`]],
  ['with an underlined first heading', 'page', text('Title\n====='), [`! markup-h1 ${body}`]],
  ['with a first heading in a quotation', 'page', text('> # Title'), [`! markup-h1 ${body}`]],
  ['with a number sign', 'page', text('We are #1 of our street.'), []],
  ['nested too deep', 'page', text(`${'> '.repeat(30)}x`), [`! markup-unreadable ${body}`]],
  ['of one mark repeated', 'page', text('*'.repeat(400)), [`! markup-unreadable ${body}`]],
  ['in a biography', 'provider', { bio: '<script>x</script>' }, ['! markup-html bio']],
  ['in a topic', 'topic', { body: '# Title' }, ['! markup-h1 body']],
  [
    'in a summary is no Markdown',
    'topic',
    { summary: 'A # sign and a <tag> in a summary are plain text for all.' },
    [],
  ],
]);

const related = (field: string, value: unknown): Entry => ({ [field]: value });
const jo = 'entry:provider/pro1';
table('related entries', [
  ['author published', 'article', related('author', { documentId: 'pro1' }), [], published(jo)],
  ['author as a document id', 'article', related('author', 'pro1'), [], published(jo)],
  [
    'author a draft',
    'article',
    related('author', { documentId: 'pro1' }),
    ['! relation-unpublished author'],
    draft(jo),
  ],
  ['author gone', 'article', related('author', { documentId: 'pro1' }), ['! relation-gone author']],
  [
    'topic a draft',
    'article',
    related('topics', [{ documentId: 'top1' }]),
    ['! relation-unpublished topics'],
    draft('entry:topic/top1'),
  ],
  ['topic published', 'article', related('topics', ['top1']), [], published('entry:topic/top1')],
  [
    'related article a draft',
    'article',
    related('relatedArticles', [{ documentId: 'art2' }]),
    ['? relation-unpublished relatedArticles'],
    draft('entry:article/art2'),
  ],
  [
    'related article gone',
    'article',
    related('relatedArticles', [{ documentId: 'art2' }]),
    ['! relation-gone relatedArticles'],
  ],
  ['nobody', 'article', related('author', null), []],
  [
    'nobody asked about yet',
    'article',
    related('author', 'pro1'),
    [],
    { asked: questionsOf('article', {}, siteUrl) },
  ],
]);

const review = (reviewer: unknown, reviewedOn: unknown): Entry => ({ reviewer, reviewedOn });
table('the clinical review', [
  ['with a person and a day', 'article', review('pro1', '2026-11-20'), [], published(jo)],
  ['of today', 'article', review('pro1', '2026-11-24'), [], published(jo)],
  ['of tomorrow', 'article', review('pro1', '2026-11-25'), ['! review-future reviewedOn'], published(jo)],
  ['without a day', 'article', review('pro1', null), ['! review-undated reviewedOn'], published(jo)],
  ['without a person', 'article', review(null, '2026-11-20'), ['! review-unsigned reviewer']],
  [
    'without a person and of tomorrow',
    'article',
    review(null, '2026-11-25'),
    ['! review-future reviewedOn', '! review-unsigned reviewer'],
  ],
  ['by a draft', 'article', review('pro1', '2026-11-20'), ['! relation-unpublished reviewer'], draft(jo)],
  ['none, where it may be', 'article', review(null, null), []],
  [
    'none, where it must be',
    'article',
    review(null, ''),
    ['! review-none reviewer'],
    { allowsUnreviewed: false },
  ],
  ['none of a page', 'page', {}, [], { allowsUnreviewed: false }],
  ['none of a topic', 'topic', {}, [], { allowsUnreviewed: false }],
  [
    'there, where it must be',
    'article',
    review('pro1', '2026-11-20'),
    [],
    { ...published(jo), allowsUnreviewed: false },
  ],
]);

table('lengths', [
  ['a title that search results cut', 'article', { title: 'x'.repeat(71) }, ['? title-long title']],
  ['a title that just fits', 'article', { title: 'x'.repeat(70) }, []],
  [
    'a long title with a short one for search',
    'article',
    { title: 'x'.repeat(71), seo: { title: 'Short' } },
    [],
  ],
  ['a long title for search', 'article', { seo: { title: 'x'.repeat(61) } }, ['? title-long seo.title']],
  [
    'a long description for search',
    'article',
    { seo: { description: 'x'.repeat(161) } },
    ['? summary-long seo.description'],
  ],
  ['a short summary', 'article', { summary: 'About necks.' }, ['? summary-short summary']],
  ['a long summary', 'article', { summary: 'x'.repeat(251) }, ['? summary-long summary']],
  ['no summary where none is needed', 'page', { summary: null }, []],
]);

const words = (count: number): string => Array.from({ length: count }, () => 'word').join(' ');
table('reading', [
  ['headings in order', 'page', text('## A\n\n### B\n\n## C'), []],
  ['headings that begin deep', 'page', text('#### A\n\n##### B'), []],
  ['headings that leave out a level', 'page', text('## A\n\n#### B'), [`? heading-order ${body}`]],
  ['a paragraph of 120 words', 'page', text(words(120)), []],
  ['a paragraph of 121 words', 'page', text(words(121)), [`? paragraph-long ${body}`]],
  ['a long list', 'page', text(Array.from({ length: 90 }, () => '- two words').join('\n')), []],
  ['a link that says here', 'page', link('https://a.example/', 'here'), [`? link-vague ${body}`]],
  [
    'a link that says Click here!',
    'page',
    link('https://a.example/', 'Click here!'),
    [`? link-vague ${body}`],
  ],
  [
    'a link in bold that says read more',
    'page',
    link('https://a.example/', '**Read more**'),
    [`? link-vague ${body}`],
  ],
  ['a link that names its page', 'page', link('https://a.example/', 'More about sciatica'), []],
  ['an article without references', 'article', { references: [] }, ['? references-none references']],
  ['a page without references', 'page', { references: [] }, []],
]);

table('claims', [
  ['cure', 'article', text('Needles cure back pain.'), [`? claim ${body}`]],
  ['cured', 'page', text('She was cured in a week.'), [`? claim ${body}`]],
  ['guaranteed', 'article', { title: 'Guaranteed relief' }, ['? claim title']],
  [
    'miracle',
    'topic',
    { summary: 'A miracle for backs that nobody has ever heard of before.' },
    ['? claim summary'],
  ],
  ['100% safe', 'page', text('It is 100% safe.'), [`? claim ${body}`]],
  ['no side effects', 'page', text('It has no side effects.'), [`? claim ${body}`]],
  [
    'permanent relief',
    'page',
    section('quote', { text: 'It gave me permanent relief.' }),
    ['? claim sections.0.text'],
  ],
  ['risk-free', 'provider', { bio: 'He offers risk-free surgery.' }, ['? claim bio']],
  ['no cure', 'page', text('There is no cure for it.'), []],
  ['cannot be guaranteed', 'page', text('A result cannot be guaranteed.'), []],
  ['does not cure', 'page', text("Rest doesn't cure it."), []],
  ['no promise of cure', 'page', text('We make no promise of a cure.'), []],
  ['a denial in the sentence before', 'page', text('It is not new. It cures all.'), [`? claim ${body}`]],
  ['secure and procure', 'page', text('We secure and procure; obscure manicures.'), []],
]);

const dead: Around = { deadLinks: [{ url: 'https://gone.example/', reason: 'it answered 404' }] };
table('dead links to other sites', [
  ['in Markdown', 'page', link('https://gone.example/'), [`? link-dead ${body}`], dead],
  [
    'in a reference',
    'article',
    { references: [{ title: 'A', publisher: 'B', url: 'https://gone.example/' }] },
    ['? link-dead references.0.url'],
    dead,
  ],
  ['that are others', 'page', link('https://here.example/'), [], dead],
]);

describe('what is asked', () => {
  const longest = `https://nih.example/${'x'.repeat(1980)}`;

  it('is no address that is longer than the CMS takes', () => {
    const long = `${longest}x`;
    const entry = {
      slug: 'x'.repeat(2001),
      ...text(
        `[a](${longest}) [b](${long}) [c](/${'y'.repeat(2000)}/#z) ![d](/uploads/${long}) ![e](data:image/gif,x)`,
      ),
      references: [{ title: 'A', publisher: 'B', url: long }],
    };
    expect(questionsOf('article', entry, siteUrl)).toEqual({
      slug: '',
      addresses: [],
      anchorsOf: [],
      urls: [longest],
      files: [],
    });
  });

  it('is all that is written, however much that is', () => {
    const urls = Array.from({ length: 2000 }, (_none, index) => `https://a${index}.example/`);
    expect(questionsOf('page', text(urls.join(' ')), siteUrl).urls).toEqual(urls);
  });

  const all = (texts: string[]): Questions => ({
    slug: 'a',
    addresses: texts,
    anchorsOf: texts,
    urls: texts,
    files: texts,
  });
  const numbered = (count: number, length: number): string[] =>
    Array.from({ length: count }, (_none, index) => String(index).padStart(length, '0'));

  it('is asked at once where that is possible', () => {
    const questions = all(numbered(1000, 10));
    expect(askedAtOnce(questions)).toEqual(questions);
  });

  it('is cut to the first thousand of a kind', () => {
    expect(askedAtOnce(all(numbered(1001, 10)))).toEqual(all(numbered(1000, 10)));
  });

  it('fits into the million bytes of a request, whatever its characters', () => {
    const questions = all(numbered(1000, 2000).map((text) => text.replaceAll('0', '\u0001')));
    const asked = askedAtOnce(questions);
    expect(asked.addresses.length).toBeGreaterThan(50);
    expect(Buffer.byteLength(JSON.stringify(asked))).toBeLessThan(1_000_000);
  });
});

it('puts what blocks before what is advised', () => {
  const findings = found('article', { ...article, title: 'Cured', slug: '', references: [] });
  expect(codes(findings)).toEqual(['! slug slug', '? references-none references', '? claim title']);
});

it('says where, what is wrong and how to mend it', () => {
  const [finding] = found('article', { ...article, ...link('/nowhere/') });
  expect(finding).toEqual({
    level: 'blocks',
    rule: 'link-broken',
    path: 'sections.0.body',
    message: 'the link "the guide to backs" leads to /nowhere/, but there is no such page.',
    mend: 'Correct the link, or take it out.',
  });
});
