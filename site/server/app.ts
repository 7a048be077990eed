import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { readRequestId, requestIdHeader } from '@meridian/shared-types/operations';
import { systemCode } from './errors.ts';
import { answerFile } from './file-answers.ts';
import { findDestination, notFoundFile, readAddress, type Address } from './addresses.ts';
import { isHashed, securityHeaders } from './headers.ts';
import { healthRoutes } from './health.ts';
import { consultationRoutes } from './consultation/routes.ts';
import type { ConsultationService } from './consultation/service.ts';
import { followReleases, isGone, type Release } from './live-release.ts';
import type { SiteMetrics } from './metrics.ts';
import { plainPage, plainPolicy } from './plain-pages.ts';
import { messages, type MessagesOptions } from './publishing/messages.ts';
import { registerPreview, type PreviewOptions } from './preview/routes.ts';
import { routeClass } from './route-classes.ts';
import { slottedPages } from './slotted-pages.ts';

export interface AppOptions {
  /** Folder of all releases, with the link `current`. It may be empty at first. */
  releasesDir: string;
  /** Public address of the site. */
  siteUrl: string;
  /** How many proxies in front of the server are believed. */
  trustProxy: number;
  /** Where faults and writes are told; never who read what. */
  log?: FastifyBaseLogger | null;
  /** Where answers are counted. */
  metrics?: SiteMetrics | null;
  /** Where messages of the CMS go; without it none are taken. */
  publishing?: MessagesOptions;
  /** How previews are made; null where there are none. */
  preview?: PreviewOptions | null;
  /** What takes consultation requests; null: the form is off. */
  consultation?: ConsultationService | null;
  /** How long senders may take. */
  patience?: Patience;
  /** The clock, for what is said at request time. */
  now?: () => Date;
}

/** In milliseconds: for the headers, for a whole request, and how often both are looked at. */
export interface Patience {
  headers: number;
  request: number;
  lookEvery: number;
}

const usualPatience: Patience = { headers: 10_000, request: 15_000, lookEvery: 2_000 };
const longestAddress = 2048;
// A release that is removed while a request reads it is followed by a newer one; more than a few in one request are not.
const attempts = 5;

/** Makes the server of the public site. It listens to nothing yet and shares nothing with another one. */
export function buildApp({
  releasesDir,
  siteUrl,
  trustProxy,
  log = null,
  metrics = null,
  publishing,
  preview = null,
  consultation = null,
  patience = usualPatience,
  now = () => new Date(),
}: AppOptions): FastifyInstance {
  const secure = new URL(siteUrl).protocol === 'https:';
  const app = fastify({
    ...(log === null ? { logger: false } : { loggerInstance: log }),
    genReqId: (request) => readRequestId(request.headers[requestIdHeader]),
    // Which person read which page is nobody's business.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    trustProxy: (_address: string, hop: number) => hop < trustProxy,
    requestTimeout: patience.request,
    keepAliveTimeout: 30_000,
    bodyLimit: 1024,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    http: {
      headersTimeout: patience.headers,
      connectionsCheckingInterval: patience.lookEvery,
      maxHeaderSize: 8192,
    },
    frameworkErrors: (error, _request, reply) => {
      sendPlain(reply, error.statusCode ?? 400, null);
    },
  });
  const releases = followReleases(releasesDir, (id, error) => {
    app.log.error({ err: error, release: id }, 'A release cannot be read; the one before goes on.');
  });
  const pages = slottedPages();

  function sendPlain(reply: FastifyReply, status: number, release: Release | null): FastifyReply {
    return reply
      .code(status)
      .headers({
        ...securityHeaders(null, secure),
        'content-security-policy': plainPolicy,
        'cache-control': 'no-store',
      })
      .type('text/html; charset=utf-8')
      .send(plainPage(status, release?.content.clinic ?? null));
  }

  async function answer(
    request: FastifyRequest,
    reply: FastifyReply,
    address: Address,
  ): Promise<FastifyReply> {
    const release = await releases.current();
    if (release === null) return sendPlain(reply.header('retry-after', '60'), 503, null);
    const destination = findDestination(address, release.book);
    if (destination.kind === 'redirect') {
      return reply
        .headers(securityHeaders(null, secure))
        .header('cache-control', 'public, max-age=3600')
        .redirect(destination.location, 301);
    }
    const sending = { request, reply, pages, secure, now: now() };
    if (destination.kind === 'file') {
      const status = destination.file === notFoundFile ? 404 : 200;
      return answerFile({ ...sending, release, file: destination.file, status });
    }
    const hashed = address.path.slice(1);
    if (isHashed(hashed)) {
      const holder = (await releases.older()).find(({ files }) => files.has(hashed));
      if (holder !== undefined) return answerFile({ ...sending, release: holder, file: hashed, status: 200 });
    }
    if (release.files.has(notFoundFile))
      return answerFile({ ...sending, release, file: notFoundFile, status: 404 });
    return sendPlain(reply, 404, release);
  }

  app.addHook('onRequest', async (request, reply) => {
    // What is read may be kept by a cache, and then its id would be somebody else's.
    if (!isRead(request)) reply.header(requestIdHeader, request.id);
    if (request.url.length > longestAddress) return sendPlain(reply, 414, null);
    // Every path has a route for reading, so what has none is another method.
    if (request.is404) return sendPlain(reply.header('allow', 'GET, HEAD'), 405, await releases.current());
    return undefined;
  });

  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request;
    const { statusCode: status, elapsedTime } = reply;
    metrics?.answered(routeClass(request), method, status, elapsedTime / 1_000);
    // A flood must not push everything else out of the log; it is counted.
    if (isRead(request) || request.is404 || status === 429) return;
    const facts = { method, route: routeOptions.url, status, milliseconds: Math.round(elapsedTime) };
    request.log.info(facts, 'A message or form was answered.');
  });

  if (publishing !== undefined) void app.register(messages(publishing));

  const ready = healthRoutes(app, {
    releases,
    releasesDir,
    spool: consultation === null ? null : () => consultation.spool.writable(),
    headers: securityHeaders(null, secure),
  });
  metrics?.follow({
    publishing: publishing === undefined ? null : () => publishing.reconciler.status(),
    requests: consultation === null ? null : () => consultation.status(),
    ready,
  });

  async function read(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const address = readAddress(request.raw.url ?? '');
    if (address === null) return sendPlain(reply, 400, await releases.current());
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await answer(request, reply, address);
      } catch (error) {
        if (attempt === attempts || !isGone(error)) throw error;
      }
    }
  }

  registerPreview(app, preview, now);
  if (consultation !== null)
    consultationRoutes(app, { consultation, releases, read, sendPlain, siteUrl, now });

  app.route({ method: ['GET', 'HEAD'], url: '*', handler: read });

  app.setErrorHandler<FastifyError>(async (error, request, reply) => {
    const status = error.statusCode !== undefined && error.statusCode < 500 ? error.statusCode : 500;
    if (status === 500)
      request.log.error({ err: error, code: systemCode(error), method: request.method }, 'A request failed.');
    return sendPlain(reply, status, await releases.current());
  });

  return app;
}

function isRead({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}
