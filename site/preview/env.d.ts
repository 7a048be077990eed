declare namespace App {
  interface Locals {
    /** What a preview shows; the public site has none. */
    preview?: import('../src/content/preview/page.ts').ShownPreview;
    /** What marks a page as a preview. */
    PreviewMark?: import('astro/runtime/server/index.js').AstroComponentFactory;
  }
}
