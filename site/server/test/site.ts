import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ReleaseContent } from '../release/manifest.ts';

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'meridian-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The fictitious clinic of the tests. */
export const clinic: ReleaseContent['clinic'] = {
  name: 'Harbor <Spine> Clinic',
  telephone: '(555) 010-0199',
  timeZone: 'America/Los_Angeles',
  openingHours: [{ dayOfWeek: 'Monday', opens: '09:00:00.000', closes: '18:00:00.000' }],
  closures: [],
};

export const slot = '<!--slot:open-now--><p>Monday, 9 am to 6 pm</p><!--/slot:open-now-->';

/** Text long enough to be worth compressing; the same word always gives the same text. */
export function passage(word: string): string {
  return `<p>${`${word} is written about here in a calm and careful way. `.repeat(40)}</p>`;
}

/** A page with a title and a body. */
export function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><title>${title} | Harbor</title></head><body><h1>${title}</h1>${body}</body></html>`;
}

/** A small complete site. `word` makes all its pages differ from those of another word. */
export function smallSite(word = 'calm'): Record<string, string> {
  return {
    'index.html': page('Home', `${slot}<a href="/articles/">Articles</a>${passage(word)}`),
    'articles/index.html': page(
      'Articles',
      `<a href="/articles/neck-pain/#causes">Neck pain</a>${passage(word)}`,
    ),
    'articles/neck-pain/index.html': page('Neck pain', `<h2 id="causes">Causes</h2>${passage(word)}`),
    'search/index.html': page('Search', passage(word)),
    '404.html': page('Not here', `<p class="own">Our own page</p>${passage(word)}`),
    [`_astro/style.${word}.css`]: `body { color: black } ${'p { margin: 0 } '.repeat(40)}/* ${word} */`,
    'media/dot.webp': `picture of ${word}`,
    'robots.txt': 'User-agent: *\nAllow: /\n',
  };
}

/** What a build of these files says of itself: every `index.html` with its heading. */
export function contentOf(files: Record<string, string>): ReleaseContent {
  const pages = Object.entries(files)
    .filter(([path]) => /(^|\/)index\.html$/.test(path))
    .map(([path, html]) => ({
      path: `/${path.slice(0, -'index.html'.length)}`,
      title: /<h1>(.*?)<\/h1>/.exec(html)?.[1] ?? '',
    }));
  return {
    clinic,
    pages,
    redirects: [],
    revision: 0,
    day: null,
    builtFrom: '',
    contentDigest: '',
    scripts: [],
  };
}

/** Writes a finished build into a new folder and answers where. */
export async function writeDist(
  files: Record<string, string>,
  content: Partial<ReleaseContent> = {},
): Promise<string> {
  const dist = await temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dist, path)), { recursive: true });
    await writeFile(join(dist, path), text);
  }
  await writeFile(join(dist, 'release.json'), JSON.stringify({ ...contentOf(files), ...content }));
  return dist;
}
