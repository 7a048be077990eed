import path from 'node:path';
import { entriesSchema } from '@meridian/shared-types';
import { type Content, type Library, library } from '../src/content/content.ts';
import { brandPicture, type StoredPicture } from '../src/features/pictures/stored-picture.ts';
import { type FakeCms, readFakeEntries } from './fake-cms.ts';

/** The entries of `test/content`, in the form of REST, for a test to change. */
export async function testEntries(): Promise<FakeCms['entries']> {
  return readFakeEntries(path.resolve(import.meta.dirname, 'content'), new Map());
}

/** Entries as a library, read through the contract; pictures are named, not processed. */
export function testLibrary(entries: FakeCms['entries']): { library: Library; warnings: string[] } {
  const warnings: string[] = [];
  const content: Content = {
    entries: entriesSchema.parse(entries),
    pictures: new Map(
      ['/uploads/dot.png', '/uploads/portrait.jpg', brandPicture].map((address) => [
        address,
        storedPicture(address),
      ]),
    ),
  };
  const surroundings = {
    siteUrl: 'https://clinic.example',
    now: new Date('2026-11-23T18:00:00Z'),
    warn: (warning: string) => warnings.push(warning),
  };
  return { library: library(content, surroundings), warnings };
}

function storedPicture(address: string): StoredPicture {
  const name = path.basename(address, path.extname(address));
  return {
    address,
    sources: [{ type: 'image/avif', srcset: `/media/${name}-60.avif 60w` }],
    src: `/media/${name}-60.webp`,
    width: 60,
    height: 40,
    share: { path: `/media/${name}-share.jpg`, width: 1200, height: 630 },
    files: [],
  };
}
