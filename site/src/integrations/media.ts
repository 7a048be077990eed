import { copyFile, link, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { createReadStream } from 'node:fs';
import { pictureFolders } from '../content/pull/pictures.ts';
import { exists } from '../features/pictures/process.ts';
import { mediaPath } from '../paths.ts';

const types: Readonly<Record<string, string>> = {
  '.avif': 'image/avif',
  '.webp': 'image/webp',
  '.jpg': 'image/jpeg',
};

/** Puts the processed pictures into the built site, and serves them while developing. */
export function media(dataDir: string): AstroIntegration {
  const { files } = pictureFolders(dataDir);
  return {
    name: 'meridian-media',
    hooks: {
      'astro:build:done': async ({ dir, logger }) => {
        const target = fileURLToPath(new URL(`.${mediaPath('')}`, dir));
        await mkdir(target, { recursive: true });
        const names = await readdir(files);
        for (const name of names) await place(path.join(files, name), path.join(target, name));
        logger.info(`${names.length} picture files`);
      },
      'astro:server:setup': ({ server }) => {
        server.middlewares.use(mediaPath(''), (request, response, next) => {
          const name = path.basename(request.url ?? '');
          const type = types[path.extname(name)];
          const file = path.join(files, name);
          void exists(file).then((there) => {
            if (!there || type === undefined) next();
            else createReadStream(file).pipe(response.setHeader('content-type', type));
          });
        });
      },
    },
  };
}

/** Hard-links where the file system can, for pictures are never changed in place. */
async function place(source: string, target: string): Promise<void> {
  try {
    await link(source, target);
  } catch {
    await copyFile(source, target);
  }
}
