import { messagesPath } from '@meridian/shared-types';
import type { FastifyRequest } from 'fastify';
import { consultationPath } from '../src/paths.ts';

/** The kind of route that a request went to, for metrics: never its address. */
export function routeClass({ routeOptions, raw, is404 }: FastifyRequest): string {
  const url = routeOptions.url ?? '';
  if (is404) return 'other';
  if (url === messagesPath) return 'message';
  if (url === '/healthz' || url === '/readyz') return 'health';
  if (url.startsWith('/preview')) return 'preview';
  if (url.startsWith(consultationPath())) return 'consultation';
  // Pages end in a slash, or are on their way to one.
  return /\.\w+$/.test(raw.url?.split('?')[0] ?? '') ? 'file' : 'page';
}
