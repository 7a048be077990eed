import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { readRedirects, type AddressBook } from './addresses.ts';
import { systemCode } from './errors.ts';
import { readContent, readFiles, type ReleaseContent, type ReleaseFile } from './release/manifest.ts';
import { currentLink, listReleases } from './release/store.ts';

/** A release in memory: what it holds, not the bytes. It never changes. */
export interface Release {
  id: string;
  publicDir: string;
  content: ReleaseContent;
  files: ReadonlyMap<string, ReleaseFile>;
  book: AddressBook;
}

/** Knows which release is live. */
export interface LiveRelease {
  /**
   * The release that the link `current` names at this moment. When the link is gone or its release cannot be read, the
   * last good one goes on. Null when there never was one.
   */
  current(): Promise<Release | null>;
  /** Kept releases other than the live one, for files that pages of theirs still ask for. */
  older(): Promise<readonly Release[]>;
}

/**
 * Follows the live release of a folder of releases. Each look costs one read of a link; a release is read once.
 * @param onFault is told when a new release cannot be read, once a release.
 */
export function followReleases(
  releasesDir: string,
  onFault: (id: string, error: unknown) => void,
): LiveRelease {
  let good: Release | null = null;
  const loads = new Map<string, Promise<Release | null>>();

  function load(id: string): Promise<Release | null> {
    const known = loads.get(id);
    if (known !== undefined) return known;
    const loading = loadRelease(releasesDir, id).catch((error: unknown) => {
      onFault(id, error);
      return null;
    });
    loads.set(id, loading);
    return loading;
  }

  async function kept(): Promise<Release[]> {
    const ids = await listReleases(releasesDir);
    for (const id of loads.keys()) if (!ids.includes(id)) loads.delete(id);
    const releases = await Promise.all(ids.map(load));
    return releases.filter((release) => release !== null);
  }

  return {
    async current() {
      const id = readLink(releasesDir);
      if (id === null || id === good?.id) return good;
      const release = await load(id);
      if (release === null) {
        // A release that was made live while it could not be read gets another chance with the next request.
        loads.delete(id);
        return good;
      }
      good = release;
      // Those before are read again when somebody asks for a file of theirs, and forgotten otherwise.
      for (const other of loads.keys()) if (other !== id) loads.delete(other);
      return release;
    },
    async older() {
      const live = good?.id;
      return (await kept()).filter(({ id }) => id !== live);
    },
  };
}

function readLink(releasesDir: string): string | null {
  try {
    // Synchronous on purpose: it takes microseconds, the thread pool's queue may take longer.
    return readlinkSync(join(releasesDir, currentLink));
  } catch {
    return null;
  }
}

async function loadRelease(releasesDir: string, id: string): Promise<Release> {
  const folder = join(releasesDir, id);
  const [content, { files }] = await Promise.all([readContent(folder), readFiles(folder)]);
  const byPath = new Map(Object.entries(files));
  const redirects = readRedirects(content.redirects);
  return {
    id,
    publicDir: join(folder, 'public'),
    content,
    files: byPath,
    book: { has: (file) => byPath.has(file), movedTo: (path) => redirects.get(path) },
  };
}

/** Whether a fault means that a release was removed while it was being read. */
export function isGone(error: unknown): boolean {
  const code = systemCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}
