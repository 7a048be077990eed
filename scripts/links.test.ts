import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deadDocLinks } from './links.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-links-'));
  mkdirSync(join(folder, 'docs'));
  writeFileSync(join(folder, 'docs', 'guide.md'), '# The guide\n\n## How to start, quickly\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('accepts links to files, headings and other sites', () => {
  writeFileSync(
    join(folder, 'README.md'),
    '# Hello\n[a](docs/guide.md) [b](docs/guide.md#how-to-start-quickly) [c](#hello) [d](https://example.org/x)',
  );
  expect(deadDocLinks(folder)).toEqual([]);
});

test('names the page and the target of each dead link', () => {
  writeFileSync(join(folder, 'README.md'), '[a](docs/gone.md) ![b](picture.png) [c](docs/guide.md#gone)');
  expect(deadDocLinks(folder)).toEqual([
    'README.md: "docs/gone.md" leads to docs/gone.md, which does not exist.',
    'README.md: "picture.png" leads to picture.png, which does not exist.',
    'README.md: "docs/guide.md#gone" leads to a heading that docs/guide.md does not have.',
  ]);
});

test('leaves code alone', () => {
  writeFileSync(join(folder, 'README.md'), '```md\n[a](gone.md)\n```\n`[b](gone.md)`');
  expect(deadDocLinks(folder)).toEqual([]);
});
