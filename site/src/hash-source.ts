import { createHash } from 'node:crypto';

/** Names an inline script or style in a Content Security Policy by what it is, such as `'sha256-…'` with its quotes. */
export function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
