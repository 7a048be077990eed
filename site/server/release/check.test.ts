import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentOf, page, smallSite } from '../test/site.ts';
import { type BuiltSite, collapseFault, examine } from './check.ts';
import type { ReleaseContent } from './manifest.ts';
import { readPage } from './pages.ts';

function faults(files: Record<string, string>, content: Partial<ReleaseContent> = {}): string[] {
  const pages = Object.entries(files).filter(([path]) => path.endsWith('.html'));
  return examine({
    content: { ...contentOf(files), ...content },
    files: new Set(Object.keys(files)),
    pages: new Map(pages.map(([path, html]) => [path, readPage(html)])),
    siteUrl: 'https://clinic.example',
  }).faults;
}

function faultsOfBody(body: string): string[] {
  return faults({ ...smallSite(), 'articles/index.html': page('Articles', body) });
}

test('finds no fault in a whole site', () => {
  expect(faults(smallSite())).toEqual([]);
});

test('misses a page that the build announced', () => {
  const { 'search/index.html': search, ...rest } = smallSite();
  expect(search).toBeDefined();
  expect(faults(rest, { pages: contentOf(smallSite()).pages })).toEqual([
    'The page /search/ ("Search") is missing.',
  ]);
});

test('notices a page with another title', () => {
  expect(faults(smallSite(), { pages: [{ path: '/search/', title: 'Find' }] })).toEqual([
    'The page /search/ should be titled "Find", but its title is "Search | Harbor".',
  ]);
});

test('compares titles as text, not as markup', () => {
  const files = { 'index.html': page('Q &amp; A', '') };
  expect(faults(files, { pages: [{ path: '/', title: 'Q & A' }] })).toEqual([]);
});

test.each([
  ['<a href="/nowhere/">Far <b>away</b></a>', 'On /articles/ the link "Far away" (/nowhere/) leads nowhere.'],
  ['<a href="../nowhere">x</a>', 'On /articles/ the link "x" (../nowhere) leads nowhere.'],
  [
    '<a href="https://clinic.example/gone/">x</a>',
    'On /articles/ the link "x" (https://clinic.example/gone/) leads nowhere.',
  ],
  [
    '<a href="#gone">x</a>',
    'On /articles/ the link "x" (#gone) leads to #gone, which that page does not have.',
  ],
  [
    '<a href="neck-pain/#gone">x</a>',
    'On /articles/ the link "x" (neck-pain/#gone) leads to #gone, which that page does not have.',
  ],
  ['<a href="http://[">x</a>', 'On /articles/ the link "x" (http://[) is not an address.'],
  ['<a href="/%zz">x</a>', 'On /articles/ the link "x" (/%zz) is not an address.'],
  [
    '<img src="/media/gone.webp" alt="A spine">',
    'On /articles/ the link "A spine" (/media/gone.webp) leads nowhere.',
  ],
  [
    '<img srcset="/media/dot.webp 1x, /media/gone.webp 2x" alt="">',
    'On /articles/ the link /media/gone.webp leads nowhere.',
  ],
  [
    '<link rel="stylesheet" href="/_astro/gone.css">',
    'On /articles/ the link /_astro/gone.css leads nowhere.',
  ],
])('finds the broken link in %s', (body, fault) => {
  expect(faultsOfBody(body)).toEqual([fault]);
});

test.each([
  '<a href="https://elsewhere.example/gone/">x</a>',
  '<a href="mailto:a@b.example">x</a><a href="tel:+15550100">x</a>',
  '<a href="#">x</a><a href="#top">x</a><a href="#TOP">x</a>',
  '<a href="neck-pain/#causes">x</a><a href="/articles/neck-pain#causes">x</a>',
  '<a href="/?topic=a">x</a>',
  '<a href="neck-pain/#:~:text=needles">x</a>',
  '<a href="/media/dot.webp#t=1">x</a>',
  '<p id="ünï">x</p><a href="#%C3%BCn%C3%AF">x</a>',
  '<!-- <a href="/nowhere/">x</a> -->',
  '<img srcset="/media/dot.webp 400w, /media/dot.webp 800w" alt="">',
])('finds no fault in %s', (body) => {
  expect(faultsOfBody(body)).toEqual([]);
});

test('checks redirects', () => {
  const redirects = [
    { from: '/old/', to: '/articles/' },
    { from: '/older/', to: '/gone/' },
    { from: '/search', to: '/' },
  ];
  expect(faults(smallSite(), { redirects })).toEqual([
    'The redirect from /older/ leads to /gone/, which is no page.',
    'The redirect from /search hides behind a page of the same address.',
  ]);
});

test.each([
  [10, 4, true],
  [100, 79, true],
  [100, 80, false],
  [10, 5, false],
  [10, 12, false],
  [0, 0, false],
])('from %i to %i pages counts as a collapse: %s', (before, after, collapse) => {
  expect(collapseFault(before, after) !== null).toBe(collapse);
});

test('finds the same in a site that follows a sound one, whatever changed', () => {
  const names = ['index.html', 'a/index.html', 'b/index.html', 'b', 'c/index.html', 'd.pdf'];
  const hrefs = ['/', '/a/', '/a', '/b/#one', '../b/', '/b', '/c/#two', '/old/#one', '/d.pdf', '#one'];
  const pageOf = fc
    .record({ ids: fc.subarray(['one', 'two']), links: fc.subarray(hrefs) })
    .map(({ ids, links }) =>
      page(
        'T',
        [...ids.map((id) => `<p id="${id}">x</p>`), ...links.map((href) => `<a href="${href}">x</a>`)].join(
          '',
        ),
      ),
    );
  const redirects = fc.subarray([
    { from: '/old/', to: '/b/' },
    { from: '/c/', to: '/a/' },
  ]);
  const changes = fc.dictionary(fc.constantFrom(...names), fc.option(pageOf), { noNullPrototype: true });
  const siteOf = (
    files: Record<string, string>,
    facts: BuiltSite['pages'],
    moved: typeof content.redirects,
  ) => ({
    content: { ...content, redirects: moved },
    files: new Set(Object.keys(files)),
    pages: facts,
    siteUrl: null,
  });
  const content = { ...contentOf({}), pages: [{ path: '/', title: 'T' }] };
  const factsOf = (files: Record<string, string>) =>
    new Map(
      Object.entries(files).flatMap(([name, html]) =>
        name.endsWith('.html') ? [[name, readPage(html)] as const] : [],
      ),
    );
  let sounds = 0;
  fc.assert(
    fc.property(fc.array(fc.tuple(changes, redirects), { minLength: 2, maxLength: 12 }), (steps) => {
      let files: Record<string, string> = {};
      let facts: BuiltSite['pages'] = new Map();
      let sound: ReturnType<typeof examine> | null = null;
      for (const [change, moved] of steps) {
        const next = Object.entries({ ...files, ...change }).flatMap(([name, html]) =>
          html === null ? [] : [[name, html] as const],
        );
        const same: Record<string, string> = files;
        const before: BuiltSite['pages'] = facts;
        files = Object.fromEntries(next);
        facts = new Map(
          [...factsOf(files)].map(([name, read]) => [
            name,
            same[name] === files[name] ? (before.get(name) ?? read) : read,
          ]),
        );
        const site = siteOf(files, facts, moved);
        const found: ReturnType<typeof examine> = examine(site, sound);
        expect(found.faults).toEqual(examine(site).faults);
        if (found.faults.length > 0) continue;
        sound = found;
        sounds += 1;
      }
    }),
    { numRuns: 2_000 },
  );
  expect(sounds).toBeGreaterThan(100);
});
