import { extname } from 'node:path';

interface MediaType {
  type: string;
  /** Whether brotli and gzip make it smaller. */
  compressible: boolean;
}

const octets: MediaType = { type: 'application/octet-stream', compressible: false };

function text(type: string): MediaType {
  return { type: `${type}; charset=utf-8`, compressible: true };
}

function binary(type: string): MediaType {
  return { type, compressible: false };
}

const mediaTypes = new Map<string, MediaType>([
  ['.html', text('text/html')],
  ['.css', text('text/css')],
  ['.js', text('text/javascript')],
  ['.mjs', text('text/javascript')],
  ['.json', text('application/json')],
  ['.webmanifest', text('application/manifest+json')],
  ['.xml', text('application/xml')],
  ['.xsl', text('text/xsl')],
  ['.txt', text('text/plain')],
  ['.svg', text('image/svg+xml')],
  ['.avif', binary('image/avif')],
  ['.webp', binary('image/webp')],
  ['.png', binary('image/png')],
  ['.jpg', binary('image/jpeg')],
  ['.jpeg', binary('image/jpeg')],
  ['.gif', binary('image/gif')],
  ['.ico', { type: 'image/x-icon', compressible: true }],
  ['.woff2', binary('font/woff2')],
  ['.woff', binary('font/woff')],
  ['.ttf', { type: 'font/ttf', compressible: true }],
  ['.wasm', { type: 'application/wasm', compressible: true }],
  ['.pdf', binary('application/pdf')],
  ['.pagefind', octets],
  ['.pf_fragment', octets],
  ['.pf_index', octets],
  ['.pf_meta', octets],
]);

/** Media type of a file by the end of its name; a name that we do not know is plain octets. */
export function mediaTypeOf(path: string): MediaType {
  return mediaTypes.get(extname(path).toLowerCase()) ?? octets;
}

/** Whether a file is a page. */
export function isPage(path: string): boolean {
  return path.endsWith('.html');
}
