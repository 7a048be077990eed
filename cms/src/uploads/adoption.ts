import { createReadStream, existsSync, type ReadStream } from 'node:fs';
import { basename, join } from 'node:path';
import type { Core } from '@strapi/strapi';
import type { MeridianConfig } from '../../config/meridian.ts';
import { table, writeColumns } from '../internals.ts';

const FILE = 'plugin::upload.file';

/** What is stored of a file, or of a smaller size of it. */
interface Stored {
  url: string;
  hash: string;
  ext: string;
  mime: string;
}
interface FileRow extends Stored {
  id: number;
  formats: Record<string, Stored> | null;
}

/** Moves pictures, in the background, once the CMS serves; commands such as the seed load it and never do. */
export function startAdoption(strapi: Core.Strapi): void {
  strapi.server.httpServer.once('listening', () => {
    adoptFiles(strapi).then(
      ({ adopted, missing }) => {
        if (adopted > 0)
          strapi.log.info(`${String(adopted)} pictures were taken over from where they were kept before.`);
        if (missing > 0) {
          strapi.log.warn(
            `${String(missing)} pictures were kept elsewhere and are not in DATA_DIR/public/uploads of this machine.`,
          );
        }
      },
      (error: unknown) => {
        const reason = error instanceof Error ? error.name : 'unknown';
        strapi.log.error(`Pictures could not be moved (${reason}). Tried again at the next start.`);
      },
    );
  });
}

/**
 * Takes over pictures of the media library that were kept elsewhere before: from DATA_DIR into the bucket when there is
 * one now, or from a bucket that is not set any more when their files lie in DATA_DIR, as after a restore. Their
 * addresses stay, and so does everything that shows them. Files in DATA_DIR stay where they are. It can be cut off and
 * run again, also by several replicas at once.
 */
export async function adoptFiles(strapi: Core.Strapi): Promise<{ adopted: number; missing: number }> {
  const { bucket, dataDir } = strapi.config.get<MeridianConfig>('meridian');
  const current = bucket === null ? 'local' : 'aws-s3';
  const { provider } = strapi.plugin('upload') as unknown as {
    provider: { uploadStream: (file: Stored & { stream: ReadStream }) => Promise<void> };
  };
  let adopted = 0;
  let missing = 0;
  for (let last = 0; ;) {
    // One at a time, so that a picture which staff replace meanwhile is seen to be in its place already.
    const [row] = await table<FileRow>(strapi, FILE).findMany({
      where: { id: { $gt: last }, provider: { $ne: current } },
      orderBy: { id: 'asc' },
      limit: 1,
    });
    if (row === undefined) return { adopted, missing };
    const { id, formats, ...file } = row;
    last = id;
    const parts = [file, ...Object.values(formats ?? {})].map((part) => ({
      part,
      path: join(dataDir, 'public', 'uploads', basename(part.url)),
    }));
    if (!parts.every(({ path }) => existsSync(path))) {
      missing += 1;
      continue;
    }
    for (const { part, path } of bucket === null ? [] : parts) {
      const { url, hash, ext, mime } = part;
      await provider.uploadStream({ url, hash, ext, mime, stream: createReadStream(path) });
    }
    await writeColumns(strapi, FILE, id, { provider: current });
    adopted += 1;
  }
}
