import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Core } from '@strapi/strapi';
import { errors } from '@strapi/utils';
import { service, table, type RequestContext, type UploadedFile } from '../internals.ts';
import { cleanPicture, PictureError, pictureType, typeOfExtension, type PictureType } from './pictures.ts';

interface Route {
  handler?: unknown;
  config?: { middlewares?: unknown[] };
}

const FILE = 'plugin::upload.file';
const TAKES_FILES = ['admin-upload.upload', 'admin-upload.uploadFile', 'admin-upload.replaceFile'];
const FETCHES = 'admin-upload.uploadFromUrls';

/**
 * Tells staff in plain words why a file is not taken, before Strapi looks at it, and closes the way on which the server
 * would fetch files itself: an editor could have it ask machines of the clinic's own network.
 */
export function guardUploadRoutes(strapi: Core.Strapi): void {
  const { admin } = strapi.plugin('upload').routes as unknown as { admin: { routes: Route[] } };
  const before = (handler: string, middleware: Core.MiddlewareHandler): void => {
    const route = admin.routes.find((each) => each.handler === handler);
    // Another version of Strapi may name it otherwise: better no start than an open door.
    if (route === undefined) throw new Error(`Strapi has no route to ${handler} any more.`);
    route.config = { ...route.config, middlewares: [middleware, ...(route.config?.middlewares ?? [])] };
  };
  for (const handler of TAKES_FILES) {
    before(handler, async (context, next) => {
      for (const { filepath, originalFilename } of filesOf(context)) {
        await explained(() => pictureType({ path: filepath, name: originalFilename ?? '' }));
      }
      await next();
    });
  }
  before(FETCHES, () => {
    // The one refusal whose reason Strapi passes on.
    throw new errors.PolicyError(
      'The server fetches no pictures by their address. Save the picture on your computer, and upload that file.',
    );
  });
}

/** Whatever comes into the media library, from staff, a seed or an import, is a picture made anew. */
export function cleanUploads(strapi: Core.Strapi): void {
  const uploads = service(strapi, 'plugin::upload.upload');
  const { upload, replace } = uploads;
  uploads.upload = async (request, options) => {
    const files = [request.files].flat();
    return withClean(files, null, (clean) => upload({ ...request, files: clean }, options));
  };
  uploads.replace = async (id, request, options) => {
    const kept = await table<{ ext: string | null }>(strapi, FILE).findOne({ where: { id } });
    // The address of a replaced picture stays, so its type must stay too.
    const as = typeOfExtension(kept?.ext ?? '');
    return withClean([request.file], as, ([file = request.file]) =>
      replace(id, { ...request, file }, options),
    );
  };
  // Strapi would make it anew once more, and leave out AVIF.
  service(strapi, 'plugin::upload.image-manipulation').optimize = (file) => Promise.resolve(file);
}

async function withClean<Result>(
  files: readonly UploadedFile[],
  as: PictureType | null,
  use: (clean: UploadedFile[]) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'meridian-upload-'));
  try {
    const clean: UploadedFile[] = [];
    for (const [index, file] of files.entries()) {
      const own = await mkdtemp(join(folder, `${String(index)}-`));
      const { path, name, mimetype, bytes } = await explained(() =>
        cleanPicture({ path: file.filepath, name: file.originalFilename ?? '' }, own, as ?? undefined),
      );
      clean.push({
        filepath: path,
        originalFilename: name,
        mimetype,
        detectedMimeType: mimetype,
        size: bytes,
      });
    }
    return await use(clean);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Strapi shows staff the message of its own errors alone. */
async function explained<Result>(check: () => Promise<Result>): Promise<Result> {
  try {
    return await check();
  } catch (error) {
    throw error instanceof PictureError ? new errors.ValidationError(error.message) : error;
  }
}

function filesOf({ request }: RequestContext): UploadedFile[] {
  const { files } = (request as { files?: { files?: UploadedFile | UploadedFile[] } }).files ?? {};
  return files === undefined ? [] : [files].flat();
}
