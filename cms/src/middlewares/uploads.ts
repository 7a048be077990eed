import type { Core } from '@strapi/strapi';
import type { MeridianConfig } from '../../config/meridian.ts';
import { pictureName, pictureReader } from '../uploads/stored-pictures.ts';

/**
 * Serves `/uploads/…` from the bucket, when there is one, so that pictures have the same addresses wherever they are
 * kept, and the bucket may be private. What it does not have is looked for on the disk.
 */
const middleware: Core.MiddlewareFactory = (_config, { strapi }) => {
  const { bucket } = strapi.config.get<MeridianConfig>('meridian');
  if (bucket === null) {
    return async (_context, next) => {
      await next();
    };
  }
  const read = pictureReader(bucket);
  return async (context, next) => {
    const name = /^(GET|HEAD)$/.test(context.method) ? pictureName(context.path) : null;
    if (name === null) {
      await next();
      return;
    }
    const unlessEtag = context.get('if-none-match') || undefined;
    const found = await read(name, { body: context.method === 'GET', unlessEtag }).catch((error: unknown) => {
      const reason = error instanceof Error ? error.name : 'unknown';
      strapi.log.error(
        `The bucket ${bucket.name} cannot be read (${reason}). Check S3_ENDPOINT, the keys and the bucket.`,
      );
      return null;
    });
    if (found === 'missing') {
      await next();
      return;
    }
    // A picture may be replaced under its name.
    context.set('cache-control', 'no-cache');
    if (found === null) {
      context.status = 503;
      context.set('retry-after', '10');
    } else if (found === 'unchanged') {
      context.status = 304;
    } else {
      context.status = 200;
      context.type = found.type;
      if (found.etag !== null) context.set('etag', found.etag);
      if (found.body !== null) context.body = found.body;
      if (found.size !== null) context.length = found.size;
    }
  };
};

export default middleware;
