import type { Core } from '@strapi/strapi';
import type { MeridianConfig } from '../../config/meridian.ts';
import { service } from '../internals.ts';

/** Makes the first admin of an empty database, so that nobody who finds the address first can. */
export async function registerFirstAdmin(strapi: Core.Strapi): Promise<void> {
  const firstAdmin = strapi.config.get<MeridianConfig['firstAdmin']>('meridian.firstAdmin');
  const users = service(strapi, 'admin::user');
  if (firstAdmin === null || (await users.exists())) return;
  const superAdmin = await service(strapi, 'admin::role').getSuperAdmin();
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
