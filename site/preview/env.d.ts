import type { AstroComponentFactory } from 'astro/runtime/server/index.js';
import type { ShownPreview } from '../src/content/preview/page.ts';

declare global {
  namespace App {
    interface Locals {
      /** What a preview shows; the public site has none. */
      preview?: ShownPreview;
      /** What marks a page as a preview. */
      PreviewMark?: AstroComponentFactory;
    }
  }
}
