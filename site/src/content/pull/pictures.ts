import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { BuildSettings } from '../../../settings.ts';
import { BuildError, messageOf } from '../../errors.ts';
import { mediaAddress } from '../../features/pictures/addresses.ts';
import { processBrandPicture, processPicture } from '../../features/pictures/process.ts';
import {
  brandPicture,
  type StoredPicture,
  storedPictureSchema,
} from '../../features/pictures/stored-picture.ts';
import { type Patience, patience, wasAsked } from './client.ts';
import type { Contents } from './contents.ts';
import { markdownPicturesOf, mediaOf } from './media.ts';

interface Wanted {
  address: string;
  focus: { x: number; y: number };
  /** Changes whenever the file does. */
  version: string;
}

const largestBytes = 20_000_000;
const atOnce = 2;

/** The CMS, or the store that it keeps pictures in, does not answer: no fault of the picture's. */
class Away extends Error {}

/**
 * Fetches every picture of the entries, from the CMS alone, and processes those that changed. One that the CMS does not
 * have, or that cannot be read, is left out with a warning. Files lie in `cache/media/files` of the data folder, which
 * afterwards holds what this content uses and nothing else.
 *
 * @throws BuildError when the CMS does not answer: a site whose pictures are gone must not go live for that
 */
export async function pullPictures(
  contents: Contents,
  settings: BuildSettings,
  limits: Patience = patience,
): Promise<{ pictures: StoredPicture[]; warnings: string[] }> {
  const folders = pictureFolders(settings.dataDir);
  await mkdir(folders.records, { recursive: true });
  const warnings: string[] = [];
  const pictures = [await processBrandPicture(brandPicture, folders.files)];
  const records: string[] = [];
  const wanted = wantedPictures(contents, settings.cmsUrl, warnings);
  const queue = [...wanted.values()];
  const there = new Set(await readdir(folders.files));
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      try {
        const { picture, record } = await storedPicture(next, settings.cmsUrl, folders, there, limits);
        pictures.push(picture);
        records.push(record);
      } catch (error) {
        if (error instanceof BuildError) throw error;
        warnings.push(
          `The picture ${next.address} is not shown: ${messageOf(error)}. Replace it in the media library.`,
        );
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  await keepOnly(folders.files, new Set(pictures.flatMap(({ files }) => files)));
  await keepOnly(folders.records, new Set(records));
  return {
    pictures: pictures.toSorted((a, b) => a.address.localeCompare(b.address)),
    warnings: warnings.toSorted(),
  };
}

/** Where processed pictures lie, and the notes on which file became which. */
export function pictureFolders(dataDir: string): { files: string; records: string } {
  const folder = path.join(dataDir, 'cache', 'media');
  return { files: path.join(folder, 'files'), records: path.join(folder, 'records') };
}

function wantedPictures(
  { entries, mediaRevision }: Contents,
  cmsUrl: string,
  warnings: string[],
): Map<string, Wanted> {
  const wanted = new Map<string, Wanted>();
  const raws = Object.values(entries).flatMap((ofType) => ofType.map(({ raw }) => raw));
  for (const media of raws.flatMap(mediaOf)) {
    const address = mediaAddress(media.url, cmsUrl);
    if (address === null) {
      warnings.push(
        `The picture "${media.name}" is not shown: it does not lie on the CMS. Upload it to the media library.`,
      );
      continue;
    }
    wanted.set(address, {
      address,
      focus: media.focalPoint ?? { x: 50, y: 50 },
      version: `${media.hash} ${media.updatedAt} ${media.size}`,
    });
  }
  // Markdown names the address alone, so any change in the media library may have been one of this file.
  const version = `media ${mediaRevision}`;
  for (const address of raws.flatMap((raw) => markdownPicturesOf(raw, cmsUrl))) {
    if (!wanted.has(address)) wanted.set(address, { address, focus: { x: 50, y: 50 }, version });
  }
  return wanted;
}

async function storedPicture(
  wanted: Wanted,
  cmsUrl: string,
  folders: { files: string; records: string },
  there: ReadonlySet<string>,
  limits: Patience,
) {
  const record = `${digest(JSON.stringify(wanted))}.json`;
  const before = await knownPicture(path.join(folders.records, record));
  if (before?.files.every((file) => there.has(file)) === true) return { picture: before, record };
  const bytes = await fetchPicture(cmsUrl, wanted.address, limits);
  const picture = await processPicture(bytes, wanted.address, wanted.focus, folders.files);
  const file = path.join(folders.records, record);
  await writeFile(`${file}.new`, JSON.stringify(picture));
  await rename(`${file}.new`, file);
  known.set(file, picture);
  return { picture, record };
}

/** Pictures by the paths of their records, so that a process reads each once. */
const known = new Map<string, StoredPicture>();

async function knownPicture(record: string): Promise<StoredPicture | null> {
  const before = known.get(record);
  if (before !== undefined) return before;
  const text = await readFile(record, 'utf8').catch(() => '');
  const result = storedPictureSchema.safeParse(readJson(text));
  if (!result.success) return null;
  known.set(record, result.data);
  return result.data;
}

async function fetchPicture(
  cmsUrl: string,
  address: string,
  { attempts, firstDelay, requestTimeout }: Patience,
): Promise<Uint8Array> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fetchOnce(`${cmsUrl}${address}`, requestTimeout);
    } catch (error) {
      if (!(error instanceof Away)) throw error;
      if (attempt >= attempts) {
        throw new BuildError(
          `The CMS does not give the picture ${address} (${error.message}). ${wasAsked(attempt)} ` +
            'Nothing was built; the site that is live stays as it is. Look at the log of the CMS.',
          { cause: error },
        );
      }
    }
    await wait(firstDelay * 2 ** (attempt - 1));
  }
}

async function fetchOnce(url: string, timeout: number): Promise<Uint8Array> {
  const away = (error: unknown): never => {
    throw new Away(messageOf(error), { cause: error });
  };
  const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeout) }).catch(away);
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    const answer = `the CMS answers with status ${response.status}`;
    if (response.status === 429 || response.status >= 500) throw new Away(answer);
    throw new Error(answer);
  }
  return bytesOf(response.body).catch((error: unknown) =>
    error instanceof TooLarge ? Promise.reject(error) : away(error),
  );
}

class TooLarge extends Error {}

async function bytesOf(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > largestBytes) throw new TooLarge(`it is larger than ${largestBytes / 1_000_000} MB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function keepOnly(folder: string, names: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!names.has(name)) await rm(path.join(folder, name), { force: true });
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
