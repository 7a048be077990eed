import type { Core, UID } from '@strapi/strapi';
import { errors } from '@strapi/utils';
import { inTransaction, table } from '../internals.ts';
import { slugFault, slugify } from '@meridian/shared-types/checklist';
import type { Notes } from './notes.ts';
import { digestOf, documentIdOf, findRecord, saveRecord } from './records.ts';
import type { Outcome } from './report.ts';

/** Types that an import makes entries of. */
export type EntryType = 'article' | 'page' | 'topic' | 'provider';

/** An entry as it is to be written; what `digest` is of decides whether the source has changed. */
export interface Planned {
  sourceId: string;
  type: EntryType;
  /** Title or name. */
  title: string;
  /** As the source has it; may be empty, taken or unusable. */
  slug: string;
  digest: unknown;
  /** Makes the fields other than the slug, uploading pictures; only called when they are needed. */
  fields: () => Promise<Record<string, unknown>>;
  notes: Notes;
}

/** The drafts of one import. */
export interface Entries {
  /** Writes a draft, unless a person has worked on it since the last import. */
  write(entry: Planned): Promise<Written>;
  /** The document id of an entry that is there, by slug or by name in any case. */
  find(type: EntryType, nameOrSlug: string): string | null;
  hasSlug(type: EntryType, slug: string): boolean;
}

/** What became of an entry, its slug, and whether a person has worked on its draft since the last import. */
export interface Written {
  outcome: Outcome;
  slug: string;
  isTouched: boolean;
}

interface Row {
  documentId: string;
  slug: string | null;
  name?: string | null;
  updatedAt: string | Date;
}

const LONGEST_SLUG = 90;

export function uidOf(type: EntryType): UID.CollectionType {
  return `api::${type}.${type}` as UID.CollectionType;
}

/** Begins to write drafts; in a dry run only finds out what would come of each. */
export async function entries(strapi: Core.Strapi, isDryRun: boolean): Promise<Entries> {
  const slugs = new Map<string, string>();
  const names = new Map<string, string>();
  for (const type of ['article', 'page', 'topic', 'provider'] as const) {
    const named = type === 'provider' || type === 'topic';
    const rows = await table<Row>(strapi, uidOf(type)).findMany({
      select: ['documentId', 'slug', ...(named ? ['name'] : [])],
    });
    for (const { documentId, slug, name } of rows) {
      if (slug !== null) slugs.set(`${type} ${slug.toLowerCase()}`, documentId);
      if (typeof name === 'string') names.set(`${type} ${name.toLowerCase()}`, documentId);
    }
  }

  return {
    find: (type, text) =>
      names.get(`${type} ${text.toLowerCase()}`) ?? slugs.get(`${type} ${slugify(text)}`) ?? null,
    hasSlug: (type, slug) => slugs.has(`${type} ${slug.toLowerCase()}`),
    async write(entry) {
      const documentId = documentIdOf(entry.sourceId);
      const uid = uidOf(entry.type);
      const digest = digestOf(entry.digest);
      const record = await findRecord(strapi, entry.sourceId);
      const draft = await draftOf(strapi, uid, documentId);
      if (record !== null && draft === null) return { outcome: 'deleted', slug: '', isTouched: true };
      const isTouched = record !== null && timeOf(draft) !== record.writtenAt;
      const slug = isTouched ? (draft?.slug ?? '') : claimSlug(entry, documentId, draft?.slug ?? null);
      if (record !== null && record.digest === digest) return { outcome: 'unchanged', slug, isTouched };
      if (isTouched) return { outcome: 'edited', slug, isTouched };
      names.set(`${entry.type} ${entry.title.toLowerCase()}`, documentId);
      const outcome = draft === null ? 'new' : 'updated';
      if (isDryRun) return { outcome, slug, isTouched };
      try {
        const data: Record<string, unknown> = { ...(await entry.fields()), slug };
        await inTransaction(strapi, async () => {
          const documents = strapi.documents(uid);
          if (draft === null) await documents.create({ data: { ...data, documentId } as never });
          else await documents.update({ documentId, data: data as never });
          const writtenAt = timeOf(await draftOf(strapi, uid, documentId));
          await saveRecord(strapi, entry.sourceId, { target: documentId, digest, writtenAt });
        });
      } catch (error) {
        entry.notes.ask(`The CMS did not take it: ${refusalOf(error)}`);
        return { outcome: 'failed', slug, isTouched };
      }
      return { outcome, slug, isTouched };
    },
  };

  /** A slug that no other entry has; what a person gave the draft stays. */
  function claimSlug(
    { type, title, slug, sourceId, notes }: Planned,
    documentId: string,
    present: string | null,
  ): string {
    const wanted = shortSlug(slugify(slug)) || shortSlug(slugify(title));
    if (present !== null && present !== '' && (present === wanted || present.startsWith(`${wanted}-`)))
      return present;
    const fallback = `${type}-${digestOf(sourceId).slice(0, 8)}`;
    if (wanted === '')
      notes.ask(
        `Its slug "${fallback}" was made up, for its title has no plain letters. Choose a better one.`,
      );
    const base = wanted === '' ? fallback : slugFault(type, wanted) === null ? wanted : `${wanted}-info`;
    let free = base;
    const isTaken = (name: string): boolean => (slugs.get(`${type} ${name}`) ?? documentId) !== documentId;
    for (let number = 2; isTaken(free); number += 1) free = `${base}-${String(number)}`;
    slugs.set(`${type} ${free}`, documentId);
    if (wanted !== '' && free !== (slug || wanted)) {
      const reason =
        free === base && base === wanted
          ? 'holds what addresses here cannot'
          : 'is taken or kept for the site itself';
      notes.change(`Its slug is "${free}": "${slug || wanted}" ${reason}.`);
    }
    return free;
  }
}

/** Why the CMS refused something, in its own words; what is no refusal is thrown on. */
export function refusalOf(error: unknown): string {
  if (!(error instanceof errors.ApplicationError)) throw error;
  const { message, details } = error as Error & { details: unknown };
  const faults = (details as { errors?: { path: (string | number)[]; message: string }[] }).errors ?? [];
  // A message of Meridian's own names the field; Strapi's do not always.
  const lines = faults.map((fault) => {
    const field = fault.path.join('.');
    return fault.message.includes(field) ? fault.message : `${field}: ${fault.message}`;
  });
  return lines.length === 0 || message.includes('field') ? message : lines.join('; ');
}

async function draftOf(
  strapi: Core.Strapi,
  uid: UID.CollectionType,
  documentId: string,
): Promise<Row | null> {
  return table<Row>(strapi, uid).findOne({
    select: ['documentId', 'slug', 'updatedAt'],
    where: { documentId, publishedAt: { $null: true } },
  });
}

function timeOf(row: Row | null): string | null {
  return row === null ? null : new Date(row.updatedAt).toISOString();
}

function shortSlug(slug: string): string {
  if (slug.length <= LONGEST_SLUG) return slug;
  return slug
    .slice(0, LONGEST_SLUG)
    .replace(/-[^-]*$/, '')
    .replace(/-+$/, '');
}
