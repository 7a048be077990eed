import { expect } from 'vitest';
import type { RunningSystem } from './system.ts';

/** Where somebody logs in, and with what. */
export type Login = Pick<RunningSystem, 'cmsUrl' | 'adminEmail' | 'adminPassword'>;

/** Asks the admin's own API, with JSON or a form, and gives status and JSON, null where there is none. */
export type AdminApi = (
  method: string,
  path: string,
  data?: object,
) => Promise<{ status: number; body: unknown }>;

/** Logs in to the admin's own API, for what a person does not look at. */
export async function adminApi({ cmsUrl, adminEmail, adminPassword }: Login): Promise<AdminApi> {
  let token: string | null = null;
  const ask: AdminApi = async (method, path, data) => {
    const answer = await fetch(`${cmsUrl}${path}`, {
      method,
      headers: {
        ...(data instanceof FormData ? {} : { 'content-type': 'application/json' }),
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(data === undefined ? {} : { body: data instanceof FormData ? data : JSON.stringify(data) }),
    });
    return { status: answer.status, body: await answer.json().catch(() => null) };
  };
  const { body } = await ask('POST', '/admin/login', { email: adminEmail, password: adminPassword });
  token = (body as { data: { token: string } }).data.token;
  return ask;
}

/** Invites somebody with one role (its code), as the owner does, who has chosen a password. */
export async function invite(
  owner: AdminApi,
  role: string,
  person: { email: string; firstname: string; lastname: string },
  password: string,
): Promise<void> {
  const { data: roles } = (await owner('GET', '/admin/roles')).body as {
    data: { id: number; code: string }[];
  };
  const roleIds = roles.filter(({ code }) => code === role).map(({ id }) => id);
  const made = await owner('POST', '/admin/users', { ...person, roles: roleIds });
  const { id } = (made.body as { data: { id: number } }).data;
  const kept = await owner('PUT', `/admin/users/${String(id)}`, { password, isActive: true });
  expect(kept.status).toBe(200);
}
