import type { Core } from '@strapi/strapi';
import { errors } from '@strapi/utils';
import type { MeridianConfig } from '../../config/meridian.ts';
import { carriesToken, publishedOnly } from '../access/published-only.ts';

const middleware: Core.MiddlewareFactory = (_config, { strapi }) => {
  const { preview } = strapi.config.get<MeridianConfig['tokens']>('meridian.tokens');
  const prefix = strapi.config.get<string>('api.rest.prefix', '/api');
  return async (context, next) => {
    const path = context.path.toLowerCase();
    if (path === prefix || path.startsWith(`${prefix}/`)) {
      // Strapi's search looks into private fields too, so that its answers would tell what stands in them.
      if ('_q' in context.query) {
        throw new errors.ValidationError(
          'Nothing is searched with _q here. Use filters on the fields that are public.',
        );
      }
      if (!carriesToken(context.get('authorization'), preview)) {
        context.query = publishedOnly(context.query);
      }
    }
    await next();
  };
};

export default middleware;
