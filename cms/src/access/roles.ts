import type { Core } from '@strapi/strapi';
import { publicTypes, service, table } from '../internals.ts';
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

const MEDIA_LIBRARY: Permission[] = [
  { action: 'plugin::upload.read' },
  { action: 'plugin::upload.assets.create' },
  { action: 'plugin::upload.assets.update' },
  { action: 'plugin::upload.assets.download' },
  { action: 'plugin::upload.assets.copy-link' },
];

/** Set by the action of a clinical reviewer and by the CMS itself; nobody writes it. */
const isReviewField = (field: string): boolean =>
  field === 'reviewStanding' || REVIEW_FIELDS.some((each) => each === field);

/** Meridian's admin roles beside Super Admin, each with the least that its people need. */
export const ROLES: Role[] = [
  {
    name: 'Marketing',
    code: 'meridian-marketing',
    description:
      'Writes, previews and publishes everything that patients see. Cannot vouch for a clinical review.',
    permissions: (subjects) => [
      ...Object.entries(subjects).flatMap(([subject, fields]) => {
        const writable = subject === ARTICLE ? fields.filter((field) => !isReviewField(field)) : fields;
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
 * that may do nothing at all, as the front desk's of the first version, gets what its people need.
 * Strapi's sample roles Editor and Author, which could write everything, go when Meridian's first come.
 */
export async function registerRoles(strapi: Core.Strapi): Promise<void> {
  const roles = table<{ id: number; permissions: unknown[] }>(strapi, 'admin::role');
  const { create, assignPermissions } = service(strapi, 'admin::role');
  const subjects = fieldPaths(strapi);

  for (const { name, code, description, permissions } of ROLES) {
    const existing = await roles.findOne({ where: { code }, populate: ['permissions'] });
    if (existing !== null && existing.permissions.length > 0) continue;
    const { id } = existing ?? (await create({ name, code, description }));
    await assignPermissions(id, permissions(subjects));
  }
  await removeSampleRoles(strapi);
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
    publicTypes(strapi).map((type) => [type.uid, getNestedFields(type, { components })]),
  );
}
