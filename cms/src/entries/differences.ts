import { isDeepStrictEqual } from 'node:util';
import { diffArrays } from 'diff';
import type { Content, EntryReference, FileReference } from './content.ts';
import type { Labels } from './labels.ts';
import type { Attribute, Attributes } from './model.ts';

/** One field that is not the same in two contents, as text that staff can read. */
export interface Difference {
  /** The field of the entry itself within which it lies. */
  field: string;
  /** Where it is, in the words of the form: `Sections › 2. Text › Heading`. */
  label: string;
  /** Null: there was nothing. */
  before: string | null;
  /** Null: there is nothing any more. */
  after: string | null;
}

/** What {@link differences} has to know of a type. */
export interface Description {
  uid: string;
  attributesOf: (uid: string) => Attributes;
  labels: Labels;
}

/** More insertions and removals than this in one list are not sorted out: items are compared one by one. */
const MOST_EDITS = 400;

/** Every field in which two contents of one type differ, in the order of the schema; components field by field. */
export function differences(before: Content, after: Content, description: Description): Difference[] {
  const { uid, attributesOf, labels } = description;
  return fieldDifferences(uid, before, after, [], null);

  function fieldDifferences(
    model: string,
    left: Content,
    right: Content,
    path: readonly string[],
    root: string | null,
  ): Difference[] {
    return Object.entries(attributesOf(model)).flatMap(([name, attribute]) => {
      const here = [...path, labels.field(model, name)];
      const field = root ?? name;
      const [from, to] = [left[name] ?? null, right[name] ?? null];
      if (isDeepStrictEqual(from, to)) return [];
      if (attribute.type === 'dynamiczone' || attribute.repeatable === true) {
        return listDifferences(attribute, contents(from), contents(to), here, field);
      }
      if (attribute.type === 'component' && from !== null && to !== null) {
        return fieldDifferences(attribute.component ?? '', from as Content, to as Content, here, field);
      }
      return difference(field, here, textOf(attribute, from), textOf(attribute, to));
    });
  }

  /**
   * Items that stayed the same are found first. Of the others at one place, those of one kind are taken for the same
   * item, in their order. What is gone is told with the number that it had, all else with the number that it has.
   */
  function listDifferences(
    attribute: Attribute,
    left: Content[],
    right: Content[],
    path: readonly string[],
    field: string,
  ): Difference[] {
    const changes = diffArrays(left, right, { comparator: isDeepStrictEqual, maxEditLength: MOST_EDITS }) ?? [
      { value: left, removed: true, added: false },
      { value: right, removed: false, added: true },
    ];
    const placed = (item: Content, number: number): string[] => [
      ...path,
      attribute.type === 'dynamiczone'
        ? `${String(number)}. ${labels.component(kindOf(attribute, item))}`
        : String(number),
    ];
    const whole = (item: Content): string => componentText(kindOf(attribute, item), item);
    const found: Difference[] = [];
    let [before, after] = [0, 0];
    let removed: Content[] = [];
    const goneUntil = (count: number): void => {
      for (const item of removed.splice(0, count)) {
        before += 1;
        found.push(...difference(field, placed(item, before), whole(item), null));
      }
    };
    const settle = (added: Content[]): void => {
      for (const item of added) {
        after += 1;
        const kind = kindOf(attribute, item);
        const match = removed.findIndex((each) => kindOf(attribute, each) === kind);
        if (match === -1) {
          found.push(...difference(field, placed(item, after), null, whole(item)));
          continue;
        }
        goneUntil(match);
        before += 1;
        found.push(...fieldDifferences(kind, removed.shift() ?? {}, item, placed(item, after), field));
      }
      goneUntil(removed.length);
    };
    for (const { value, added, removed: gone } of changes) {
      if (gone) removed = [...value];
      else if (added) settle(value);
      else {
        settle([]);
        before += value.length;
        after += value.length;
      }
    }
    settle([]);
    return found;
  }

  function difference(
    field: string,
    path: readonly string[],
    from: string | null,
    to: string | null,
  ): Difference[] {
    return from === to ? [] : [{ field, label: path.join(' › '), before: from, after: to }];
  }

  function textOf(attribute: Attribute, value: unknown): string | null {
    if (value === null || value === '' || value === undefined) return null;
    switch (attribute.type) {
      case 'relation':
        return joined((value as EntryReference[]).map(({ title, documentId }) => title ?? documentId));
      case 'media':
        return joined((value as FileReference[]).map(fileText));
      case 'component':
        return componentText(attribute.component ?? '', value as Content);
      case 'boolean':
        return value === true ? 'Yes' : 'No';
      default:
        return typeof value === 'string' ? value : JSON.stringify(value);
    }
  }

  function componentText(model: string, content: Content): string {
    const lines = Object.entries(attributesOf(model)).flatMap(([name, attribute]) => {
      const value = content[name] ?? null;
      const text =
        attribute.repeatable === true || attribute.type === 'dynamiczone'
          ? joined(contents(value).map((item) => componentText(kindOf(attribute, item), item)))
          : textOf(attribute, value);
      return text === null ? [] : [`${labels.field(model, name)}: ${text}`];
    });
    return lines.length === 0 ? '(empty)' : lines.join('\n');
  }
}

function kindOf(attribute: Attribute, item: Content): string {
  return attribute.type === 'dynamiczone' ? String(item['__component']) : (attribute.component ?? '');
}

function contents(value: unknown): Content[] {
  return Array.isArray(value) ? (value as Content[]) : [];
}

function joined(texts: readonly string[]): string | null {
  return texts.length === 0 ? null : texts.join('\n');
}

function fileText({ name, alternativeText, caption }: FileReference): string {
  return [
    name,
    alternativeText === null ? 'no alternative text' : `alternative text: ${alternativeText}`,
    ...(caption === null ? [] : [`caption: ${caption}`]),
  ].join('; ');
}
