import type { ContentTypeName } from '@meridian/shared-types';
import type { Loader } from 'astro/loaders';
import { readBuildSettings } from '../../settings.ts';
import { handedOver } from './pull/handover.ts';
import { type Pulled, pull } from './pull/pull.ts';

/** The collections of the store: one a content type, the processed pictures, and what is known of the pull. */
export type CollectionName = ContentTypeName | 'picture' | 'pull';

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
      // Pages take what was handed over from there.
      if (handedOver() !== null) return;
      const { store, logger } = context;
      const pulled = await pulledFor(collection, (warning) => logger.warn(warning));
      const items = itemsOf(pulled, collection);
      const ids = new Set(items.map(({ id }) => id));
      for (const id of store.keys()) {
        if (!ids.has(id)) store.delete(id);
      }
      for (const item of items) store.set(item);
    },
  });
}

async function pullAll(warn: (warning: string) => void): Promise<Pulled> {
  const pulled = await pull(readBuildSettings());
  for (const warning of pulled.warnings) warn(warning);
  return pulled;
}

interface Item {
  id: string;
  data: Record<string, unknown>;
  digest: string;
}

function itemsOf(pulled: Pulled, collection: CollectionName): Item[] {
  const { revision, pictures } = pulled;
  if (collection === 'pull') return [{ id: 'pull', data: { revision }, digest: String(revision) }];
  if (collection === 'picture')
    return pictures.map((data) => ({ id: data.address, data: { ...data }, digest: JSON.stringify(data) }));
  // The store keeps what the CMS sent: queries read it through the same contract once more, which gives it its types.
  return pulled.entries[collection].map(({ id, raw, digest }) => ({ id, data: { ...raw }, digest }));
}
