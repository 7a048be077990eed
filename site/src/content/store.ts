import {
  articleSchema,
  clinicSchema,
  consultationPageSchema,
  type ContentTypeName,
  homePageSchema,
  navigationSchema,
  pageSchema,
  providerSchema,
  topicSchema,
} from '@meridian/shared-types';
import { getCollection } from 'astro:content';
import { z } from 'zod';
import { BuildError } from '../errors.ts';
import { storedPictureSchema } from '../features/pictures/stored-picture.ts';
import type { Content } from './content.ts';
import type { CollectionName } from './loader.ts';
import type { RawEntry } from './pull/entries.ts';
import { handedOver } from './pull/handover.ts';

/** Reads everything out of what was handed over for this build, or else out of Astro's store, typed by the contract. */
export async function readContent(): Promise<Content> {
  const pictures = handedOver()?.pictures ?? (await stored('picture', storedPictureSchema));
  return {
    clinic: only('clinic', await clinics()),
    navigation: only('navigation', await navigations()),
    homePage: only('home-page', await homePages()),
    consultationPage: only('consultation-page', await consultationPages()),
    providers: await providers(),
    topics: await topics(),
    pages: await pages(),
    articles: await articles(),
    pictures: new Map(pictures.map((picture) => [picture.address, picture])),
  };
}

/** Revision of the CMS that everything read comes from. */
export async function readRevision(): Promise<number> {
  const pulled = handedOver();
  if (pulled !== null) return pulled.revision;
  const [pull] = await stored('pull', z.object({ revision: z.int().nonnegative() }));
  return pull?.revision ?? 0;
}

const clinics = reader('clinic', clinicSchema);
const navigations = reader('navigation', navigationSchema);
const homePages = reader('home-page', homePageSchema);
const consultationPages = reader('consultation-page', consultationPageSchema);
const providers = reader('provider', providerSchema);
const topics = reader('topic', topicSchema);
const pages = reader('page', pageSchema);
const articles = reader('article', articleSchema);

/** Reads the entries of a type. Of what was handed over, each is read once: it stays the same until it changes. */
function reader<Entry>(name: ContentTypeName, schema: z.ZodType<Entry>): () => Promise<Entry[]> {
  const known = new WeakMap<RawEntry, Entry>();
  return async () => {
    const pulled = handedOver();
    if (pulled === null) return stored(name, schema);
    return pulled.entries[name].map(({ raw }) => {
      const entry = known.get(raw) ?? schema.parse(raw);
      known.set(raw, entry);
      return entry;
    });
  };
}

async function stored<Entry>(collection: CollectionName, schema: z.ZodType<Entry>): Promise<Entry[]> {
  const entries: unknown = await getCollection(collection);
  return z
    .array(z.object({ data: schema }))
    .parse(entries)
    .map(({ data }) => data);
}

function only<Entry>(name: ContentTypeName, [entry]: readonly Entry[]): Entry {
  if (entry === undefined) {
    throw new BuildError(`The store has no ${name}. Publish it in the CMS, then build again.`);
  }
  return entry;
}
