import type { Core } from '@strapi/strapi';
import { CmsError } from '../boot/errors.ts';

/**
 * Nobody reads the content API without a token. Strapi's users-permissions plugin, which brings a Public role and open
 * registration, is therefore not part of Meridian.
 *
 * @throws CmsError when somebody installed the plugin all the same.
 */
export function assertNoPublicAccess(strapi: Core.Strapi): void {
  if ('users-permissions' in strapi.plugins) {
    throw new CmsError(
      'The plugin @strapi/plugin-users-permissions is installed. It opens registration and a Public role, ' +
        'and Meridian has no visitor accounts. Run "npm uninstall @strapi/plugin-users-permissions -w cms".',
    );
  }
}
