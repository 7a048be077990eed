import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshSettings, removeData, type Settings } from '../cms.ts';

const CMS = resolve(import.meta.dirname, '../..');
const POSTS = 5_000;
/** Megabytes. The export alone is 150 MB, and Strapi needs some 100 for itself. */
const HEAP = 256;

let folder: string;
let settings: Settings;

beforeAll(async () => {
  settings = await freshSettings();
  folder = await mkdtemp(join(tmpdir(), 'meridian-import-'));
  const file = createWriteStream(join(folder, 'export.xml'));
  const write = async (text: string): Promise<void> => {
    if (!file.write(text)) await once(file, 'drain');
  };
  await write('<rss><channel><wp:base_blog_url>https://old.example</wp:base_blog_url>\n');
  const paragraph = `<p>${'Plain words about walking and rest. '.repeat(80)}</p>\n`;
  for (let id = 1; id <= POSTS; id += 1) {
    await write(
      `<item><title>Post ${String(id)}</title><link>https://old.example/post-${String(id)}/</link><wp:post_id>${String(id)}</wp:post_id>` +
        `<wp:post_type>post</wp:post_type><wp:status>publish</wp:status><excerpt:encoded>Words.</excerpt:encoded>` +
        `<content:encoded><![CDATA[<p><a href="/post-${String((id % POSTS) + 1)}/">Next</a></p>${paragraph.repeat(10)}]]></content:encoded></item>\n`,
    );
  }
  await write('</channel></rss>\n');
  file.end();
  await once(file, 'close');
});
afterAll(async () => {
  await removeData(settings);
  await rm(folder, { recursive: true });
});

function startImport() {
  const child = spawn(
    process.execPath,
    [`--max-old-space-size=${String(HEAP)}`, join(CMS, 'dist/src/cli/import.js'), join(folder, 'export.xml')],
    { cwd: CMS, env: { PATH: process.env['PATH'] ?? '', ...settings }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  }
  return { child, closed: once(child, 'close') as Promise<[number | null]>, output: () => output };
}

function read(query: string): number {
  const file = join(settings['DATA_DIR'] ?? '', 'cms.sqlite');
  if (!existsSync(file)) return 0;
  const database = new DatabaseSync(file, { readOnly: true, timeout: 10_000 });
  try {
    return Number(Object.values(database.prepare(query).get() ?? {})[0]);
  } catch (error) {
    if (error instanceof Error && error.message.includes('no such table')) return 0;
    throw error;
  } finally {
    database.close();
  }
}
const articles = (): number => read('SELECT COUNT(*) FROM articles');

it('brings 5,000 posts in once each within a bounded memory, though it is killed on the way', async () => {
  await startAndKillAt(1);
  for (const part of [0.1, 0.3, 0.6]) await startAndKillAt(POSTS * part);
  const { closed, output } = startImport();
  const [code] = await closed;
  expect(code, output()).toBe(0);
  expect(articles()).toBe(POSTS);
  expect(read('SELECT COUNT(DISTINCT slug) FROM articles')).toBe(POSTS);
  expect(read('SELECT COUNT(*) FROM import_sources')).toBe(POSTS);
  expect(read('SELECT COUNT(*) FROM components_section_rich_texts')).toBe(POSTS);
  expect(
    read("SELECT COUNT(*) FROM components_section_rich_texts WHERE body LIKE '[Next](entry:article/%'"),
  ).toBe(POSTS);

  const again = startImport();
  expect((await again.closed)[0], again.output()).toBe(0);
  expect(again.output()).toContain('- 5,000 articles: as they were at the last import');
});

/** Ends an import as a power cut would, as soon as so many articles are there. */
async function startAndKillAt(count: number): Promise<void> {
  const { child, closed, output } = startImport();
  while (articles() < count) {
    if (child.exitCode !== null) throw new Error(output());
    await new Promise((done) => setTimeout(done, 50));
  }
  child.kill('SIGKILL');
  await closed;
  expect(articles()).toBe(read('SELECT COUNT(*) FROM import_sources'));
}
