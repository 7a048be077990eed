import { stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Core } from '@strapi/strapi';
import { service, table } from '../internals.ts';
import { CmsError } from '../boot/errors.ts';
import { isValues, readEntryFile } from './files.ts';

const MIME_TYPES: Record<string, string> = {
  '.avif': 'image/avif',
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
};

/**
 * Uploads the pictures that `media/index.yaml` lists, with their alternative texts; those that are there stay.
 *
 * @returns numeric file ids by file name.
 * @throws CmsError when a picture is missing, of a wrong type, or without alternative text.
 */
export async function seedMedia(strapi: Core.Strapi, root: string): Promise<Map<string, number>> {
  const index = await readEntryFile(root, join(root, 'media', 'index.yaml'));
  const files = table<{ id: number }>(strapi, 'plugin::upload.file');
  const ids = new Map<string, number>();
  for (const [name, info] of Object.entries(index.values)) {
    const existing = await files.findOne({ where: { name } });
    ids.set(name, existing?.id ?? (await upload(strapi, root, name, info)));
  }
  return ids;
}

async function upload(strapi: Core.Strapi, root: string, name: string, info: unknown): Promise<number> {
  const mimetype = MIME_TYPES[extname(name).toLowerCase()];
  if (mimetype === undefined) {
    throw new CmsError(`media/index.yaml: "${name}" is no jpg, png, webp or avif. Convert it first.`);
  }
  const alternativeText = isValues(info) ? info['alternativeText'] : undefined;
  if (typeof alternativeText !== 'string') {
    throw new CmsError(
      `media/index.yaml: "${name}" has no alternativeText. Describe the picture in one sentence.`,
    );
  }
  const caption = isValues(info) && typeof info['caption'] === 'string' ? info['caption'] : '';
  const filepath = join(root, 'media', name);
  const size = await stat(filepath).then(
    (stats) => stats.size,
    (cause: unknown) => {
      throw new CmsError(
        `media/index.yaml: the picture media/${name} is missing. Add it or remove the line.`,
        { cause },
      );
    },
  );
  return uploadPicture(strapi, { name, filepath, mimetype, size, alternativeText, caption });
}

/** A picture on the disk, as the Media Library will have it. `size` in bytes. */
export interface PictureFile {
  name: string;
  filepath: string;
  mimetype: string;
  size: number;
  alternativeText: string;
  caption: string;
}

/** Puts a picture into the Media Library. @returns its numeric id */
export async function uploadPicture(
  strapi: Core.Strapi,
  { name, filepath, mimetype, size, alternativeText, caption }: PictureFile,
): Promise<number> {
  const [file] = await service(strapi, 'plugin::upload.upload').upload({
    data: { fileInfo: { name, alternativeText, caption } },
    files: { filepath, originalFilename: name, mimetype, size },
  });
  if (file === undefined) throw new CmsError(`${name}: the upload gave nothing back. Try again.`);
  return file.id;
}
