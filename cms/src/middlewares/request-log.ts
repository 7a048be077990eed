import type { Core } from '@strapi/strapi';
import { readRequestId, requestIdHeader } from '@meridian/shared-types/operations';
import { requestIds } from '../logging/request-ids.ts';
import { answered } from '../monitoring/metrics.ts';

/**
 * Gives each request an id, which its answer and all that is logged meanwhile bear, and counts it. It is logged without
 * its query: staff search for people, and no name belongs in a log.
 */
const middleware: Core.MiddlewareFactory =
  (_config, { strapi }) =>
  (context, next) =>
    requestIds.run(readRequestId(context.get(requestIdHeader)), async () => {
      const start = performance.now();
      context.set(requestIdHeader, requestIds.getStore() ?? '');
      await next();
      const milliseconds = performance.now() - start;
      const { method, path, status } = context;
      answered(path, method, status, milliseconds / 1_000);
      strapi.log.http(`${method} ${path} (${String(Math.ceil(milliseconds))} ms) ${String(status)}`, {
        method,
        path,
        status,
        milliseconds: Math.ceil(milliseconds),
      });
    });

export default middleware;
