import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type Bucket, storeOptions } from '../shared-types/src/bucket.ts';
import { messageOf, OperatorError } from './errors.ts';

/** The bucket of the media library, for backups. */
export interface PictureBucket {
  /** Names of all objects, but for those that a restore put aside. */
  names(): Promise<string[]>;
  /** An object and its size in bytes; null when it is gone meanwhile. */
  read(name: string): Promise<{ content: Readable; size: number } | null>;
  /**
   * Puts a file into the bucket. One of that name with other content is kept as `replaced-STAMP/NAME`.
   *
   * @returns whether one was put aside
   */
  put(name: string, file: string, stamp: string): Promise<boolean>;
  /** Puts back what `put` put aside. */
  putBack(name: string, stamp: string): Promise<void>;
}

/** Opens the bucket; nothing is asked of the store yet. */
export function openBucket(bucket: Bucket): PictureBucket {
  const client = new S3Client(storeOptions(bucket));
  const place = (name: string) => ({ Bucket: bucket.name, Key: name });
  const ask = async <Answer>(question: () => Promise<Answer>): Promise<Answer | null> => {
    try {
      return await question();
    } catch (error) {
      if (isMissing(error)) return null;
      throw new OperatorError(
        `The bucket ${bucket.name} cannot be used (${error instanceof Error ? error.name : messageOf(error)}). ` +
          'Check S3_ENDPOINT, S3_REGION, the keys, and that they may list, read, write and delete in it.',
      );
    }
  };
  const copy = async (from: string, to: string): Promise<void> => {
    const CopySource = `${bucket.name}/${encodeURIComponent(from)}`;
    await ask(() => client.send(new CopyObjectCommand({ ...place(to), CopySource })));
  };
  return {
    async names() {
      const names: string[] = [];
      let next: string | undefined;
      do {
        const more = next === undefined ? {} : { ContinuationToken: next };
        const page = await ask(() => client.send(new ListObjectsV2Command({ Bucket: bucket.name, ...more })));
        if (page === null)
          throw new OperatorError(`There is no bucket ${bucket.name}. Make it, or mend S3_BUCKET.`);
        names.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
        next = page.NextContinuationToken;
      } while (next !== undefined);
      return names.filter((name) => !/^replaced-\d+\/|\/$/.test(name));
    },
    async read(name) {
      const found = await ask(() => client.send(new GetObjectCommand(place(name))));
      if (found === null) return null;
      return { content: found.Body as Readable, size: found.ContentLength ?? 0 };
    },
    async put(name, file, stamp) {
      const bytes = await readFile(file);
      const before = await ask(() => client.send(new HeadObjectCommand(place(name))));
      // A store tells the MD5 of what it took in one piece.
      if (before?.ETag === `"${createHash('md5').update(bytes).digest('hex')}"`) return false;
      if (before !== null) await copy(name, asideOf(name, stamp));
      await ask(() => client.send(new PutObjectCommand({ ...place(name), Body: bytes })));
      return before !== null;
    },
    putBack: (name, stamp) => copy(asideOf(name, stamp), name),
  };
}

function asideOf(name: string, stamp: string): string {
  return `replaced-${stamp}/${name}`;
}

function isMissing(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return false;
  return (error.$metadata as { httpStatusCode?: number }).httpStatusCode === 404;
}
