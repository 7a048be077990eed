import { join } from 'node:path';
import { contentTypes, hasSlug, type ContentType } from '@meridian/shared-types';
import type { Core, UID } from '@strapi/strapi';
import { table } from '../internals.ts';
import { CmsError } from '../boot/errors.ts';
import { readEntryFile, readEntryFiles, type EntryFile } from './files.ts';
import { seedMedia } from './media.ts';
import { resolveReferences, type Attributes, type Directory } from './references.ts';

const types: readonly ContentType[] = Object.values(contentTypes);
const pointsElsewhere = ({ singularName, relations }: ContentType): boolean =>
  relations.some(({ target }) => target !== singularName);

/** Collections with the folders of their files, in the order in which they are best made: who points elsewhere comes last. */
const COLLECTIONS = types
  .filter(hasSlug)
  .sort((a, b) => Number(pointsElsewhere(a)) - Number(pointsElsewhere(b)))
  .map(({ uid, query }) => ({ folder: query.endpoint, uid: uid as UID.ContentType }));

const SINGLES = types
  .filter(({ kind }) => kind === 'singleType')
  .map(({ uid, singularName }) => ({ file: `${singularName}.yaml`, uid: uid as UID.ContentType }));

/** A file that belongs to an entry that does not exist yet. */
interface Planned extends EntryFile {
  uid: UID.ContentType;
  documentId: string;
}

const SEEDED = { type: 'meridian', key: 'seeded' };

/**
 * Fills the CMS with the content of a folder and publishes it. Entries that exist are never touched, so running it
 * again adds what is missing and changes nothing that staff edited. With `onlyIfEmpty` a CMS that was seeded before,
 * or holds any entry, is left alone altogether.
 *
 * @returns one line that says what was done.
 * @throws CmsError listing every fault of every file, before anything is written, pictures excepted.
 */
export async function seed(strapi: Core.Strapi, root: string, { onlyIfEmpty = false } = {}): Promise<string> {
  if (onlyIfEmpty && (await hasContent(strapi))) return 'The CMS has content already: nothing was seeded.';

  const planned: Planned[] = [];
  const known = new Map<string, string>();
  for (const { folder, uid } of COLLECTIONS) {
    const existing = await entriesBySlug(strapi, uid);
    existing.forEach((documentId, slug) => known.set(`${uid} ${slug}`, documentId));
    for (const file of await readEntryFiles(root, folder)) {
      if (existing.has(file.name)) continue;
      planned.push({ ...file, uid, documentId: '' });
      known.set(`${uid} ${file.name}`, '');
    }
  }
  for (const { file, uid } of SINGLES) {
    if ((await strapi.documents(uid).findFirst({})) !== null) continue;
    planned.push({ ...(await readEntryFile(root, join(root, file))), uid, documentId: '' });
  }
  if (planned.length === 0) return 'Every entry of the starting content exists already: nothing was changed.';

  const media = await seedMedia(strapi, root);
  const directory: Directory = {
    component: (uid) => strapi.components[uid as keyof typeof strapi.components]?.attributes,
    entry: (uid, slug) => known.get(`${uid} ${slug}`),
    media: (name) => media.get(name),
  };
  const resolve = (entry: Planned) =>
    resolveReferences(withSlug(entry), strapi.contentType(entry.uid).attributes, directory);

  const faults = planned.flatMap((entry) => resolve(entry).faults.map((fault) => `${entry.file}: ${fault}`));
  if (faults.length > 0) {
    throw new CmsError(`The content files have ${String(faults.length)} faults:\n- ${faults.join('\n- ')}`);
  }

  // Entries may point at one another in circles: first all exist without relations, then each gets its own.
  for (const entry of planned) {
    await describing(entry, async () => {
      const data = omitRelations(resolve(entry).data, strapi.contentType(entry.uid).attributes);
      entry.documentId = (await strapi.documents(entry.uid).create({ data: data as never })).documentId;
      known.set(`${entry.uid} ${entry.name}`, entry.documentId);
    });
  }
  for (const entry of planned) {
    await describing(entry, () =>
      strapi
        .documents(entry.uid)
        .update({ documentId: entry.documentId, data: resolve(entry).data as never }),
    );
  }
  // A relation to an entry that is not published yet is dropped without a word: the second pass finds all published.
  for (const entry of [...planned, ...planned]) {
    await describing(entry, () => publish(strapi, entry));
  }
  await strapi.store.set({ ...SEEDED, value: true });
  return `${String(planned.length)} entries and ${String(media.size)} pictures were seeded and published.`;
}

async function hasContent(strapi: Core.Strapi): Promise<boolean> {
  if ((await strapi.store.get(SEEDED)) === true) return true;
  for (const { uid } of [...COLLECTIONS, ...SINGLES]) {
    if ((await strapi.documents(uid).findFirst({})) !== null) return true;
  }
  return false;
}

async function entriesBySlug(strapi: Core.Strapi, uid: UID.ContentType): Promise<Map<string, string>> {
  const entries = await table<{ slug: string | null; documentId: string }>(strapi, uid).findMany({
    select: ['slug', 'documentId'],
  });
  return new Map(entries.map(({ slug, documentId }) => [slug ?? '', documentId]));
}

function withSlug({ name, uid, values }: Planned): Record<string, unknown> {
  const isCollection = COLLECTIONS.some((collection) => collection.uid === uid);
  return isCollection ? { slug: name, ...values } : values;
}

function omitRelations(data: Record<string, unknown>, attributes: Attributes): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).filter(([name]) => attributes[name]?.type !== 'relation'));
}

async function publish(strapi: Core.Strapi, { uid, documentId }: Planned): Promise<void> {
  const service: { publish?: (params: { documentId: string }) => Promise<unknown> } = strapi.documents(uid);
  await service.publish?.({ documentId });
}

async function describing(entry: Planned, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    throw new CmsError(`${entry.file}: ${describe(cause)}`, { cause });
  }
}

/** The message of an error; of a Strapi validation error, each field with its fault. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const details: { errors?: { path: (string | number)[]; message: string }[] } =
    'details' in error && typeof error.details === 'object' && error.details !== null ? error.details : {};
  const lines = details.errors?.map(({ path, message }) => `field ${path.join('.')}: ${message}`) ?? [];
  return lines.length > 0 ? lines.join('; ') : error.message;
}
