import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentTypes } from '@meridian/shared-types';
import { freshSettings, removeData, runCms, startCms, type Cms } from './cms.ts';
import { call, principals, type Principals } from './people.ts';

interface Route {
  methods: string[];
  path: string;
}

/** Statuses by principal. */
type Row = Record<string, number>;

/** A value for each path parameter: a real content type, and ids of nothing. */
const PARAMETERS: Record<string, string> = {
  type: 'api::article.article',
  model: 'api::article.article',
  contentType: 'api::article.article',
  uid: 'api::nothing.nothing',
};

/** Everything that somebody without any credential may get a 2xx from. */
const OPEN_TO_NOBODY = [
  'GET /',
  'GET /_health',
  'GET /healthz',
  'GET /readyz',
  'GET /admin',
  'GET /admin/:path*',
  'GET /content-manager/preview/script',
  'GET /admin/init',
  'GET /admin/project-type',
  'GET /admin/(.*)',
  'GET /uploads/(.*)',
  'POST /admin/forgot-password',
  'POST /admin/logout',
];

/** Asked last, for they log the asker out. */
const ENDS_SESSIONS = ['DELETE /admin/users/me/sessions', 'POST /admin/logout'];

/** They ask a server of Strapi's, so what comes after the door depends on the network. */
const OF_ANOTHER_SERVER = ['GET /admin/license-trial-time-left'];

/** Strapi's own: each expects something of an empty body or of an id of nothing. */
const STRAPI_FAULTS = [
  'POST /admin/permissions/check',
  'POST /admin/webhooks/:id/trigger',
  'PUT /admin/homepage/layout',
  'POST /email',
];

let cms: Cms;
let people: Principals;
let routes: { method: string; path: string }[];
const table = new Map<string, Row>();

beforeAll(async () => {
  const settings = await freshSettings();
  const seeded = await runCms('seed', settings);
  expect(seeded.code, seeded.output).toBe(0);
  const listed = await runCms('routes', settings);
  expect(listed.output).toMatch(/^\d+ routes$/m);
  routes = listed.output
    .split('\n')
    .filter((line) => line.startsWith('{"methods"'))
    .flatMap((line) => {
      const { methods, path } = JSON.parse(line) as Route;
      // A route for every method is the same route to somebody who reads.
      const known = methods.length > 10 ? ['GET'] : methods.filter((method) => method !== 'HEAD');
      return known.map((method) => ({ method, path }));
    });
  cms = await startCms(settings);
  people = await principals(cms);

  const lastly = (route: { method: string; path: string }): number =>
    ENDS_SESSIONS.indexOf(`${route.method} ${route.path}`);
  for (const { method, path } of [...routes].sort((a, b) => lastly(a) - lastly(b))) {
    const row: Row = {};
    for (const [name, authorization] of Object.entries(people)) {
      const body = method === 'GET' || method === 'DELETE' ? undefined : {};
      const { status } = await call(cms, method, fill(path), authorization, body);
      if (status === 401 || !OF_ANOTHER_SERVER.includes(`${method} ${path}`)) row[name] = status;
    }
    table.set(`${method} ${path}`, row);
  }
});

afterAll(async () => {
  await cms.stop();
  await removeData(cms.settings);
});

describe('the access table', () => {
  it('lists every route of the running server with what each principal gets', async () => {
    expect(routes.length).toBeGreaterThan(150);
    await expect(markdown()).toMatchFileSnapshot('../../docs/access-table.md');
  });

  it('gives nobody anything but the login screen and the health check', () => {
    expect(allowed('nobody').filter((route) => !OPEN_TO_NOBODY.includes(route))).toEqual([]);
  });

  const endpoints = Object.values(contentTypes).map(({ query }) => query.endpoint);
  const CONTENT = new RegExp(`^GET /api/(${endpoints.join('|')})$`);

  it.each(['build token', 'preview token'])(
    'lets the %s read the public content types and nothing else',
    (token) => {
      const extra = allowed(token).filter((route) => !OPEN_TO_NOBODY.includes(route));
      expect(extra.length).toBeGreaterThan(7);
      for (const route of extra) expect(route).toMatch(CONTENT);
    },
  );

  it('lets the build token alone through to the log of changes', () => {
    const row = table.get('GET /api/changes') ?? {};
    expect(row['build token']).toBe(400);
    for (const [name, status] of Object.entries(row)) {
      if (name !== 'build token') expect([401, 403], name).toContain(status);
    }
  });

  it('lets the intake token alone hand over consultation requests, and do nothing else', () => {
    // An empty message is refused behind the door; everybody else stays before it.
    const { 'intake token': intake, ...others } = table.get('POST /api/consultation-requests/intake') ?? {};
    expect(intake).toBe(400);
    expect(Object.values(others).every((status) => status === 401 || status === 403)).toBe(true);
    expect(allowed('intake token').filter((route) => !OPEN_TO_NOBODY.includes(route))).toEqual([]);
  });

  it('has no other route to consultation requests in the content API', () => {
    const requests = routes.filter(({ path }) => /^\/api\/(consultation-requests|request-)/.test(path));
    expect(requests).toEqual([{ method: 'POST', path: '/api/consultation-requests/intake' }]);
  });

  it('shows consultation requests to the front desk and the owner only', () => {
    for (const [route, row] of [...table].filter(([each]) => / \/requests/.test(each))) {
      const refused = Object.entries(row).filter(([, status]) => status === 401 || status === 403);
      expect(refused.map(([name]) => name).sort(), route).toEqual([
        'Clinical reviewer',
        'Marketing',
        'build token',
        'intake token',
        'nobody',
        'preview token',
      ]);
    }
  });

  it('shows the front desk no content, no media, no settings and no users', () => {
    const secrets =
      /content-manager\/(collection|single)-types|upload\/(files|folders)|admin\/(users$|roles|api-tokens)|\/api\//;
    expect(allowed('Front desk').filter((route) => secrets.test(route))).toEqual([]);
  });

  it('lets the clinical reviewer change no user, role, token or file', () => {
    const writes = allowed('Clinical reviewer').filter((route) => /^(POST|PUT|DELETE)/.test(route));
    expect(
      writes.filter((route) => /users(?!\/me)|roles|tokens|upload|content-type-builder/.test(route)),
    ).toEqual([]);
  });

  it('answers with a server error only where Strapi itself does', () => {
    const broken = [...table].filter(([, row]) => Object.values(row).some((status) => status >= 500));
    expect(broken.map(([route]) => route)).toEqual(STRAPI_FAULTS);
  });
});

function allowed(principal: string): string[] {
  return [...table].filter(([, row]) => (row[principal] ?? 0) < 300).map(([route]) => route);
}

function fill(path: string): string {
  return path
    .replace('single-types/:model', 'single-types/api::clinic.clinic')
    .replace(/:(\w+)(\([^)]*\))?[*+?]?/g, (_match, name: string) => PARAMETERS[name] ?? '999999')
    .replace(/\(\.\*\)|\*/g, 'nothing');
}

function markdown(): string {
  const names = Object.keys(people);
  const lines = [...table]
    .map(([route, row]) => `| \`${route}\` | ${names.map((name) => String(row[name] ?? '–')).join(' | ')} |`)
    .sort();
  return [
    '# Access table',
    '',
    'Every route of the CMS and the status that each principal gets for a request with an empty body and ids of nothing:',
    '401 and 403 are refusals, 400, 404 and 405 come after the door; – is the answer of a server of Strapi’s. `npm test`',
    'asks all of them and compares; to accept a change, read it, then run `npm test -- -u cms/test/access-table`.',
    '',
    `| route | ${names.join(' | ')} |`,
    `|---|${names.map(() => '--:').join('|')}|`,
    ...lines,
    '',
  ].join('\n');
}
