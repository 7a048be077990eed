import type { Core } from '@strapi/strapi';
import { diskCheck, readiness, type ReadyAnswer } from '@meridian/shared-types/operations';
import type { Context } from 'koa';
import type { MeridianConfig } from '../../config/meridian.ts';

/** Answers whether everything is there that the CMS needs in order to serve. */
export function readinessOf(strapi: Core.Strapi): () => Promise<ReadyAnswer> {
  const { dataDir } = strapi.config.get<MeridianConfig>('meridian');
  const database = {
    name: 'database',
    holds: 'The database answers.',
    fails: 'The database does not answer.',
    look: async () => {
      await strapi.db.connection.raw('SELECT 1');
      return true;
    },
  };
  return readiness([database, diskCheck(dataDir)]);
}

/** `/healthz` says that the process is alive, `/readyz` whether it can serve (200 or 503). Both are for anybody. */
export function healthRoutes(strapi: Core.Strapi): void {
  const ready = readinessOf(strapi);
  const send = (context: Context, status: number, answer: object): void => {
    context.status = status;
    context.set('cache-control', 'no-store');
    context.body = answer;
  };
  const route = (path: string, handler: (context: Context) => void | Promise<void>): Core.Route => ({
    method: 'GET',
    path,
    handler,
    config: { auth: false },
    info: { type: 'admin' },
  });
  strapi.server.routes({
    type: 'admin',
    prefix: '',
    routes: [
      route('/healthz', (context) => {
        send(context, 200, { status: 'ok' });
      }),
      route('/readyz', async (context) => {
        const answer = await ready();
        send(context, answer.status === 'ready' ? 200 : 503, answer);
      }),
    ],
  });
}
