import type { Core } from '@strapi/strapi';

/** Logs each request without its query: staff search for people, and no name belongs in a log. */
const middleware: Core.MiddlewareFactory =
  (_config, { strapi }) =>
  async (context, next) => {
    const start = performance.now();
    await next();
    const milliseconds = Math.ceil(performance.now() - start);
    strapi.log.http(
      `${context.method} ${context.path} (${String(milliseconds)} ms) ${String(context.status)}`,
    );
  };

export default middleware;
