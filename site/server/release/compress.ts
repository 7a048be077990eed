import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { mediaTypeOf } from '../media-types.ts';

const toBrotli = promisify(brotliCompress);
const toGzip = promisify(gzip);

/** Encodings that a release prepares, the better one first; the names are those of HTTP. */
export const encodings = ['br', 'gzip'] as const;

export type Encoding = (typeof encodings)[number];

/** What is added to a file's name for its compressed twin. */
export const twinSuffix: Record<Encoding, string> = { br: '.br', gzip: '.gz' };

const smallestWorthwhile = 256;

/** How hard to try: `full` for what is made once and sent often, `quick` for the moment or for very many files. */
export type Effort = 'full' | 'quick';

// Measured on pages and documents: quality 5 takes a twenty-fifth of the time of 11 and gives a tenth more bytes.
const quality: Record<Effort, Record<Encoding, number>> = {
  full: { br: constants.BROTLI_MAX_QUALITY, gzip: constants.Z_BEST_COMPRESSION },
  quick: { br: 5, gzip: 6 },
};

/** Compresses bytes on zlib's own threads. */
export async function compress(bytes: Uint8Array, encoding: Encoding, effort: Effort): Promise<Buffer> {
  const level = quality[effort][encoding];
  if (encoding === 'gzip') return toGzip(bytes, { level });
  return toBrotli(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: level,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength,
    },
  });
}

/** The compressed twin of a file; null where none is worth its place. */
export async function twinOf(
  path: string,
  bytes: Uint8Array,
  encoding: Encoding,
  effort: Effort,
): Promise<Buffer | null> {
  if (!isWorthCompressing(path, bytes.byteLength)) return null;
  const twin = await compress(bytes, encoding, effort);
  return twin.byteLength < bytes.byteLength ? twin : null;
}

/** Whether a file of this name and size is made smaller. */
export function isWorthCompressing(path: string, size: number): boolean {
  return size >= smallestWorthwhile && mediaTypeOf(path).compressible;
}
