import type { Core, UID } from '@strapi/strapi';
import type { MeridianConfig } from '../../config/meridian.ts';

/** Content types that the public site shows: all of Meridian's own with Draft & Publish. */
export function publicTypes(strapi: Core.Strapi): string[] {
  return Object.values(strapi.contentTypes)
    .filter((type) => type.uid.startsWith('api::') && type.options?.draftAndPublish === true)
    .map((type) => type.uid)
    .sort();
}

/** The API tokens, by name, with the content API actions that each may take. */
export function tokenPermissions(
  uids: readonly string[],
  kindOf: (uid: string) => string,
): Record<keyof MeridianConfig['tokens'], { description: string; actions: string[] }> {
  const read = uids.flatMap((uid) =>
    kindOf(uid) === 'singleType' ? [`${uid}.find`] : [`${uid}.find`, `${uid}.findOne`],
  );
  return {
    build: { description: 'The site build reads published content with it.', actions: read },
    preview: { description: 'The preview reads drafts with it. No other token can.', actions: read },
    intake: { description: 'The site server hands over consultation requests with it.', actions: [] },
  };
}

/**
 * Makes the API tokens of exactly the configured values, or brings existing ones up to date. Tokens that an admin
 * made by hand are left alone.
 */
export async function registerTokens(strapi: Core.Strapi): Promise<void> {
  const values = strapi.config.get<MeridianConfig['tokens']>('meridian.tokens');
  const wanted = tokenPermissions(
    publicTypes(strapi),
    (uid) => strapi.contentType(uid as UID.ContentType).kind,
  );
  const hash = (value: string): string => strapi.service('admin::api-token').hash(value);
  const tokens = strapi.db.query('admin::api-token');
  const permissions = strapi.db.query('admin::api-token-permission');

  for (const name of ['build', 'preview', 'intake'] as const) {
    const { description, actions } = wanted[name];
    const data = { name, description, type: 'custom', kind: 'content-api', accessKey: hash(values[name]) };
    const existing: { id: number } | null = await tokens.findOne({ where: { name } });
    const token: { id: number } =
      existing === null
        ? await tokens.create({ data })
        : await tokens.update({ where: { id: existing.id }, data });
    const held: { action: string }[] = await permissions.findMany({ where: { token: token.id } });
    const surplus = held.map(({ action }) => action).filter((action) => !actions.includes(action));
    const missing = actions.filter((action) => !held.some((permission) => permission.action === action));
    for (const action of surplus) await permissions.deleteMany({ where: { token: token.id, action } });
    for (const action of missing) await permissions.create({ data: { action, token: token.id } });
  }
}
