import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { mediaPath } from '../../paths.ts';
import type { StoredPicture } from './stored-picture.ts';

/** In percent from the top left. */
export interface FocalPoint {
  x: number;
  y: number;
}

/** Widths in px that pictures are offered in; a smaller picture is offered as it is. */
const widths = [480, 960, 1600];
const shareSize = { width: 1200, height: 630 };
const mostPixels = 60_000_000;
const formats = new Set(['jpeg', 'png', 'webp', 'avif', 'heif']);

/** Counts up when the same picture would come out otherwise, so that no older file is taken for it. */
const recipe = 3;

/**
 * Makes the versions of a picture that pages use, in `folder`: AVIF and WebP in several widths and a JPEG for shared
 * links, turned upright and without metadata. File names come from the bytes, so the same picture is made only once.
 *
 * @throws Error when the bytes are no picture, or one of a kind or size that is not allowed
 */
export async function processPicture(
  bytes: Uint8Array,
  address: string,
  focus: FocalPoint,
  folder: string,
): Promise<StoredPicture> {
  const source = sharp(bytes, { limitInputPixels: mostPixels, failOn: 'error' });
  const { format, autoOrient } = await source.metadata();
  if (!formats.has(format)) throw new Error(`pictures of kind ${format} are not allowed`);
  const upright = source.autoOrient();
  const name = createHash('sha256').update(`${recipe}\n`).update(bytes).digest('hex').slice(0, 16);
  const offered = [
    ...widths.filter((width) => width < autoOrient.width),
    Math.min(autoOrient.width, widths.at(-1) ?? autoOrient.width),
  ];
  const largest = offered.at(-1) ?? autoOrient.width;

  await mkdir(folder, { recursive: true });
  for (const width of offered) {
    const resized = () => upright.clone().resize({ width });
    await once(folder, `${name}-${width}.avif`, () =>
      resized().avif({ quality: 55, effort: 1, chromaSubsampling: '4:2:0' }).toBuffer(),
    );
    await once(folder, `${name}-${width}.webp`, () => resized().webp({ quality: 76 }).toBuffer());
  }
  const share = `${name}-${Math.round(focus.x)}-${Math.round(focus.y)}-share.jpg`;
  await once(folder, share, () => shareJpeg(upright, autoOrient, focus));

  const srcset = (extension: string) =>
    offered.map((width) => `${mediaPath(`${name}-${width}.${extension}`)} ${width}w`).join(', ');
  return {
    address,
    sources: [
      { type: 'image/avif', srcset: srcset('avif') },
      { type: 'image/webp', srcset: srcset('webp') },
    ],
    src: mediaPath(`${name}-${offered.find((width) => width >= 960) ?? largest}.webp`),
    width: largest,
    height: Math.max(1, Math.round((autoOrient.height * largest) / autoOrient.width)),
    share: { path: mediaPath(share), ...shareSize },
    files: [...offered.flatMap((width) => [`${name}-${width}.avif`, `${name}-${width}.webp`]), share],
  };
}

/** A picture without words for pages that have none: a calm line of hills in the colours of the site. */
export async function processBrandPicture(address: string, folder: string): Promise<StoredPicture> {
  const drawing = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630" viewBox="0 0 1200 630">
      <rect width="1200" height="630" fill="#f6f1e7"/>
      <circle cx="910" cy="210" r="96" fill="#e2a36b"/>
      <path d="M0 420 C 220 300 420 330 620 400 S 1010 480 1200 360 V 630 H 0 Z" fill="#8fb3a8"/>
      <path d="M0 500 C 260 420 480 470 700 510 S 1050 560 1200 470 V 630 H 0 Z" fill="#3f6f68"/>
      <path d="M0 575 C 320 520 640 590 1200 550 V 630 H 0 Z" fill="#1f4a47"/>
    </svg>`,
  );
  const file = `brand-${recipe}-share.jpg`;
  await mkdir(folder, { recursive: true });
  await once(folder, file, () => sharp(drawing).jpeg({ quality: 85, mozjpeg: true }).toBuffer());
  const share = { path: mediaPath(file), ...shareSize };
  const { width, height } = shareSize;
  const picture = { address, sources: [], src: share.path, width, height, share, files: [file] };
  // The same object each time tells who uses it that nothing changed.
  const same = brands.get(address) ?? picture;
  brands.set(address, same);
  return same;
}

const brands = new Map<string, StoredPicture>();

async function shareJpeg(
  upright: Sharp,
  size: { width: number; height: number },
  focus: FocalPoint,
): Promise<Buffer> {
  const scale = Math.max(shareSize.width / size.width, shareSize.height / size.height);
  const width = Math.max(shareSize.width, Math.round(size.width * scale));
  const height = Math.max(shareSize.height, Math.round(size.height * scale));
  return upright
    .clone()
    .resize({ width, height, fit: 'fill' })
    .extract({
      left: Math.round(((width - shareSize.width) * focus.x) / 100),
      top: Math.round(((height - shareSize.height) * focus.y) / 100),
      ...shareSize,
    })
    .flatten({ background: '#ffffff' })
    .jpeg({ quality: 80, mozjpeg: true })
    .toBuffer();
}

/** Writes a file unless it is there; whole or not at all. Two pictures of the same bytes may write it at once. */
async function once(folder: string, file: string, make: () => Promise<Buffer>): Promise<void> {
  const target = path.join(folder, file);
  if (await exists(target)) return;
  const temporary = `${target}.${randomUUID()}.new`;
  await writeFile(temporary, await make());
  await rename(temporary, target);
}

/** Whether a file is there. */
export async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
