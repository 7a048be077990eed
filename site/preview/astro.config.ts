import tailwind from '@astrojs/tailwind';
import node from '@astrojs/node';
import { defineConfig, passthroughImageService } from 'astro/config';
import { inlinesScriptsOnly, ownScripts } from '../src/integrations/own-scripts.ts';

/**
 * The pages of the site once more, for previews: rendered on demand by the site server. It has a root of its own, so it
 * shares neither cache nor intermediate files with the build of the public site. Run from the folder above.
 */
export default defineConfig({
  output: 'server',
  base: '/preview',
  srcDir: '.',
  outDir: 'dist',
  cacheDir: 'dist/.cache',
  trailingSlash: 'always',
  adapter: node({ mode: 'middleware', experimentalDisableStreaming: true }),
  session: false,
  image: { service: passthroughImageService() },
  integrations: [tailwind({ applyBaseStyles: false, configFile: './tailwind.config.ts' }), ownScripts()],
  build: { inlineStylesheets: 'never', format: 'directory' },
  devToolbar: { enabled: false },
  prefetch: false,
  vite: { build: { assetsInlineLimit: inlinesScriptsOnly } },
});
