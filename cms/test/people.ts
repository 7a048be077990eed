import type { Cms } from './cms.ts';

/** Who may knock at the CMS: the value of the `Authorization` header, null for nobody. */
export type Principals = Record<string, string | null>;

/** Sends JSON and gives status and parsed body back. */
export async function call(
  cms: Pick<Cms, 'url'>,
  method: string,
  path: string,
  authorization: string | null,
  body?: unknown,
): Promise<{ status: number; body: unknown; text: string }> {
  const response = await fetch(`${cms.url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(authorization === null ? {} : { authorization }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: parse(text), text };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** Logs an admin in and gives the `Authorization` header back. */
export async function logIn(cms: Cms, email: string, password: string): Promise<string> {
  const { status, body } = await call(cms, 'POST', '/admin/login', null, { email, password });
  if (status !== 200) throw new Error(`Login of ${email} answered ${String(status)}.`);
  return `Bearer ${(body as { data: { token: string } }).data.token}`;
}

/** The first admin, logged in. */
export function logInOwner({ settings, ...cms }: Cms): Promise<string> {
  return logIn({ settings, ...cms }, settings['ADMIN_EMAIL'] ?? '', settings['ADMIN_PASSWORD'] ?? '');
}

/** One person of each role, and each token. Makes the people first. */
export async function principals(cms: Cms): Promise<Principals> {
  const owner = await logInOwner(cms);
  const { body } = await call(cms, 'GET', '/admin/roles', owner);
  const roles = (body as { data: { id: number; name: string; code: string }[] }).data;
  const people: Principals = {
    nobody: null,
    'build token': `Bearer ${cms.settings['CMS_BUILD_TOKEN'] ?? ''}`,
    'preview token': `Bearer ${cms.settings['CMS_PREVIEW_TOKEN'] ?? ''}`,
    'intake token': `Bearer ${cms.settings['CMS_INTAKE_TOKEN'] ?? ''}`,
  };
  for (const { id, name, code } of roles.filter((role) => role.code !== 'strapi-super-admin')) {
    const email = `${code}@clinic.example`;
    const password = `Aa1-${code}`;
    const made = await call(cms, 'POST', '/admin/users', owner, {
      email,
      firstname: name,
      lastname: 'Test',
      roles: [id],
    });
    const user = (made.body as { data: { id: number } }).data;
    await call(cms, 'PUT', `/admin/users/${String(user.id)}`, owner, { password, isActive: true });
    people[name] = await logIn(cms, email, password);
  }
  return { ...people, 'Super Admin': owner };
}
