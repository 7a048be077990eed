import type { Core } from '@strapi/strapi';
import type { MeridianConfig } from '../../config/meridian.ts';

/** What site servers and health checks ask for; each has a door of its own or shows nothing. */
const OPEN = /^\/(api|uploads)\/|^\/(_health|healthz|readyz)\/?$/i;
const MESSAGE =
  'The admin panel cannot be reached from this network. Use it from the clinic, or over the clinic’s VPN. ' +
  'Operators find the allowed networks in ADMIN_ALLOWED_NETWORKS.';
const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Not from here</title><h1>Not from here</h1><p>${MESSAGE}</p></html>`;

/** Lets only the networks that the operator named reach the admin panel and everything behind it. */
const middleware: Core.MiddlewareFactory = (_config, { strapi }) => {
  const isAllowed = strapi.config.get<MeridianConfig['adminNetworks']>('meridian.adminNetworks');
  return async (context, next) => {
    if (OPEN.test(context.path) || isAllowed(context.request.ip)) {
      await next();
      return;
    }
    context.status = 403;
    context.set('cache-control', 'no-store');
    if (context.accepts('html', 'json') === 'html') {
      context.type = 'html';
      context.body = PAGE;
    } else {
      context.body = { data: null, error: { status: 403, name: 'ForbiddenError', message: MESSAGE } };
    }
  };
};

export default middleware;
