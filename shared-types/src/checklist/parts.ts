import { contentTypes, type ContentTypeName } from '../generated/index.ts';
import type { ContentType } from '../content-type.ts';

/**
 * An entry as the checklist takes it: what the contract gives, a draft of the CMS that lacks fields, or what stands in
 * the form of the admin. Relations are document ids or objects that hold one.
 */
export type Entry = Readonly<Record<string, unknown>>;

/** A text of an entry, with its field. */
export interface TextPart {
  path: string;
  text: string;
}

/** A picture of an entry, with its field. */
export interface PicturePart {
  path: string;
  documentId: string;
  alternativeText: string | null;
}

/** A relation of an entry, with its field. */
export interface RelationPart {
  path: string;
  type: string;
  documentId: string;
}

/** What an entry is made of, each with its field. */
export interface Parts {
  /** Markdown. */
  passages: TextPart[];
  /** Text without marks, addresses and slugs excepted. */
  texts: TextPart[];
  /** Addresses of links in fields of their own. */
  links: TextPart[];
  pictures: PicturePart[];
  relations: RelationPart[];
}

/** Deeper than any entry goes, so that what is not one ends. */
export const deepest = 12;
/** Fields that hold no words for readers. */
const notWords = new Set(['slug', 'documentId', '__component', '__temp_key__', 'locale', 'status']);

/** The content type of a name; undefined for one that the contract does not know. */
export function typeOf(name: string): ContentType | undefined {
  return Object.hasOwn(contentTypes, name) ? contentTypes[name as ContentTypeName] : undefined;
}

/** Takes an entry apart. Whatever it holds, nothing is thrown. */
export function partsOf(type: string, entry: Entry): Parts {
  const known = typeOf(type);
  const markdown = new Set(known?.markdown);
  const parts: Parts = { passages: [], texts: [], links: [], pictures: [], relations: [] };
  const related = new Set(known?.relations.map(({ path }) => path));

  const visit = (value: unknown, path: string, pattern: string, depth: number): void => {
    if (depth > deepest) return;
    if (typeof value === 'string') {
      const field = path.slice(path.lastIndexOf('.') + 1);
      if (markdown.has(pattern)) parts.passages.push({ path, text: value });
      else if (field === 'url') parts.links.push({ path, text: value });
      else if (!notWords.has(field)) parts.texts.push({ path, text: value });
    } else if (Array.isArray(value)) {
      value.forEach((item, index) =>
        visit(item, join(path, String(index)), `${pattern}[${componentOf(item)}]`, depth + 1),
      );
    } else if (isRecord(value)) {
      if (isPicture(value)) {
        parts.pictures.push({
          path,
          documentId: textIn(value, 'documentId') ?? '',
          alternativeText: textIn(value, 'alternativeText'),
        });
        return;
      }
      for (const [name, inner] of Object.entries(value)) {
        if (depth === 0 && related.has(name)) continue;
        visit(inner, join(path, name), join(pattern, name), depth + 1);
      }
    }
  };
  visit(entry, '', '', 0);

  for (const { path, target } of known?.relations ?? []) {
    const value = entry[path];
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) {
      const documentId = documentIdOf(item);
      // Strapi shows the errors of a relation at the field, not at an item of its list.
      if (documentId !== null) parts.relations.push({ path, type: target, documentId });
    }
  }
  return parts;
}

/** The sections of an entry, each with its field; empty for what is none. */
export function sectionsOf(entry: Entry): { path: string; section: Entry }[] {
  const { sections } = entry;
  if (!Array.isArray(sections)) return [];
  return sections.map((section: unknown, index) => ({
    path: `sections.${index}`,
    section: isRecord(section) ? section : {},
  }));
}

/** A text of an entry without the white space around it; '' when there is none. */
export function textAt(entry: Entry, field: string): string {
  return textIn(entry, field)?.trim() ?? '';
}

/** The items of a list; empty for what is none. */
export function itemsAt(entry: Entry, field: string): unknown[] {
  const value = Object.hasOwn(entry, field) ? entry[field] : undefined;
  return Array.isArray(value) ? value : [];
}

export function isRecord(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPicture(value: Entry): boolean {
  return typeof value['mime'] === 'string' && typeof value['url'] === 'string';
}

function componentOf(item: unknown): string {
  return isRecord(item) ? (textIn(item, '__component') ?? '') : '';
}

function documentIdOf(item: unknown): string | null {
  if (typeof item === 'string') return item === '' ? null : item;
  return isRecord(item) ? textIn(item, 'documentId') : null;
}

function textIn(entry: Entry, field: string): string | null {
  const value = Object.hasOwn(entry, field) ? entry[field] : undefined;
  return typeof value === 'string' ? value : null;
}

function join(path: string, step: string): string {
  return path === '' ? step : `${path}.${step}`;
}
