import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshSettings, removeData, runCms, startCms, type Cms } from '../cms.ts';
import { call, logInOwner } from '../people.ts';

const PICTURE = join(import.meta.dirname, '../../content/media/coast-path.webp');

const WXR = (
  away: string,
  walking = 'A walk a day helps many backs.',
) => `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><link>https://old.example</link><wp:base_blog_url>https://old.example</wp:base_blog_url>
<wp:author><wp:author_login>ana</wp:author_login><wp:author_email>ana@old.example</wp:author_email><wp:author_display_name>Ana Sample</wp:author_display_name></wp:author>
<wp:category><wp:category_nicename>walking</wp:category_nicename><wp:cat_name>Walking</wp:cat_name><wp:category_description>All about walking.</wp:category_description></wp:category>
<item><title>Walking well</title><link>https://old.example/2019/03/walking-w%C3%A8ll/</link><dc:creator>ana</dc:creator>
<content:encoded><![CDATA[${walking}

Second <b>paragraph</b> with a <a href="https://www.old.example/about/">link</a> and <a href="/gone/">another</a>.

[caption id="x"]<a href="https://old.example/wp-content/uploads/2019/03/coast.webp"><img src="https://old.example/wp-content/uploads/2019/03/coast-300x200.webp"></a> By the sea[/caption]
<img src="${away}/tracker.jpg" alt="A dot"><img src="../../../../../etc/passwd.png"><img src="/wp-content/uploads/page.jpg"><img src="/wp-content/uploads/cut.webp">

<h3>Why walk</h3>
It takes 10<sup>3</sup> steps.
[contact-form-7 id="5"]<script>alert(1)</script>]]></content:encoded>
<excerpt:encoded>A walk a day.</excerpt:encoded><wp:post_id>5</wp:post_id><wp:post_name>walking-well</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
<category domain="category" nicename="walking">Walking</category>
<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>7</wp:meta_value></wp:postmeta></item>
<item><title>About</title><link>https://old.example/about/</link><content:encoded><![CDATA[<!-- wp:paragraph --><p>About us</p><!-- /wp:paragraph -->]]></content:encoded><wp:post_id>6</wp:post_id><wp:post_name>about</wp:post_name><wp:status>publish</wp:status><wp:post_type>page</wp:post_type>
<wp:comment><wp:comment_author>Pat Canary</wp:comment_author></wp:comment></item>
<item><title>coast</title><wp:post_id>7</wp:post_id><wp:post_type>attachment</wp:post_type><wp:status>inherit</wp:status><wp:attachment_url>https://old.example/wp-content/uploads/2019/03/coast.webp</wp:attachment_url><wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key><wp:meta_value>A coast</wp:meta_value></wp:postmeta></item>
</channel></rss>
`;

const TEXT = `Good posture is a habit, and habits take time.

Sitting With Ease

Put both feet on the floor.

Small steps first

Move every half hour.
`;

let cms: Cms;
let owner: string;
let folder: string;
let listener: Server;
const heard: string[] = [];

beforeAll(async () => {
  listener = createServer((request, response) => {
    heard.push(request.url ?? '');
    response.end();
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  folder = await mkdtemp(join(tmpdir(), 'meridian-import-'));
  await mkdir(join(folder, 'old/wp-content/uploads/2019/03'), { recursive: true });
  await copyFile(PICTURE, join(folder, 'old/wp-content/uploads/2019/03/coast.webp'));
  await writeFile(join(folder, 'old/page.jpg'), '<html><script>alert(1)</script></html>');
  await writeFile(join(folder, 'old/cut.webp'), (await readFile(PICTURE)).subarray(0, 2000));
  await writeFile(join(folder, 'old/export.xml'), WXR(away()));
  await writeFile(join(folder, 'old/sitting-with-ease.txt'), TEXT);
  cms = await startCms(await freshSettings());
  owner = await logInOwner(cms);
});
afterAll(async () => {
  await cms.stop();
  listener.close();
  await removeData(cms.settings);
  await rm(folder, { recursive: true });
});

const away = (): string => `http://127.0.0.1:${String((listener.address() as AddressInfo).port)}`;
const admin = async <Body>(method: string, path: string, body?: unknown): Promise<Body> => {
  const answer = await call(cms, method, `/content-manager/${path}`, owner, body);
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer.body as Body;
};
interface Entry {
  documentId: string;
  slug: string;
  status: string;
}
const list = async (type: string): Promise<Entry[]> =>
  (await admin<{ results: Entry[] }>('GET', `collection-types/api::${type}.${type}?pageSize=100`)).results;
const counts = async () =>
  Object.fromEntries(
    await Promise.all(
      ['article', 'page', 'topic', 'provider'].map(async (type) => [type, (await list(type)).length]),
    ),
  ) as Record<string, number>;
const files = async (): Promise<unknown[]> =>
  (await call(cms, 'GET', '/upload/files?pageSize=100', owner)).body as unknown[];

/** Runs the command beside the running CMS. @returns what it printed, and its report without the time */
async function runImport(...options: string[]): Promise<{ output: string; report: string }> {
  const { code, output } = await runCms('import', cms.settings, join(folder, 'old'), ...options);
  expect(code, output).toBe(0);
  const reports = join(cms.settings['DATA_DIR'] ?? '', 'imports');
  const newest = (await readdir(reports)).sort().at(-1) ?? '';
  const report = await readFile(join(reports, newest), 'utf8');
  return {
    output,
    report: report.replace(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/, 'TIME').replaceAll(away(), 'AWAY'),
  };
}

const REPORT = `# Import of old

TIME

- 1 topic, 2 articles, 1 page: came as drafts
- 1 picture: uploaded
- 1 redirect from old addresses
- 3 things to look at

## What needs a person

- Topic "Walking"
  - It came as a condition. Say whether it is a treatment or a condition.
- Article "Walking well"
  - The shortcode [contact-form-7 id="5"] was taken out. Put in what it showed, if it is missed.
  - The link to /gone/ leads to a page that did not come: it still names its old address. Change it.
  - A script was cut out.
  - The picture AWAY/tracker.jpg did not come: it is not among the files, and its host was not named with --fetch-images-from.
  - The picture ../../../../../etc/passwd.png did not come: it is not among the files, and its host was not named with --fetch-images-from.
  - The picture /wp-content/uploads/page.jpg did not come: it is no JPEG, PNG, WebP or AVIF. Convert it first.
  - The picture /wp-content/uploads/cut.webp did not come: its file is damaged.
  - Its author "Ana Sample" is no provider here and was left out. If it is one, import again with --provider "Ana Sample".
- Article "Sitting with ease"
  - "Small steps first" may be a heading: it came as a paragraph.
  - It has no title: "Sitting with ease" was made from the name of the file.
  - It has no summary. Write two or three plain sentences.

## What was changed

- Article "Walking well"
  - The link to https://www.old.example/about/ names the entry that came with it.
  - The levels of the headings were moved so that the highest begins a section.

## What did not come

- export.xml: comment (1)

## Old addresses

- /2019/03/walking-w%C3%A8ll/ → /articles/walking-well/

## What came

- Topic "Walking": new (https://old.example/2019/03/walking-w%C3%A8ll/)
- Article "Walking well": new (https://old.example/2019/03/walking-w%C3%A8ll/)
- Page "About": new (https://old.example/about/)
- Article "Sitting with ease": new (sitting-with-ease.txt)
`;

describe('npm run import, beside a running CMS', () => {
  it('changes nothing in a dry run, and reports what would come', async () => {
    const { report } = await runImport('--dry-run');
    expect(await counts()).toEqual({ article: 0, page: 0, topic: 0, provider: 0 });
    expect(await files()).toEqual({ results: [], pagination: expect.anything() as unknown });
    expect(report).toBe(
      REPORT.replace('TIME', 'TIME · dry run: nothing was written to the CMS').replace(
        '1 picture: uploaded',
        '1 picture: would be uploaded',
      ),
    );
  });

  it('brings everything in as drafts, with a report, and asks no host', async () => {
    const { output, report } = await runImport();
    expect(report).toBe(REPORT);
    expect(output).toContain('- 1 topic, 2 articles, 1 page: came as drafts');
    expect(output).toMatch(/The whole report: .*imports/);
    expect(`${output}${report}`).not.toMatch(/Pat Canary|ana@old/);
    expect(heard).toEqual([]);

    const articles = await list('article');
    expect(articles.map(({ slug, status }) => `${slug} ${status}`).sort()).toEqual([
      'sitting-with-ease draft',
      'walking-well draft',
    ]);
    const walking = articles.find(({ slug }) => slug === 'walking-well')?.documentId ?? '';
    const page = (await list('page'))[0]?.documentId ?? '';
    const { data } = await admin<{ data: Record<string, unknown> }>(
      'GET',
      `collection-types/api::article.article/${walking}`,
    );
    expect(data).toMatchObject({
      title: 'Walking well',
      summary: 'A walk a day.',
      heroImage: { name: 'coast.webp', alternativeText: 'A coast', mime: 'image/webp' },
      sections: [
        {
          __component: 'section.rich-text',
          heading: null,
          body: `A walk a day helps many backs.\n\nSecond **paragraph** with a [link](entry:page/${page}) and [another](https://old.example/gone/).`,
        },
        { __component: 'section.image', image: { name: 'coast.webp' }, caption: 'By the sea' },
        { __component: 'section.rich-text', heading: 'Why walk', body: 'It takes 10³ steps.' },
      ],
    });
  });

  it('updates only what no person has worked on, and publishes what passes', async () => {
    const sitting = (await list('article')).find(({ slug }) => slug === 'sitting-with-ease');
    await admin('PUT', `collection-types/api::article.article/${sitting?.documentId ?? ''}`, {
      title: 'Sitting, by hand',
      slug: 'sitting-with-ease',
    });
    await writeFile(join(folder, 'old/sitting-with-ease.txt'), `${TEXT}\nOne more paragraph of words.\n`);
    await writeFile(join(folder, 'old/export.xml'), WXR(away(), 'New words about walking.'));
    await writeFile(join(folder, 'old/no-summary.md'), '# Lying down\n\nWords.\n');

    const { report } = await runImport('--publish');
    expect(report).toContain('- 1 topic, 1 page: as they were at the last import\n');
    expect(report).toContain('- 1 article: written anew, for their sources had changed\n');
    expect(report).toContain('- 1 article: left alone, for somebody has worked on them since\n');
    expect(report).toContain('- 3 entries: published\n');
    expect(report).toContain(
      '- Article "Sitting with ease"\n  - Its source has changed, and so has its draft: compare the two.\n',
    );
    expect(report).toContain('  - It was not published. summary');
    expect(report).not.toContain('came as drafts, published');
    // The old address of the article is there already, in the form that redirects have.
    expect(report).not.toContain('no redirect');
    const states = (await list('article')).map(({ slug, status }) => `${slug} ${status}`);
    expect(states.sort()).toEqual(['lying-down draft', 'sitting-with-ease draft', 'walking-well published']);
    expect((await files()) as unknown).toMatchObject({ pagination: { total: 1 } });
    const { data } = await admin<{ data: { title: string } }>(
      'GET',
      `collection-types/api::article.article/${sitting?.documentId ?? ''}`,
    );
    expect(data.title).toBe('Sitting, by hand');
    expect(heard).toEqual([]);
  });
});
