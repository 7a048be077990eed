import { appendFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Cost, measureRun, type Output, outputOf } from './measure.ts';
import { benchDir, environment, type Tool } from './tools.ts';

export interface EleventyResult {
  readonly cold: Cost;
  /** After one article changed. Eleventy 3 then builds everything again: its `--incremental=FILE` cannot do lists in pages. */
  readonly rebuild: Cost;
  readonly output: Output;
}

// The layout and lists that a plain site of articles has; no picture, search, feed or check of links.
const config = `export default function (eleventyConfig) {
  eleventyConfig.addCollection('articles', (api) => api.getFilteredByGlob('**/content/*.md'));
  return { markdownTemplateEngine: false, dir: { input: '.', includes: 'layouts', output: 'site' } };
}
`;
const layout = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{ title }}</title><meta name="description" content="{{ summary }}">
<link rel="canonical" href="https://clinic.example{{ page.url }}"><link rel="stylesheet" href="/style.css">
</head>
<body>
<header><a href="/">Clinic</a><nav><a href="/articles/">Articles</a> <a href="/consultation/">Visit us</a></nav></header>
<main><h1>{{ title }}</h1><p>{{ summary }}</p>
{{ content | safe }}
</main>
<footer><p>Address, hours and telephone</p></footer>
</body>
</html>
`;
const list = `---
pagination: { data: collections.articles, size: 12, alias: items }
permalink: "/articles/{% if pagination.pageNumber > 0 %}page/{{ pagination.pageNumber + 1 }}/{% endif %}"
layout: article.njk
title: Articles
summary: All articles
---
<ul>{% for item in items %}<li><a href="{{ item.url }}">{{ item.data.title }}</a><p>{{ item.data.summary }}</p></li>{% endfor %}</ul>
`;
const sitemap = `---
permalink: /sitemap.xml
---
<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{% for item in collections.articles %}
<url><loc>https://clinic.example{{ item.url }}</loc></url>{% endfor %}
</urlset>
`;

/**
 * Builds articles with Eleventy: all of them, and once more after one changed.
 *
 * @param markdown folder of Markdown files with front matter
 * @param folder where the site is made; must not exist yet
 * @param changed name of the file that changes
 */
export async function measureEleventy(
  eleventy: Tool,
  markdown: string,
  folder: string,
  changed: string,
): Promise<EleventyResult> {
  mkdirSync(join(folder, 'layouts'), { recursive: true });
  cpSync(markdown, join(folder, 'content'), { recursive: true });
  const files = {
    'package.json': '{"private":true,"type":"module"}',
    'eleventy.config.js': config,
    'layouts/article.njk': layout,
    'content/content.json': '{"layout":"article.njk"}',
    'articles.njk': list,
    'sitemap.njk': sitemap,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const build = () =>
    measureRun(
      {
        name: 'Eleventy',
        program: process.execPath,
        args: [join(eleventy.folder, 'cmd.cjs'), '--quiet'],
        cwd: folder,
        env: environment({ NODE_ENV: 'production' }),
        output: { log: join(benchDir, 'eleventy.log') },
      },
      `All of the output is in ${join(benchDir, 'eleventy.log')}.`,
    );
  const cold = await build();
  const output = outputOf(join(folder, 'site'));
  appendFileSync(join(folder, 'content', changed), '\nOne more sentence.\n');
  return { cold, rebuild: await build(), output };
}
