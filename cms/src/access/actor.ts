import { AsyncLocalStorage } from 'node:async_hooks';
import type { Core } from '@strapi/strapi';

/** An admin user, as far as a name needs it. */
export interface Person {
  firstname?: string | null;
  lastname?: string | null;
  username?: string | null;
}

const names = new AsyncLocalStorage<string>();

/** The name that colleagues see of somebody; never an e-mail address. */
export function displayName({ firstname, lastname, username }: Person): string {
  const name = [firstname, lastname].filter(Boolean).join(' ');
  return name === '' ? (username ?? 'A colleague') : name;
}

/** Does `work` in the name of somebody who asked for it earlier, and is not making a request now. */
export function actingAs<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  return names.run(name, work);
}

/**
 * In whose name something is done now: who planned it ({@link actingAs}), or the admin user who makes the request;
 * null for jobs and commands.
 */
export function currentActor(strapi: Core.Strapi): string | null {
  const planned = names.getStore();
  if (planned !== undefined) return planned;
  const state: { user?: Person; auth?: { strategy?: { name?: string } } } | undefined =
    strapi.requestContext.get()?.state;
  if (state?.user === undefined || state.auth?.strategy?.name !== 'admin') return null;
  return displayName(state.user);
}
