import { expect, test } from 'vitest';
import { testEntries, testLibrary } from '../../../test/library.ts';
import { allViews, assemblePages } from '../../content/assemble/assemble.ts';
import { releaseManifest } from '../../content/release-manifest.ts';
import { feed } from './feed.ts';
import { shortened } from './plain-text.ts';
import { sitemap } from './sitemap.ts';
import { escapeXml } from './xml.ts';

async function site() {
  const { library } = testLibrary(await testEntries());
  return { library, views: allViews(assemblePages(library)) };
}

test('the sitemap lists every page that may be listed, with the day of its last change', async () => {
  const { library, views } = await site();
  const text = sitemap(views, library);
  expect(text).toContain(
    '<url><loc>https://clinic.example/articles/needles/</loc><lastmod>2026-01-01T00:00:00.000Z</lastmod></url>',
  );
  expect(text).not.toContain('/search/');
  expect(text).not.toContain('404');
  expect(text).not.toContain('/consultation/requested/');
  expect(text.match(/<loc>/g)).toHaveLength(views.length - 2);
});

test('the feed escapes what staff write', async () => {
  const { library } = await site();
  expect(feed(library)).toContain('<title>Needles &amp; nerves</title>');
  expect(feed(library)).toContain('<description>What &lt;needles&gt; do.</description>');
});

test('the release says what the server needs to know', async () => {
  const { library, views } = await site();
  const manifest = releaseManifest(7, library, views, [{ from: '/old/', to: '/articles/needles/' }]);
  expect(manifest.clinic).toMatchObject({ name: 'Test Clinic', timeZone: 'America/Los_Angeles' });
  expect(manifest.pages).toContainEqual({
    path: '/articles/needles/',
    title: 'Needles & nerves | Test Clinic',
  });
  expect(manifest.redirects).toEqual([{ from: '/old/', to: '/articles/needles/' }]);
});

test('XML holds no character that it does not know', () => {
  expect(escapeXml('a\u0000b\uFFFE & "c"')).toBe('ab &amp; &quot;c&quot;');
});

test('a long description ends between words', () => {
  expect(shortened('word '.repeat(60))).toBe(`${'word '.repeat(39).trim()}…`);
  expect(shortened('  short\n text ')).toBe('short text');
});
