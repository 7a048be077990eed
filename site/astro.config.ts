import path from 'node:path';
import tailwind from '@astrojs/tailwind';
import { defineConfig } from 'astro/config';
import { dataDir, siteUrl } from './settings.ts';
import { buildTurns } from './src/integrations/build-turns.ts';
import { keptPrinter } from './src/integrations/kept-printer.ts';
import { media } from './src/integrations/media.ts';
import { inlinesScriptsOnly, ownScripts } from './src/integrations/own-scripts.ts';
import { searchIndex } from './src/integrations/search-index.ts';

const data = dataDir();

export default defineConfig({
  output: 'static',
  site: siteUrl(),
  trailingSlash: 'always',
  cacheDir: path.join(data, 'cache', 'astro'),
  integrations: [
    buildTurns(),
    keptPrinter(),
    tailwind({ applyBaseStyles: false }),
    media(data),
    ownScripts(),
    searchIndex(),
  ],
  build: { inlineStylesheets: 'never', format: 'directory' },
  devToolbar: { enabled: false },
  prefetch: false,
  experimental: { incrementalBuild: true },
  vite: { cacheDir: path.join(data, 'cache', 'vite'), build: { assetsInlineLimit: inlinesScriptsOnly } },
});
