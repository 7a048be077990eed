import type { Readable } from 'node:stream';
import { GetObjectCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { storeOptions, type Bucket } from '@meridian/shared-types/bucket';

/** A picture as the bucket has it. */
export interface StoredPicture {
  /** One of the types that may be uploaded. */
  type: string;
  size: number | null;
  etag: string | null;
  /** Null when only its facts were asked for. */
  body: Readable | null;
}

/** What the bucket says: a picture, that it has none of that name, or that the reader has it already. */
export type Found = StoredPicture | 'missing' | 'unchanged';

const TYPES: Record<string, string> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  avif: 'image/avif',
};

/** Reads pictures from a bucket. */
export type ReadPicture = (
  name: string,
  options: { body: boolean; unlessEtag: string | undefined },
) => Promise<Found>;

/**
 * A reader of the pictures in a bucket. It gives nothing that is no picture by the end of its name, whoever put it there.
 * The reader throws when the store cannot be reached or does not let us in.
 */
export function pictureReader(bucket: Bucket): ReadPicture {
  const client = new S3Client(storeOptions(bucket));
  return async (name, { body, unlessEtag }) => {
    const type = TYPES[name.slice(name.lastIndexOf('.') + 1).toLowerCase()];
    if (type === undefined) return 'missing';
    const place = {
      Bucket: bucket.name,
      Key: name,
      ...(unlessEtag === undefined ? {} : { IfNoneMatch: unlessEtag }),
    };
    try {
      const found = body
        ? await client.send(new GetObjectCommand(place))
        : await client.send(new HeadObjectCommand(place));
      return {
        type,
        size: found.ContentLength ?? null,
        etag: found.ETag ?? null,
        body: 'Body' in found ? (found.Body as Readable) : null,
      };
    } catch (error) {
      const status = statusOf(error);
      if (status === 404) return 'missing';
      if (status === 304) return 'unchanged';
      throw error;
    }
  };
}

/** The name of a picture in the bucket, from a path below `/uploads/`; null when no upload is called so. */
export function pictureName(path: string): string | null {
  const match = /^\/uploads\/((?:\w[\w.-]*\/)*\w[\w.-]*)$/.exec(path);
  const name = match?.[1];
  return name === undefined || name.includes('..') ? null : name;
}

function statusOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return null;
  return (error.$metadata as { httpStatusCode?: number }).httpStatusCode ?? null;
}
