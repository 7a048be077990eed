import { join } from 'node:path';
import { verifyPreview } from '@meridian/shared-types/preview-token';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { PreviewSettings } from '../../settings.ts';
import { basicHeaders } from '../headers.ts';
import { previewLoader, type Preview } from '../../src/content/preview/load.ts';
import {
  claimedDocument,
  openSession,
  readPreviewRequest,
  readSession,
  type PreviewedDocument,
} from './guard.ts';
import { noticePage, notices, noticeStyle } from './notices.ts';
import { previewPages } from './pages.ts';
import { fetchPicture } from './pictures.ts';

export interface PreviewOptions extends PreviewSettings {
  /** Folder of the pages built for previews; that of this checkout unless given. */
  pagesDir?: string;
}

const built = join(import.meta.dirname, '..', '..', 'preview', 'dist');
/** A page and its pictures come out of one look at the CMS, in milliseconds. */
const lookFor = 2_000;
const mostLooks = 50;

/**
 * Answers everything below `/preview/`. The guard comes first: nothing reaches the pages or the CMS before the request
 * is one that previews have and carries the session of its document.
 */
export function registerPreview(
  app: FastifyInstance,
  options: PreviewOptions | null,
  clock: () => Date,
): void {
  const pages = previewPages(options?.pagesDir ?? built);
  const loader = options === null ? null : previewLoader(options);
  const looks = new Map<string, { until: number; preview: Promise<Preview | null> }>();

  function look({ type, documentId, path }: PreviewedDocument, fresh: boolean): Promise<Preview | null> {
    const now = clock();
    const kept = looks.get(path);
    if (!fresh && kept !== undefined && kept.until > now.getTime()) return kept.preview;
    const preview = loader?.load(type, documentId, `${path}media/`, now) ?? Promise.resolve(null);
    looks.delete(path);
    looks.set(path, { until: now.getTime() + lookFor, preview });
    preview.catch(() => looks.delete(path));
    const [oldest] = looks.keys();
    if (looks.size > mostLooks && oldest !== undefined) looks.delete(oldest);
    return preview;
  }

  function notice(reply: FastifyReply, name: keyof typeof notices): FastifyReply {
    return reply
      .code(notices[name].status)
      .header('content-security-policy', previewPolicy(options?.adminOrigin ?? null, noticeStyle))
      .type('text/html; charset=utf-8')
      .send(noticePage(notices[name]));
  }

  app.all('/preview/*', async (request, reply) => {
    reply.headers(headersOf(options));
    if (request.method !== 'GET') return notice(reply.header('allow', 'GET'), 'method');
    const asked = readPreviewRequest(request.raw.url ?? '');
    if (asked === null) return notice(reply, 'missing');
    if (options === null) return notice(reply, 'away');
    const now = clock().getTime();

    if (asked.kind === 'open') {
      const verdict = verifyPreview('link', asked.token, options.secret, now);
      if (verdict.state !== 'valid') return notice(reply, verdict.state);
      const document = claimedDocument(verdict.claims);
      if (document === null || verdict.claims.adminOrigin !== options.adminOrigin)
        return notice(reply, 'invalid');
      return reply
        .header('set-cookie', openSession(verdict.claims, document, { ...options, now }))
        .redirect(document.path, 303);
    }

    if (asked.kind === 'asset') {
      const asset = (await (await pages())?.asset(asked.name)) ?? null;
      return asset === null ? notice(reply, 'missing') : reply.type(asset.type).send(asset.bytes);
    }

    if (readSession(request.headers.cookie, asked.document, { ...options, now }) === null)
      return notice(reply, 'closed');

    try {
      const preview = await look(asked.document, asked.kind !== 'picture');
      if (preview === null) return await notice(reply, 'gone');
      if (asked.kind === 'version')
        return await reply.type('text/plain; charset=utf-8').send(preview.version);
      if (asked.kind === 'picture') {
        const address = preview.pictures.get(asked.name);
        const picture = address === undefined ? null : await fetchPicture(options.cmsUrl, address);
        if (picture === null) return await notice(reply, 'missing');
        return await reply.type(picture.type).send(picture.bytes);
      }
      const shown = await pages();
      if (shown === null) return await notice(reply, 'away');
      reply.header('content-security-policy', previewPolicy(options.adminOrigin, "'self'", shown.scripts));
      reply.hijack();
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) reply.raw.setHeader(name, value);
      await shown.render(request.raw, reply.raw, () => reply.raw.writeHead(404).end(), { preview });
      return await reply;
    } catch (error) {
      // What the CMS or a draft says may be private: the log learns the kind of fault alone.
      app.log.error({ kind: error instanceof Error ? error.name : 'unknown' }, 'A preview cannot be shown.');
      if (reply.sent) return reply;
      return notice(reply, 'away');
    }
  });
}

function headersOf(options: PreviewOptions | null): Record<string, string> {
  return {
    ...basicHeaders(options?.siteUrl.startsWith('https:') === true),
    'cache-control': 'no-store',
    'x-robots-tag': 'noindex, nofollow',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'content-security-policy': previewPolicy(options?.adminOrigin ?? null, "'self'"),
  };
}

/** What a preview may load, and who may frame it. */
export function previewPolicy(
  adminOrigin: string | null,
  styles: string,
  scripts: readonly string[] = [],
): string {
  return [
    "default-src 'none'",
    `style-src ${styles}`,
    "img-src 'self'",
    "font-src 'self'",
    `script-src ${scripts.join(' ') || "'none'"}`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${adminOrigin ?? "'none'"}`,
  ].join('; ');
}
