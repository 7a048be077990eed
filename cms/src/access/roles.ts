import type { Core } from '@strapi/strapi';
import { publicTypes, service, siteTypes, table } from '../internals.ts';
import { REDIRECT } from '../redirects/records.ts';
import { EDITABLE_FIELDS, READABLE_FIELDS, REQUEST } from '../requests/records.ts';
import { ARTICLE, REVIEW_FIELDS } from '../review/records.ts';

/** One permission of an admin role, in Strapi's terms. */
interface Permission {
  action: string;
  subject?: string;
  properties?: { fields: string[] };
}

interface Role {
  name: string;
  code: string;
  description: string;
  permissions: (subjects: Subjects) => Permission[];
}

/** Field paths of each public type, components spelt out (`seo.title`). */
type Subjects = Record<string, string[]>;

const explorer = (action: string): string => `plugin::content-manager.explorer.${action}`;

/** Where the list of types is kept on which the roles have been given rights. */
const OFFERED = { type: 'meridian', name: 'roles', key: 'offered-types' };

const MEDIA_LIBRARY: Permission[] = [
  { action: 'plugin::upload.read' },
  { action: 'plugin::upload.assets.create' },
  { action: 'plugin::upload.assets.update' },
  { action: 'plugin::upload.assets.download' },
  { action: 'plugin::upload.assets.copy-link' },
];

/** What Marketing reads and cannot write, by type: reviews are set by an action, the rest by the CMS itself. */
const KEPT_FIELDS: Record<string, string[]> = {
  [ARTICLE]: [...REVIEW_FIELDS, 'reviewStanding'],
  [REDIRECT]: ['automatic'],
};

/** Meridian's admin roles beside Super Admin, each with the least that its people need. */
export const ROLES: Role[] = [
  {
    name: 'Marketing',
    code: 'meridian-marketing',
    description:
      'Writes, previews and publishes everything that patients see. Cannot vouch for a clinical review.',
    permissions: (subjects) => [
      ...Object.entries(subjects).flatMap(([subject, fields]) => {
        const writable = fields.filter((field) => !(KEPT_FIELDS[subject] ?? []).includes(field));
        return [
          { action: explorer('create'), subject, properties: { fields: writable } },
          { action: explorer('read'), subject, properties: { fields } },
          { action: explorer('update'), subject, properties: { fields: writable } },
          { action: explorer('delete'), subject },
          { action: explorer('publish'), subject },
        ];
      }),
      ...MEDIA_LIBRARY,
    ],
  },
  {
    name: 'Clinical reviewer',
    code: 'meridian-clinical-reviewer',
    description: 'Reads everything, and approves articles in the name of the provider that they are.',
    permissions: (subjects) => [
      ...Object.entries(subjects).map(([subject, fields]) => ({
        action: explorer('read'),
        subject,
        properties: { fields },
      })),
      { action: 'plugin::upload.read' },
    ],
  },
  {
    name: 'Front desk',
    code: 'meridian-front-desk',
    description: 'Sees consultation requests and nothing else.',
    permissions: () => [
      { action: explorer('read'), subject: REQUEST, properties: { fields: [...READABLE_FIELDS] } },
      { action: explorer('update'), subject: REQUEST, properties: { fields: [...EDITABLE_FIELDS] } },
    ],
  },
];

/**
 * Makes the roles that do not exist yet. A role that exists is the clinic's own: what the owner changed stays. Only one
 * that may do nothing at all, as the front desk's of the first version, gets what its people need, and each gets its
 * rights on types that came with a later version, once.
 * Strapi's sample roles Editor and Author, which could write everything, go when Meridian's first come.
 */
export async function registerRoles(strapi: Core.Strapi): Promise<void> {
  const roles = table<{ id: number; permissions: unknown[] }>(strapi, 'admin::role');
  const { addPermissions, assignPermissions, create } = service(strapi, 'admin::role');
  const subjects = fieldPaths(strapi);
  const offered = await offeredTypes(strapi);

  for (const { name, code, description, permissions } of ROLES) {
    const existing = await roles.findOne({ where: { code }, populate: ['permissions'] });
    const wanted = permissions(subjects).filter((permission) => isGrantable(strapi, permission));
    if (existing !== null && existing.permissions.length > 0) {
      const later = wanted.filter(({ subject }) => subject !== undefined && !offered.includes(subject));
      if (later.length > 0) await addPermissions(existing.id, later);
      continue;
    }
    const { id } = existing ?? (await create({ name, code, description }));
    await assignPermissions(id, wanted);
  }
  await strapi.store.set({ ...OFFERED, value: [...Object.keys(subjects), REQUEST] });
  await removeSampleRoles(strapi);
}

/** The types on which Meridian's roles have been given rights; an earlier version kept no list, but its rights tell. */
async function offeredTypes(strapi: Core.Strapi): Promise<readonly unknown[]> {
  const kept: unknown = await strapi.store.get(OFFERED);
  if (Array.isArray(kept)) return kept as unknown[];
  const given = await table<{ subject: string | null }>(strapi, 'admin::permission').findMany({
    where: { role: { code: { $in: ROLES.map(({ code }) => code) } } },
  });
  return given.map(({ subject }) => subject);
}

/** What has no drafts cannot be published. */
function isGrantable(strapi: Core.Strapi, { action, subject }: Permission): boolean {
  return action !== explorer('publish') || publicTypes(strapi).some(({ uid }) => uid === subject);
}

async function removeSampleRoles(strapi: Core.Strapi): Promise<void> {
  const samples = await table<{ id: number; users: unknown[] }>(strapi, 'admin::role').findMany({
    where: { code: { $in: ['strapi-editor', 'strapi-author'] } },
    populate: ['users'],
  });
  const unused = samples.filter(({ users }) => users.length === 0).map(({ id }) => id);
  if (unused.length > 0) await service(strapi, 'admin::role').deleteByIds(unused);
}

function fieldPaths(strapi: Core.Strapi): Subjects {
  const { getNestedFields } = service(strapi, 'admin::content-type');
  const { components } = strapi;
  return Object.fromEntries(
    siteTypes(strapi).map((type) => [type.uid, getNestedFields(type, { components })]),
  );
}
