import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBuildSettings } from '../site/settings.ts';
import { pull } from '../site/src/content/pull/pull.ts';
import { asMarkdown } from './markdown.ts';

// node bench/pull.ts [FOLDER]: pulls all content as a build does, says on stdout how long it took, and writes the
// articles into FOLDER as Markdown files. A program of its own, so that the bench itself stays small.
const begin = performance.now();
const { entries } = await pull(readBuildSettings());
const milliseconds = performance.now() - begin;
const [folder] = process.argv.slice(2);
if (folder !== undefined) {
  mkdirSync(folder, { recursive: true });
  for (const { raw } of entries.article) {
    const { slug, text } = asMarkdown(raw);
    writeFileSync(join(folder, `${slug}.md`), text);
  }
}
console.log(JSON.stringify({ milliseconds, articles: entries.article.length }));
