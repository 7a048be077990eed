import type { AstroIntegration, AstroPrerenderer } from 'astro';

type Paths = Awaited<ReturnType<AstroPrerenderer['getStaticPaths']>>;

/** What prints pages, bundled and loaded by a build, and the pages that the build printed with it. */
export interface KeptPrinter {
  prerenderer: AstroPrerenderer;
  paths: Paths;
}

declare global {
  /** The printer of the last build in this process. */
  var meridianPrinter: KeptPrinter | undefined;
}

/** Keeps what a build prints pages with, so that the next content can be printed without bundling the same code again. */
export function keptPrinter(): AstroIntegration {
  return {
    name: 'meridian-kept-printer',
    hooks: {
      'astro:build:start': ({ setPrerenderer }) => {
        setPrerenderer((prerenderer) => ({
          ...prerenderer,
          async getStaticPaths() {
            const paths = await prerenderer.getStaticPaths();
            globalThis.meridianPrinter = { prerenderer, paths };
            return paths;
          },
        }));
      },
    },
  };
}

/** Hands out the printer of the last build in this process, once. Null: there is none. */
export function takePrinter(): KeptPrinter | null {
  const printer = globalThis.meridianPrinter ?? null;
  globalThis.meridianPrinter = undefined;
  return printer;
}
