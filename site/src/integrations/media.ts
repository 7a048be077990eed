import { copyFile, link, mkdir, readdir, rm } from 'node:fs/promises';
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
        logger.info(`${await placeMedia(dataDir, fileURLToPath(dir))} picture files`);
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

/** Lets a built site hold the processed pictures and no others. Answers how many files they are. */
export async function placeMedia(dataDir: string, dist: string): Promise<number> {
  const { files } = pictureFolders(dataDir);
  const target = path.join(dist, mediaPath(''));
  await mkdir(target, { recursive: true });
  const wanted = new Set(await readdir(files));
  const present = new Set(await readdir(target));
  for (const name of present) if (!wanted.has(name)) await rm(path.join(target, name));
  for (const name of wanted) {
    if (!present.has(name)) await place(path.join(files, name), path.join(target, name));
  }
  return wanted.size;
}

/** Hard-links where the file system can, for pictures are never changed in place. */
async function place(source: string, target: string): Promise<void> {
  try {
    await link(source, target);
  } catch {
    await copyFile(source, target);
  }
}
