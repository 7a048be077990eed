import type { Core } from '@strapi/strapi';
import type { Context } from 'koa';
import { changesSince } from '../../../revisions/log.ts';
import { parseSince } from '../../../revisions/since.ts';

export default ({ strapi }: { strapi: Core.Strapi }) => ({
  /** What changed since a revision: `{ data, meta: { revision, complete } }`. */
  async changes(context: Context): Promise<void> {
    context.body = await changesSince(strapi, parseSince(context.query['since']));
  },
});
