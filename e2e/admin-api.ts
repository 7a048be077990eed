import type { RunningSystem } from './system.ts';

/** Asks the admin's own API, and gives status and JSON, null where there is none. */
export type AdminApi = (
  method: string,
  path: string,
  data?: object,
) => Promise<{ status: number; body: unknown }>;

/** Logs in to the admin's own API as the owner, for what a person does not look at. */
export async function adminApi({ cmsUrl, adminEmail, adminPassword }: RunningSystem): Promise<AdminApi> {
  let token: string | null = null;
  const ask: AdminApi = async (method, path, data) => {
    const answer = await fetch(`${cmsUrl}${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(data === undefined ? {} : { body: JSON.stringify(data) }),
    });
    return { status: answer.status, body: await answer.json().catch(() => null) };
  };
  const { body } = await ask('POST', '/admin/login', { email: adminEmail, password: adminPassword });
  token = (body as { data: { token: string } }).data.token;
  return ask;
}
