import { type Entries, entriesSchema, typeNames } from '@meridian/shared-types';
import { getCollection } from 'astro:content';
import { z } from 'zod';
import { storedPictureSchema } from '../features/pictures/stored-picture.ts';
import type { Content } from './content.ts';
import type { CollectionName } from './loader.ts';

/** Reads everything out of Astro's store, typed by the contract. */
export async function readContent(): Promise<Content> {
  const pictures = await entriesOf('picture', storedPictureSchema);
  return {
    entries: await readEntries(),
    pictures: new Map(pictures.map((picture) => [picture.address, picture])),
  };
}

async function readEntries(): Promise<Entries> {
  const all = await Promise.all(
    typeNames.map(async (name) => [name, await entriesOf(name, z.unknown())] as const),
  );
  return entriesSchema.parse(Object.fromEntries(all));
}

/** Revision of the CMS that everything in the store comes from. */
export async function readRevision(): Promise<number> {
  const [pull] = await entriesOf('pull', z.object({ revision: z.int().nonnegative() }));
  return pull?.revision ?? 0;
}

async function entriesOf<Entry>(collection: CollectionName, schema: z.ZodType<Entry>): Promise<Entry[]> {
  const entries: unknown = await getCollection(collection);
  return z
    .array(z.object({ data: schema }))
    .parse(entries)
    .map(({ data }) => data);
}
