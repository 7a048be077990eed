import type { Core } from '@strapi/strapi';

/** An admin user, as far as a name needs it. */
export interface Person {
  firstname?: string | null;
  lastname?: string | null;
  username?: string | null;
}

/** The name that colleagues see of somebody; never an e-mail address. */
export function displayName({ firstname, lastname, username }: Person): string {
  const name = [firstname, lastname].filter((part) => part !== null && part !== undefined && part !== '');
  return name.length > 0 ? name.join(' ') : (username ?? 'A colleague');
}

/** Who asked for what is being done now: an admin user's display name, null for jobs and commands. */
export function currentActor(strapi: Core.Strapi): string | null {
  const state: { user?: Person; auth?: { strategy?: { name?: string } } } | undefined =
    strapi.requestContext.get()?.state;
  if (state?.user === undefined || state.auth?.strategy?.name !== 'admin') return null;
  return displayName(state.user);
}
