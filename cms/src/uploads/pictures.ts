import { stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import sharp, { type Metadata, type Sharp } from 'sharp';
import { CmsError } from '../boot/errors.ts';

/** A picture as it is on the disk. `name` is what its sender calls it, without a path. */
export interface Picture {
  path: string;
  name: string;
}

/** A picture made anew, with nothing in it but what is seen. `bytes` is its size. */
export interface CleanPicture extends Picture {
  mimetype: PictureType;
  bytes: number;
}

export type PictureType = 'image/jpeg' | 'image/png' | 'image/webp' | 'image/avif';

/** Why a picture is not taken, and what to do about it, for the person who sent it. */
export class PictureError extends CmsError {
  override name = 'PictureError';
}

/** More than any telephone takes (50 megapixels), and little enough to unpack: 240 MB. */
const MOST_PIXELS = 60_000_000;
const LONGEST_NAME = 200;

const EXTENSIONS: Record<PictureType, readonly [string, ...string[]]> = {
  'image/jpeg': ['.jpg', '.jpeg'],
  'image/png': ['.png'],
  'image/webp': ['.webp'],
  'image/avif': ['.avif'],
};

// How the media library keeps a picture; the site makes smaller ones of it.
const WRITERS: Record<PictureType, (picture: Sharp) => Sharp> = {
  'image/jpeg': (picture) => picture.jpeg({ quality: 88, mozjpeg: true }),
  'image/png': (picture) => picture.png(),
  'image/webp': (picture) => picture.webp({ quality: 88 }),
  'image/avif': (picture) => picture.avif({ quality: 65, effort: 2 }),
};

/**
 * The type of a picture by its bytes; neither its name nor what the sender calls it counts. Nothing is unpacked.
 *
 * @throws PictureError when it is none that Meridian shows, or one that would be too much for the server
 */
export async function pictureType({ path, name }: Picture): Promise<PictureType> {
  assertName(name);
  const called = `"${name}"`;
  if ((await stat(path)).size === 0) {
    throw new PictureError(`${called} is empty. Save the picture again, and upload that file.`);
  }
  // An ES module: TypeScript's CommonJS output keeps a dynamic import as it is.
  const { fileTypeFromFile } = await import('file-type');
  const found = (await fileTypeFromFile(path))?.mime ?? '';
  if (!isPictureType(found)) {
    throw new PictureError(
      `${called} is no picture that the site can show, whatever its name says. Save it as JPEG, PNG, WebP or AVIF, and upload that file.`,
    );
  }
  const metadata = await metadataOf(path, called);
  if (pixelsOf(metadata) > MOST_PIXELS) {
    throw new PictureError(
      `${called} has more than ${String(MOST_PIXELS / 1e6)} million pixels. Make it smaller, 4000 pixels wide or less, and upload it again.`,
    );
  }
  if ((metadata.pages ?? 1) > 1) {
    throw new PictureError(`${called} is a moving picture. Save one of its pictures, and upload that file.`);
  }
  return found;
}

/**
 * Makes a picture anew from what is seen of it: upright, without place, time and camera, and without whatever else the
 * file holds.
 *
 * @param as the type that the picture gets, if not its own
 * @throws PictureError as {@link pictureType} does, and when the picture is damaged
 */
export async function cleanPicture(
  picture: Picture,
  folder: string,
  as?: PictureType,
): Promise<CleanPicture> {
  const own = await pictureType(picture);
  const mimetype = as ?? own;
  const [extension] = EXTENSIONS[mimetype];
  const path = join(folder, `clean${extension}`);
  try {
    const whole = sharp(picture.path, { limitInputPixels: MOST_PIXELS, failOn: 'error' }).autoOrient();
    const { size } = await WRITERS[mimetype](whole).toFile(path);
    return { path, name: named(picture.name, mimetype), mimetype, bytes: size };
  } catch (cause) {
    throw new PictureError(damaged(`"${picture.name}"`), { cause });
  }
}

/** The type that an address with this extension promises; null when it promises none. */
export function typeOfExtension(extension: string): PictureType | null {
  const types = Object.keys(EXTENSIONS) as PictureType[];
  return types.find((type) => EXTENSIONS[type].includes(extension.toLowerCase())) ?? null;
}

function assertName(name: string): void {
  // The name of a file on other people's machines, and a part of its address here.
  if (/[\u0000-\u001f\u007f/\\:*?"<>|]/u.test(name) || /^\.*$/.test(name) || name.length > LONGEST_NAME) {
    throw new PictureError(
      `The name of the file has signs that a name cannot have, is a path, or is longer than ${String(LONGEST_NAME)} letters. Rename the file with letters, digits and hyphens, and upload it again.`,
    );
  }
}

async function metadataOf(path: string, called: string): Promise<Metadata> {
  try {
    return await sharp(path, { limitInputPixels: false }).metadata();
  } catch (cause) {
    throw new PictureError(damaged(called), { cause });
  }
}

/** Of all pages of a moving picture together. */
function pixelsOf({ width, height, pages = 1 }: Metadata): number {
  return width * height * pages;
}

/** The name with the extension that is right. */
function named(name: string, type: PictureType): string {
  const extension = extname(name);
  if (EXTENSIONS[type].includes(extension.toLowerCase())) return name;
  return `${name.slice(0, name.length - extension.length)}${EXTENSIONS[type][0]}`;
}

function isPictureType(type: string): type is PictureType {
  return type in EXTENSIONS;
}

function damaged(called: string): string {
  return `${called} is damaged and cannot be shown. Save the picture again, and upload that file.`;
}
