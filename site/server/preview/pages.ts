import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { ShownPreview } from '../../src/content/preview/page.ts';
import { readScripts } from '../release/manifest.ts';

type Render = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
  locals: { preview: ShownPreview },
) => Promise<void>;

/** The pages built for previews. */
export interface PreviewPages {
  render: Render;
  /** Scripts that the pages have, as a policy of content names them. */
  scripts: readonly string[];
  /** A file of styles or scripts by its plain name; null when the build has none such. */
  asset(name: string): Promise<{ type: string; bytes: Buffer } | null>;
}

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};
const entrySchema = z.object({ handler: z.custom<Render>((value) => typeof value === 'function') });

/** Finds the pages that were built into `folder`, when they are first asked for; null as long as there are none. */
export function previewPages(folder: string): () => Promise<PreviewPages | null> {
  let pages: Promise<PreviewPages> | null = null;
  return async () => {
    const entry = join(folder, 'server', 'entry.mjs');
    if (pages === null && !existsSync(entry)) return null;
    pages ??= load(folder, entry);
    try {
      return await pages;
    } catch {
      pages = null;
      return null;
    }
  };
}

async function load(folder: string, entry: string): Promise<PreviewPages> {
  const module: unknown = await import(pathToFileURL(entry).href);
  const { handler } = entrySchema.parse(module);
  const assets = join(folder, 'client', '_astro');
  const names = new Set(readdirSync(assets));
  return {
    render: handler,
    scripts: await readScripts(join(folder, 'client')),
    asset: async (name) => {
      const type = types[name.split('.').at(-1) ?? ''];
      return type === undefined || !names.has(name)
        ? null
        : { type, bytes: await readFile(join(assets, name)) };
    },
  };
}
