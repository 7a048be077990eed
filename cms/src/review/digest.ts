import { createHash } from 'node:crypto';
import type { Content } from '../entries/content.ts';

/** What of an article patients read as its text. Address, topics, author and lists are not what a reviewer vouches for. */
const READ_BY_PATIENTS = ['title', 'summary', 'heroImage', 'sections', 'references'];
const READ_BY_SEARCHERS = ['title', 'description'];

/**
 * A digest of what patients read of an article: text, sections, pictures with their descriptions, references and the
 * words for search engines. The same for draft and published row. What is empty or false counts as absent, so that a
 * field that is added to the schema changes no digest.
 */
export function digestOf(content: Content): string {
  const seo = (content['seo'] ?? {}) as Content;
  const read = [
    ...READ_BY_PATIENTS.map((name) => [name, canonical(content[name])]),
    ...READ_BY_SEARCHERS.map((name) => [`seo.${name}`, canonical(seo[name])]),
  ];
  return createHash('sha256').update(JSON.stringify(read)).digest('base64url');
}

function canonical(value: unknown): unknown {
  if (typeof value === 'string') return value === '' ? null : value.replaceAll('\r\n', '\n');
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(canonical);
  if (typeof value !== 'object' || value === null) return value === false ? null : (value ?? null);
  // A file's name is the library's affair; its content, description and caption are what patients get.
  const isFile = 'documentId' in value;
  const fields = Object.entries(value)
    .filter(([name]) => !(isFile && name === 'name'))
    .map(([name, each]): [string, unknown] => [name, canonical(each)])
    .filter(([, each]) => each !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return fields.length === 0 ? null : fields;
}
