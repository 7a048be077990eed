import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import type { Core } from '@strapi/strapi';
import { inTransaction, service, table } from '../internals.ts';
import { uploadPicture } from '../seeding/media.ts';
import { fetchPicture } from './fetching.ts';
import type { Notes } from './notes.ts';
import { withoutSize, type PictureFiles } from './picture-files.ts';
import { findRecord, saveRecord } from './records.ts';
import type { PictureReference } from './source.ts';
import { oneLine, shorten } from './text.ts';

/** The pictures of one import: found, checked as those of staff are, and uploaded once each. */
export interface Pictures {
  /**
   * Finds and checks a picture. What is wrong with it is noted.
   *
   * @param base the address that the picture's own is relative to
   * @returns an id that stays the same from run to run; null when there is no picture to show
   */
  prepare(reference: PictureReference, base: string, notes: Notes): Promise<string | null>;
  /** The numeric id of a prepared picture in the Media Library, where it is put if need be. */
  upload(id: string): Promise<number>;
  /** How many came anew; in a dry run how many would. */
  count(): number;
  /** Deletes what was fetched. */
  end(): Promise<void>;
}

export interface PictureOptions {
  root: string;
  files: PictureFiles;
  /** Alternative texts by address without size, for references that have none. */
  alternativeTexts: ReadonlyMap<string, string>;
  /** Hosts from which missing pictures may be fetched. */
  hosts: readonly string[];
}

interface Found {
  id: string;
  path: string;
  name: string;
  mimetype: string;
  size: number;
  alternativeText: string;
}

const FILE = 'plugin::upload.file';
const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/avif': '.avif',
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/webp': '.webp',
};

/** Begins the pictures of one import. */
export function pictures(
  strapi: Core.Strapi,
  { root, files, alternativeTexts, hosts }: PictureOptions,
): Pictures {
  const { sizeLimit, security } = strapi.config.get<{
    sizeLimit: number;
    security: { allowedTypes: string[] };
  }>('plugin::upload');
  // By address: what was found there, or why nothing was.
  const known = new Map<string, Found | string>();
  const byId = new Map<string, Found>();
  const uploaded = new Map<string, number>();
  const fresh = new Set<string>();
  let folder: string | undefined;

  return {
    async prepare({ address, alternativeText }, base, notes) {
      const url = URL.canParse(address, base) ? new URL(address, base).href : '';
      const shown = shorten(address, 200);
      let found = known.get(url);
      if (found === undefined) {
        found = await find(url, alternativeText || (alternativeTexts.get(withoutSize(url)) ?? ''));
        known.set(url, found);
      }
      if (typeof found === 'string') {
        notes.ask(`The picture ${shown} did not come: ${found}.`);
        return null;
      }
      const same = byId.get(found.id);
      // The first description of a picture counts, for the Media Library keeps one.
      if (same === undefined || same.alternativeText === '') byId.set(found.id, found);
      if ((byId.get(found.id)?.alternativeText ?? '') === '') {
        notes.ask(`The picture ${shown} has no alternative text. Describe it in the Media Library.`);
      }
      if ((await existing(found.id)) === null) fresh.add(found.id);
      return found.id;
    },
    async upload(id) {
      const there = uploaded.get(id) ?? (await existing(id));
      if (there !== null) return there;
      const found = byId.get(id);
      if (found === undefined) throw new Error(`The picture ${id} was not prepared.`);
      const number = await inTransaction(strapi, async () => {
        const fileId = await uploadPicture(strapi, { ...found, filepath: found.path, caption: '' });
        await saveRecord(strapi, id, { target: String(fileId), digest: id });
        return fileId;
      });
      uploaded.set(id, number);
      return number;
    },
    count: () => fresh.size,
    async end() {
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    },
  };

  async function existing(id: string): Promise<number | null> {
    const record = await findRecord(strapi, id);
    if (record === null) return null;
    const file = await table<{ id: number }>(strapi, FILE).findOne({ where: { id: Number(record.target) } });
    return file?.id ?? null;
  }

  async function find(url: string, alternativeText: string): Promise<Found | string> {
    const file = files.find(url);
    let path = file === null ? null : join(root, file);
    if (path === null) {
      if (url === '') return 'its address is none';
      const { protocol, host } = new URL(url);
      if (protocol === 'file:') return 'there is no such file in the folder of the import';
      if (!hosts.includes(host))
        return 'it is not among the files, and its host was not named with --fetch-images-from';
      folder ??= await mkdtemp(join(tmpdir(), 'meridian-import-'));
      path = join(folder, String(known.size));
      try {
        await fetchPicture(url, path, { hosts, mostBytes: sizeLimit });
      } catch (error) {
        return `it could not be fetched (${error instanceof Error ? oneLine(error.message) : 'unknown reason'})`;
      }
    }
    return check(path, file ?? new URL(url).pathname, alternativeText);
  }

  async function check(path: string, named: string, alternativeText: string): Promise<Found | string> {
    const { size } = await stat(path);
    if (size === 0) return 'the file is empty';
    if (size > sizeLimit) return `it is larger than ${String(sizeLimit / 1024 / 1024)} MB`;
    // As Strapi checks uploads of staff: the content counts, not the name.
    const { fileTypeFromFile } = await import('file-type');
    const mimetype = (await fileTypeFromFile(path))?.mime ?? 'unknown';
    const extension = EXTENSIONS[mimetype];
    if (extension === undefined || !security.allowedTypes.includes(mimetype)) {
      return 'it is no JPEG, PNG, WebP or AVIF. Convert it first';
    }
    if (await service(strapi, 'plugin::upload.image-manipulation').isFaultyImage({ filepath: path })) {
      return 'its file is damaged';
    }
    const stem = basename(named, extname(named))
      .replaceAll(/[^\p{L}\p{N}_-]+/gu, '-')
      .slice(0, 100);
    const id = `picture:${await hashOf(path)}`;
    return { id, path, name: `${stem || 'picture'}${extension}`, mimetype, size, alternativeText };
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest('hex');
}
