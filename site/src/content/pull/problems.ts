import {
  type ContentTypeName,
  contentTypes,
  type Entry,
  hasSlug,
  isTimeZone,
  typeNames,
} from '@meridian/shared-types';
import { isReserved, slugKey } from '@meridian/shared-types/checklist';
import type { Problem } from '../../errors.ts';
import { type PulledEntries, type PulledEntry, titleOf } from './entries.ts';

const slugged = typeNames.filter((name) => hasSlug(contentTypes[name]));

/** Relations that lead to no published entry, one line each. */
export function relationProblems(entries: PulledEntries): Problem[] {
  return typeNames.flatMap((name) =>
    contentTypes[name].relations.flatMap(({ path, target }) => {
      const published = new Set(entries[target].map(({ id }) => id));
      return entries[name].flatMap((pulled) =>
        targetsOf(pulled.entry, path)
          .filter((id) => !published.has(id))
          .map((id) =>
            problem(
              name,
              pulled,
              path,
              `leads to the ${target} with document id "${id}", which is not published. Publish it, or take it out of the field.`,
            ),
          ),
      );
    }),
  );
}

/** Slugs that two entries of a type share, whatever their case or Unicode form, and slugs that the site keeps for itself. */
export function slugProblems(entries: PulledEntries): Problem[] {
  return slugged.flatMap((name) => {
    const bySlug = Map.groupBy(entries[name], ({ entry }) => slugKey(slugOf(entry)));
    return [...bySlug].flatMap(([key, twins]) => [
      ...twinProblems(name, twins),
      ...reservedProblems(name, key, twins),
    ]);
  });
}

/** The clinic's time zone when there is none of that name: no day and no hour could be told. */
export function timeZoneProblems(entries: PulledEntries): Problem[] {
  return entries.clinic
    .filter(({ entry }) => !isTimeZone(String(Reflect.get(entry, 'timeZone'))))
    .map((clinic) =>
      problem('clinic', clinic, 'timeZone', 'is no time zone. Write one such as America/Los_Angeles.'),
    );
}

function twinProblems(name: ContentTypeName, twins: readonly PulledEntry[]): Problem[] {
  const [first] = twins;
  if (first === undefined || twins.length < 2) return [];
  const names = twins
    .map(({ entry }) => `${entryName(entry)} (document id "${entry.documentId}")`)
    .join(' and ');
  return [
    {
      type: name,
      documentId: first.id,
      title: titleOf(first.raw),
      text: `${name} ${names} field slug: the same address twice. Change the slug of one of them and publish it again.`,
    },
  ];
}

function reservedProblems(name: ContentTypeName, key: string, twins: readonly PulledEntry[]): Problem[] {
  if (!isReserved(name, key)) return [];
  return twins.map((pulled) =>
    problem(
      name,
      pulled,
      'slug',
      'the site keeps this address for itself. Choose another slug and publish it again.',
    ),
  );
}

function problem(
  type: ContentTypeName,
  { id, raw, entry }: PulledEntry,
  field: string,
  fault: string,
): Problem {
  return {
    type,
    documentId: id,
    title: titleOf(raw),
    text: `${type} ${entryName(entry)} field ${field}: ${fault}`,
  };
}

function targetsOf(entry: Entry, path: string): string[] {
  const value: unknown = Reflect.get(entry, path);
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function slugOf(entry: Entry): string {
  const slug: unknown = Reflect.get(entry, 'slug');
  return typeof slug === 'string' ? slug : '';
}

function entryName(entry: Entry): string {
  return JSON.stringify(slugOf(entry) || entry.documentId);
}
