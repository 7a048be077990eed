import { valueAt } from '../../issues.ts';
import type { z } from 'zod';
import type { Finding } from '../finding.ts';
import { deepest, type Entry, isRecord, sectionsOf, typeOf } from '../parts.ts';
import type { Rule } from '../rule.ts';
import { isEmptySection } from './sections.ts';

/** What an entry has that nobody fills in. */
const given = {
  documentId: 'draft',
  createdAt: '1970-01-01T00:00:00.000Z',
  updatedAt: '1970-01-01T00:00:00.000Z',
  publishedAt: '1970-01-01T00:00:00.000Z',
};

/** What a field that is not there may mean: nothing, or no items. */
const nothing = [null, []];

/** Fields fit the contract: those that are required are filled in, and none is too long or of the wrong form. */
export const fieldsRule: Rule = ({ type, entry }) => {
  const known = typeOf(type);
  if (known === undefined) return [];
  const draft = { ...(plain(entry) as Entry), ...given } as Record<string, unknown>;
  for (const { path } of known.relations) draft[path] = related(draft[path]);
  const empty = new Set(
    sectionsOf(entry).flatMap(({ path, section }) => (isEmptySection(section) ? [path] : [])),
  );

  return issuesOf(known.schema, draft).flatMap(({ path, message, code }): Finding[] => {
    const steps = path.map(String);
    const field = steps.join('.');
    // Other rules speak of these, and know more.
    if ((field === 'slug' && code !== 'too_big') || empty.has(steps.slice(0, 2).join('.'))) return [];
    // A link to an unsafe address, and an address that names an entry, are for the rule of links.
    if (field.endsWith('url') && !isBlank(valueAt(draft, path)) && message.includes('pattern')) return [];
    const place = { level: 'blocks', path: field } as const;
    if (isBlank(valueAt(draft, path)))
      return [{ ...place, rule: 'field-empty', message: 'is empty.', mend: 'Fill it in.' }];
    return [{ ...place, rule: 'field-form', message: `${uncapitalised(message)}.`, mend: 'Correct it.' }];
  });
};

/** What the contract objects to, after everything that is missing has been given the chance to mean nothing. */
function issuesOf(schema: z.ZodType, draft: Record<string, unknown>): z.core.$ZodIssue[] {
  let issues = schema.safeParse(draft).error?.issues ?? [];
  let missing = issues.map(({ path }) => path).filter((path) => isMissing(valueAt(draft, path)));
  for (const value of nothing) {
    if (missing.length === 0) return issues;
    for (const path of missing) put(draft, path, structuredClone(value));
    issues = schema.safeParse(draft).error?.issues ?? [];
    const still = new Set(issues.map(({ path }) => path.join('.')));
    missing = missing.filter((path) => still.has(path.join('.')));
  }
  return issues;
}

/**
 * A copy to work on, in which text of white space alone is empty and pictures are as the contract knows them. What lies
 * deeper than an entry goes is nothing.
 */
function plain(value: unknown, depth = 0): unknown {
  if (depth > deepest) return null;
  if (typeof value === 'string') return value.trim() === '' ? '' : value;
  if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1));
  if (!isRecord(value)) return value;
  if (typeof value['mime'] === 'string' && typeof value['url'] === 'string') return { ...picture, ...value };
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner, depth + 1)]));
}

/** What the media library knows of a file, and a form may not. */
const picture = {
  alternativeText: null,
  caption: null,
  width: null,
  height: null,
  ext: null,
  focalPoint: null,
};

function related(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(related);
  return typeof value === 'string' && value !== '' ? { documentId: value } : value === '' ? null : value;
}

function isBlank(value: unknown): boolean {
  return (
    value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
  );
}

function put(value: object, path: readonly PropertyKey[], inner: unknown): void {
  const holder = valueAt(value, path.slice(0, -1));
  const key = path.at(-1);
  if (typeof holder === 'object' && holder !== null && key !== undefined) Reflect.set(holder, key, inner);
}

function uncapitalised(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === '';
}
