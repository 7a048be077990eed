import type { Core } from '@strapi/strapi';
import type { MeridianConfig } from '../../config/meridian.ts';
import { service, siteTypes, table, type ContentType } from '../internals.ts';
import { REQUEST } from '../requests/records.ts';

type TokenName = keyof MeridianConfig['tokens'];

/** The API tokens, by name, with the content API actions that each may take. */
export function tokenPermissions(
  types: readonly Pick<ContentType, 'uid' | 'kind'>[],
): Record<TokenName, { description: string; actions: string[] }> {
  const read = types.flatMap(({ uid, kind }) =>
    kind === 'singleType' ? [`${uid}.find`] : [`${uid}.find`, `${uid}.findOne`],
  );
  return {
    build: {
      description: 'The site server reads published content and the log of changes with it.',
      actions: [...read, 'api::revision.revision.changes'],
    },
    preview: { description: 'The preview reads drafts with it. No other token can.', actions: read },
    intake: {
      description: 'The site server hands over consultation requests with it, and can do nothing else.',
      actions: [`${REQUEST}.intake`],
    },
  };
}

/**
 * Makes the API tokens of exactly the configured values, or brings existing ones up to date. Tokens that an admin
 * made by hand are left alone.
 */
export async function registerTokens(strapi: Core.Strapi): Promise<void> {
  const values = strapi.config.get<MeridianConfig['tokens']>('meridian.tokens');
  const wanted = tokenPermissions(siteTypes(strapi));
  const { hash } = service(strapi, 'admin::api-token');
  const tokens = table<{ id: number }>(strapi, 'admin::api-token');
  const permissions = table<{ action: string }>(strapi, 'admin::api-token-permission');

  await removeSampleTokens(strapi);
  for (const name of ['build', 'preview', 'intake'] as const) {
    const { description, actions } = wanted[name];
    const data = { name, description, type: 'custom', kind: 'content-api', accessKey: hash(values[name]) };
    const existing = await tokens.findOne({ where: { name } });
    const token =
      existing === null
        ? await tokens.create({ data })
        : await tokens.update({ where: { id: existing.id }, data });
    const held = (await permissions.findMany({ where: { token: token.id } })).map(({ action }) => action);
    for (const action of held.filter((each) => !actions.includes(each))) {
      await permissions.deleteMany({ where: { token: token.id, action } });
    }
    for (const action of actions.filter((each) => !held.includes(each))) {
      await permissions.create({ data: { action, token: token.id } });
    }
  }
}

/** Strapi makes a token that may read everything and one that may do everything; nobody asked for them. */
async function removeSampleTokens(strapi: Core.Strapi): Promise<void> {
  const tokens = table<{ id: number }>(strapi, 'admin::api-token');
  const isFirstBoot = (await tokens.findOne({ where: { name: 'build' } })) === null;
  if (isFirstBoot) await tokens.deleteMany({ where: { name: { $in: ['Read Only', 'Full Access'] } } });
}
