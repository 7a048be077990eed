import {
  articleSchema,
  clinicSchema,
  consultationPageSchema,
  homePageSchema,
  navigationSchema,
  pageSchema,
  providerSchema,
  redirectSchema,
  topicSchema,
} from '@meridian/shared-types';
import { getCollection } from 'astro:content';
import { z } from 'zod';
import { BuildError } from '../errors.ts';
import { storedPictureSchema } from '../features/pictures/stored-picture.ts';
import type { Content } from './content.ts';
import type { CollectionName } from './loader.ts';

/** Reads everything out of Astro's store, typed by the contract. */
export async function readContent(): Promise<Content> {
  const pictures = await entriesOf('picture', storedPictureSchema);
  return {
    clinic: await onlyEntry('clinic', clinicSchema),
    navigation: await onlyEntry('navigation', navigationSchema),
    homePage: await onlyEntry('home-page', homePageSchema),
    consultationPage: await onlyEntry('consultation-page', consultationPageSchema),
    providers: await entriesOf('provider', providerSchema),
    topics: await entriesOf('topic', topicSchema),
    pages: await entriesOf('page', pageSchema),
    articles: await entriesOf('article', articleSchema),
    redirects: await entriesOf('redirect', redirectSchema),
    pictures: new Map(pictures.map((picture) => [picture.address, picture])),
  };
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

async function onlyEntry<Entry>(collection: CollectionName, schema: z.ZodType<Entry>): Promise<Entry> {
  const [entry] = await entriesOf(collection, schema);
  if (entry === undefined) {
    throw new BuildError(`The store has no ${collection}. Publish it in the CMS, then build again.`);
  }
  return entry;
}
