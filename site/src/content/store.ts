import { type Entries, entriesSchema, typeNames } from '@meridian/shared-types';
import { getCollection } from 'astro:content';
import { z } from 'zod';
import { storedPictureSchema } from '../features/pictures/stored-picture.ts';
import type { Content } from './content.ts';
import type { CollectionName } from './loader.ts';
import { handedOver } from './pull/handover.ts';

/** Each entry was read through its contract when it was pulled, and stays the same object until it changes. */
const pulledEntries = z.custom<Entries>();

/** Reads everything out of what was handed over for this build, or else out of Astro's store, typed by the contract. */
export async function readContent(): Promise<Content> {
  const pictures = handedOver()?.pictures ?? (await stored('picture', storedPictureSchema));
  return {
    entries: await readEntries(),
    pictures: new Map(pictures.map((picture) => [picture.address, picture])),
  };
}

async function readEntries(): Promise<Entries> {
  const pulled = handedOver();
  if (pulled === null) {
    const all = await Promise.all(
      typeNames.map(async (name) => [name, await stored(name, z.unknown())] as const),
    );
    return entriesSchema.parse(Object.fromEntries(all));
  }
  const entries = typeNames.map((name) => [name, pulled.entries[name].map(({ entry }) => entry)] as const);
  return pulledEntries.parse(Object.fromEntries(entries));
}

/** Revision of the CMS that everything read comes from. */
export async function readRevision(): Promise<number> {
  const pulled = handedOver();
  if (pulled !== null) return pulled.revision;
  const [pull] = await stored('pull', z.object({ revision: z.int().nonnegative() }));
  return pull?.revision ?? 0;
}

async function stored<Entry>(collection: CollectionName, schema: z.ZodType<Entry>): Promise<Entry[]> {
  const entries: unknown = await getCollection(collection);
  return z
    .array(z.object({ data: schema }))
    .parse(entries)
    .map(({ data }) => data);
}
