import type { ContentTypeName } from '@meridian/shared-types';
import type { Loader } from 'astro/loaders';
import { readBuildSettings } from '../../settings.ts';
import { type Pulled, pull } from './pull/pull.ts';

/** The collections of the store: one a content type, and the processed pictures. */
export type CollectionName = ContentTypeName | 'picture';

/**
 * Makes the loaders of all collections. One pull serves them all: the first that Astro asks begins it, the others wait
 * for the same, and each replaces its collection only after everything arrived and fits together. Asking a second time
 * begins the next pull.
 */
export function cmsLoaders(): (collection: CollectionName) => Loader {
  let current: { pulled: Promise<Pulled>; served: Set<CollectionName> } | null = null;

  const pulledFor = (collection: CollectionName, warn: (warning: string) => void): Promise<Pulled> => {
    if (current === null || current.served.has(collection)) {
      current = { pulled: pullAll(warn), served: new Set() };
    }
    current.served.add(collection);
    return current.pulled;
  };

  return (collection) => ({
    name: 'meridian-cms',
    async load(context) {
      const { store, logger } = context;
      const pulled = await pulledFor(collection, (warning) => logger.warn(warning));
      const items = itemsOf(pulled, collection);
      const ids = new Set(items.map(({ id }) => id));
      for (const id of store.keys()) {
        if (!ids.has(id)) store.delete(id);
      }
      for (const { id, data } of items) store.set({ id, data, digest: context.generateDigest(data) });
    },
  });
}

async function pullAll(warn: (warning: string) => void): Promise<Pulled> {
  const pulled = await pull(readBuildSettings());
  for (const warning of pulled.warnings) warn(warning);
  return pulled;
}

function itemsOf(
  pulled: Pulled,
  collection: CollectionName,
): { id: string; data: Record<string, unknown> }[] {
  if (collection === 'picture')
    return pulled.pictures.map((picture) => ({ id: picture.address, data: picture }));
  // The store keeps what the CMS sent: queries read it through the same contract once more, which gives it its types.
  return pulled.entries[collection].map(({ id, raw }) => ({ id, data: raw }));
}
