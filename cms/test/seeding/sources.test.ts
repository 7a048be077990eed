import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEntryFile, readEntryFiles, type Values } from '../../src/seeding/files.ts';

const CONTENT = resolve(import.meta.dirname, '../../content');

/** Values of one entry's table in SOURCES.md, by field. */
async function sourcedValues(file: string): Promise<Map<string, string[]>> {
  const text = await readFile(resolve(CONTENT, 'SOURCES.md'), 'utf8');
  const section = text.split(/^## /m).find((part) => part.split('\n')[0]?.includes(file)) ?? '';
  const rows = [...section.matchAll(/^\| `(\w+)`\s*\| (.+?)\s*\| (.+?)\s*\|$/gm)];
  const values = new Map<string, string[]>();
  for (const [, field = '', value = '', source = ''] of rows) {
    expect(source.length, `${file} ${field} has a source`).toBeGreaterThan(5);
    values.set(field, [...(values.get(field) ?? []), value]);
  }
  return values;
}

function texts(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(texts);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(texts);
  return [String(value)];
}

describe.each([
  ['clinic.yaml', ['name', 'telephone', 'timeZone', 'tagline', 'areasServed']],
  ['providers/hyun-bae.yaml', ['name', 'jobTitle', 'boardCertifications', 'specialties', 'areasServed']],
])('the starting content in %s', (file, literal) => {
  const read = async (): Promise<Values> => (await readEntryFile(CONTENT, resolve(CONTENT, file))).values;

  it('has a source for every field, and no source without a field', async () => {
    const fields = Object.keys(await read()).filter((field) => field !== 'slug');
    expect([...(await sourcedValues(file)).keys()].sort()).toEqual(fields.sort());
  });

  it('says exactly what its sources are listed for', async () => {
    const values = await read();
    const sources = await sourcedValues(file);
    for (const field of literal) expect(sources.get(field), field).toEqual(texts(values[field]));
  });
});

describe('the starting articles', () => {
  it('claim no review and no author', async () => {
    const articles = await readEntryFiles(CONTENT, 'articles');
    expect(articles.length).toBeGreaterThanOrEqual(5);
    for (const { file, values } of articles) {
      for (const field of ['author', 'reviewer', 'reviewedOn', 'nextReviewDue']) {
        expect(values[field] ?? null, `${file} ${field}`).toBeNull();
      }
    }
  });

  it('name only references that SOURCES.md tells of', async () => {
    const sources = await readFile(resolve(CONTENT, 'SOURCES.md'), 'utf8');
    for (const { file, values } of await readEntryFiles(CONTENT, 'articles')) {
      for (const { title, url } of (values['references'] ?? []) as { title: string; url: string }[]) {
        const told = sources.includes(url) || sources.includes(title.slice(0, 25));
        expect(told, `${file}: ${title}`).toBe(true);
      }
    }
  });

  it('describe every picture', async () => {
    const { values } = await readEntryFile(CONTENT, resolve(CONTENT, 'media/index.yaml'));
    for (const [name, info] of Object.entries(values)) {
      expect((info as { alternativeText: string }).alternativeText.length, name).toBeGreaterThan(20);
    }
  });
});
