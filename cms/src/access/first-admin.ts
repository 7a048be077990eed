import type { Core } from '@strapi/strapi';
import type { MeridianConfig } from '../../config/meridian.ts';

/** Makes the first admin of an empty database, so that nobody who finds the address first can. */
export async function registerFirstAdmin(strapi: Core.Strapi): Promise<void> {
  const firstAdmin = strapi.config.get<MeridianConfig['firstAdmin']>('meridian.firstAdmin');
  const users = strapi.service('admin::user');
  if (firstAdmin === null || (await users.exists())) return;
  const superAdmin: { id: number } = await strapi.service('admin::role').getSuperAdmin();
  await users.create({
    email: firstAdmin.email,
    password: firstAdmin.password,
    firstname: 'Clinic',
    lastname: 'Owner',
    isActive: true,
    registrationToken: null,
    roles: [superAdmin.id],
  });
}
