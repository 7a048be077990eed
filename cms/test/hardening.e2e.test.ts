import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CspEvaluator } from 'csp_evaluator/dist/evaluator.js';
import { Severity } from 'csp_evaluator/dist/finding.js';
import { CspParser } from 'csp_evaluator/dist/parser.js';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshSettings, removeData, runCms, startCms, type Cms, type Settings } from './cms.ts';
import { bomb, GPS_WORD, moving, photo } from './uploads.ts';

// As in production: behind one proxy that ends https, the admin open to two networks and this machine.
const CLINIC = '10.20.30.40';
let settings: Settings;
let cms: Cms;
let owner: string;

interface Knock {
  from?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: FormData | object;
}

/** One request as the proxy passes it on. */
function knock(path: string, { from = CLINIC, method = 'GET', headers = {}, body }: Knock = {}) {
  const isForm = body instanceof FormData;
  return fetch(`${cms.url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      'x-forwarded-for': from,
      'x-forwarded-proto': 'https',
      ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
  });
}

const logIn = (from: string, password: string, { email = settings['ADMIN_EMAIL'] ?? '', cookie = '' } = {}) =>
  knock('/admin/login', {
    from,
    method: 'POST',
    headers: cookie === '' ? {} : { cookie },
    body: { email, password },
  });

/** Runs one statement in the database beside the running CMS. */
function statement(sql: string): Record<string, unknown>[] {
  const database = new DatabaseSync(join(settings['DATA_DIR'] ?? '', 'cms.sqlite'), { timeout: 10_000 });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

beforeAll(async () => {
  settings = await freshSettings({
    SITE_URL: 'https://clinic.example',
    ADMIN_URL: 'https://admin.clinic.example/admin',
    TRUST_PROXY: '1',
    ADMIN_ALLOWED_NETWORKS: '127.0.0.1, 10.0.0.0/8, 2001:db8::/32',
  });
  const seeded = await runCms('seed', settings, '--fixture');
  expect(seeded.code, seeded.output).toBe(0);
  cms = await startCms(settings);
  const { data } = (await (await logIn(CLINIC, settings['ADMIN_PASSWORD'] ?? '')).json()) as {
    data: { token: string };
  };
  owner = `Bearer ${data.token}`;
});
afterAll(async () => {
  await cms.stop();
  await removeData(settings);
});

describe('the admin’s door', () => {
  it.each([
    ['10.1.2.3', 200],
    ['::ffff:10.1.2.3', 200],
    ['2001:db8:1::7', 200],
    ['203.0.113.9', 403],
    ['2001:db9::1', 403],
    ['nonsense', 403],
    // What a sender writes itself stands before what the proxy adds.
    ['10.1.2.3, 203.0.113.9', 403],
  ])('gives %s a %i', async (from, status) => {
    for (const path of ['/admin', '/admin/init', '/content-manager/preview/script']) {
      expect((await knock(path, { from })).status, path).toBe(status);
    }
  });

  it('says in plain words why, in a page or in JSON, and lets nobody in by another spelling', async () => {
    const page = await knock('/admin', { from: '203.0.113.9', headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('cannot be reached from this network');
    const json = await logIn('203.0.113.9', 'wrong');
    expect(json.status).toBe(403);
    for (const path of [
      '/ADMIN/init',
      '/admin/init/',
      '/upload/files',
      '/api',
      '/api/../admin/init',
      '//api/x',
    ]) {
      expect((await knock(path, { from: '203.0.113.9' })).status, path).toBe(403);
    }
  });

  it('leaves health, uploads and the site server’s own door to everybody', async () => {
    const from = '203.0.113.9';
    expect((await knock('/_health', { from })).status).toBe(204);
    const headers = { authorization: `Bearer ${settings['CMS_BUILD_TOKEN'] ?? ''}` };
    expect((await knock('/api/articles', { from, headers })).status).toBe(200);
    expect((await knock('/api/articles', { from })).status).toBe(401);
    const [upload = ''] = readdirSync(join(settings['DATA_DIR'] ?? '', 'public', 'uploads'));
    expect((await knock(`/uploads/${upload}`, { from })).status).toBe(200);
  });

  it('sends cookies over https alone, out of reach of scripts and other sites', async () => {
    const cookies = (await logIn(CLINIC, settings['ADMIN_PASSWORD'] ?? '')).headers.getSetCookie();
    expect(cookies.map((each) => each.split('=')[0])).toEqual(
      expect.arrayContaining(['strapi_admin_refresh', 'meridian_device']),
    );
    for (const cookie of cookies) {
      for (const flag of ['secure', 'httponly', 'samesite=strict']) {
        expect(cookie.toLowerCase()).toContain(`; ${flag}`);
      }
    }
    expect(cookies.join()).not.toContain('owner');
  });

  it('ends sessions: half an hour for a token, twelve hours without use, seven and thirty days at most', async () => {
    const claims = (token: string) =>
      JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
    const day = 24 * 3600;
    for (const [rememberMe, idle, longest] of [
      [false, day / 2, 7 * day],
      [true, 7 * day, 30 * day],
    ] as const) {
      const answer = await knock('/admin/login', {
        method: 'POST',
        body: { email: settings['ADMIN_EMAIL'], password: settings['ADMIN_PASSWORD'], rememberMe },
      });
      const { data } = (await answer.json()) as { data: { token: string } };
      const cookie =
        answer.headers.getSetCookie().find((each) => each.startsWith('strapi_admin_refresh')) ?? '';
      expect(cookie.includes('; expires=')).toBe(rememberMe);
      const { iat, exp } = claims(data.token);
      const refresh = claims(cookie.slice(cookie.indexOf('=') + 1));
      expect(Number(exp) - Number(iat)).toBe(1_800);
      expect(Math.abs(Number(refresh['exp']) - Number(iat) - idle)).toBeLessThan(5);
      const [session] = statement(
        `SELECT absolute_expires_at AS at FROM strapi_sessions WHERE session_id = '${String(refresh['sessionId'])}'`,
      );
      expect(Math.abs(Number(session?.['at']) / 1_000 - Number(iat) - longest)).toBeLessThan(5);
    }
  });

  it('wears out the attempts of a guesser, and nobody else’s', async () => {
    const guesser = '2001:db8:bad::1';
    const statuses = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        logIn(guesser, `Wrong-${String(index)}`, { email: `nobody${String(index)}@clinic.example` }).then(
          ({ status }) => status,
        ),
      ),
    );
    expect(statuses.filter((status) => status === 400)).toHaveLength(20);
    expect(statuses.filter((status) => status === 429)).toHaveLength(40);
    // Another address of the same connection is the same guesser; the right password does not help them.
    const refused = await logIn('2001:db8:bad::2', settings['ADMIN_PASSWORD'] ?? '');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(60);
    expect(await refused.text()).toMatch(
      /Too many failed logins from this network. Try again in \d+ minutes/,
    );
    expect((await logIn(CLINIC, settings['ADMIN_PASSWORD'] ?? '')).status).toBe(200);
  });

  it('lets staff in from where a guesser sits who knows their e-mail, on a computer that they have used', async () => {
    const from = '10.9.9.9';
    const first = await logIn(from, settings['ADMIN_PASSWORD'] ?? '');
    const cookie = first.headers
      .getSetCookie()
      .filter((each) => each.startsWith('meridian_device'))
      .map((each) => each.split(';')[0])
      .join('; ');
    for (let guess = 0; guess < 25; guess += 1) await logIn(from, `Wrong-${String(guess)}`);
    expect((await logIn(from, settings['ADMIN_PASSWORD'] ?? '')).status).toBe(429);
    expect((await logIn(from, settings['ADMIN_PASSWORD'] ?? '', { cookie })).status).toBe(200);
    // The cookie has attempts of its own, is for its own account, and cannot be made up.
    expect((await logIn(from, 'Wrong-1', { cookie, email: 'another@clinic.example' })).status).toBe(429);
    const [before = '', sign = ''] = /^.*meridian_device\.sig=(.)/.exec(cookie) ?? [];
    const forged = before.slice(0, -1) + (sign === 'a' ? 'b' : 'a') + cookie.slice(before.length);
    expect((await logIn(from, settings['ADMIN_PASSWORD'] ?? '', { cookie: forged })).status).toBe(429);
    const guesses: number[] = [];
    for (let guess = 0; guess < 21; guess += 1) {
      guesses.push((await logIn(from, `Wrong-${String(guess)}`, { cookie })).status);
    }
    expect(guesses.slice(0, 20)).toEqual(Array(20).fill(400));
    expect(guesses[20]).toBe(429);
  });

  it('counts no login that succeeds', async () => {
    // A whole clinic behind one address, each with a browser that has been here before.
    const from = '10.7.7.7';
    let cookie = '';
    for (let login = 0; login < 40; login += 1) {
      const answer = await logIn(from, settings['ADMIN_PASSWORD'] ?? '', { cookie });
      expect(answer.status).toBe(200);
      cookie = answer.headers
        .getSetCookie()
        .filter((each) => each.startsWith('meridian_device'))
        .map((each) => each.split(';')[0])
        .join('; ');
    }
  });

  it('remembers that the password of the installation stands', async () => {
    const file = join(settings['DATA_DIR'] ?? '', 'first-password');
    await expect.poll(() => readFileSync(file, 'utf8')).toMatch(/^20\d\d-/);
  });
});

describe('headers of the admin', () => {
  it.each(['/admin', '/admin/init', '/_health', '/nowhere', '/api/articles'])(
    'are set at %s',
    async (path) => {
      const { headers } = await knock(path);
      expect(Object.fromEntries(headers)).toMatchObject({
        'strict-transport-security': 'max-age=31536000; includeSubDomains',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'SAMEORIGIN',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'permissions-policy': expect.stringContaining('camera=()') as string,
      });
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
    },
  );

  it.each(['/admin', '/admin/auth/login', '/api/articles'])(
    'have a policy in which csp_evaluator finds nothing at %s',
    async (path) => {
      const policy = (await knock(path)).headers.get('content-security-policy') ?? '';
      const worse = new CspEvaluator(new CspParser(policy).csp)
        .evaluate()
        .filter(({ severity }) => severity < Severity.INFO);
      expect(worse).toEqual([]);
      expect(policy).not.toMatch(/https:(?!\/\/clinic\.example)|\*|unsafe-eval/);
    },
  );

  it('name the scripts of the admin by a nonce that is another one each time', async () => {
    const nonces = await Promise.all(
      [1, 2].map(async () => {
        const answer = await knock('/admin');
        const nonce = /script-src 'nonce-([^']+)'/.exec(answer.headers.get('content-security-policy') ?? '');
        const scripts = (await answer.text()).match(/<script[^>]*>/g) ?? [];
        expect(scripts.length).toBeGreaterThan(0);
        for (const script of scripts) expect(script).toContain(`nonce="${nonce?.[1] ?? 'none'}"`);
        return nonce?.[1];
      }),
    );
    expect(new Set(nonces).size).toBe(2);
  });
});

describe('uploads', () => {
  let listener: Server;
  let hits = 0;
  beforeAll(async () => {
    listener = createServer((socket) => {
      hits += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(listener, 'listening');
  });
  afterAll(() => listener.close());

  const send = (bytes: Buffer<ArrayBuffer> | string, name: string, type: string, path = '/upload') => {
    const form = new FormData();
    form.append('files', new Blob([bytes], { type }), name);
    return knock(path, { method: 'POST', headers: { authorization: owner }, body: form });
  };
  const onDisk = (url: string): Buffer => readFileSync(join(settings['DATA_DIR'] ?? '', 'public', url));
  interface Stored {
    id: number;
    url: string;
    mime: string;
    ext: string;
    formats: Record<string, { url: string }> | null;
  }
  const stored = async (response: Response): Promise<Stored> => {
    const text = await response.text();
    expect(response.status, text).toBeLessThan(300);
    const body = JSON.parse(text) as Stored | Stored[];
    return Array.isArray(body) ? (body[0] as Stored) : body;
  };

  it.each(['jpeg', 'png', 'webp', 'avif'] as const)(
    'keep nothing of a %s but what is seen of it, upright',
    async (format) => {
      const sent = await photo(format);
      expect(sent.includes(GPS_WORD)).toBe(true);
      // A polyglot: a picture to a browser, and a page or an archive to whoever reads on.
      const polyglot = Buffer.concat([sent, Buffer.from(`<script>${GPS_WORD}</script>PK`)]);
      const file = await stored(await send(polyglot, 'holiday.jpg', 'image/jpeg'));
      expect(file.mime).toBe(`image/${format}`);
      expect(file.ext).toBe(`.${format === 'jpeg' ? 'jpg' : format}`);
      const urls = [file.url, ...Object.values(file.formats ?? {}).map(({ url }) => url)];
      if (format !== 'avif') expect(urls.length).toBeGreaterThan(1);
      for (const url of urls) {
        const bytes = onDisk(url);
        expect(bytes.includes(GPS_WORD), url).toBe(false);
        expect(bytes.includes('script'), url).toBe(false);
        const { exif, xmp, iptc, orientation } = await sharp(bytes).metadata();
        expect([exif, xmp, iptc, orientation ?? 1], url).toEqual([undefined, undefined, undefined, 1]);
      }
      const { width, height } = await sharp(onDisk(file.url)).metadata();
      if (format !== 'avif') expect(height).toBeGreaterThan(width);
    },
  );

  const picture = (): Promise<Buffer<ArrayBuffer>> => photo('png');
  const HOSTILE: [
    string,
    () => Buffer<ArrayBuffer> | string | Promise<Buffer<ArrayBuffer>>,
    string,
    RegExp,
  ][] = [
    ['an empty file', () => '', 'empty.png', /empty/i],
    ['HTML that is called a picture', () => '<html><script>1</script>', 'page.png', /Save it as JPEG, PNG/],
    [
      'an SVG that is called a picture',
      () => '<svg xmlns="http://www.w3.org/2000/svg"/>',
      'a.jpg',
      /Save it as JPEG/,
    ],
    ['an SVG', () => '<svg xmlns="http://www.w3.org/2000/svg" onload="1"/>', 'a.svg', /Save it as JPEG/],
    ['a GIF with a script', () => 'GIF89a/*<script>1</script>*/', 'a.gif', /Save it as JPEG/],
    ['a PDF', () => '%PDF-1.7\n1 0 obj', 'a.png', /Save it as JPEG/],
    ['an archive', () => Buffer.from('504b030414000000', 'hex'), 'a.webp', /Save it as JPEG/],
    ['a program', () => Buffer.from('4d5a90000300', 'hex'), 'a.avif', /Save it as JPEG/],
    ['a bomb of 10 thousand million pixels', () => bomb(100_000, 100_000), 'a.png', /Make it smaller/],
    ['a bomb of the largest size', () => bomb(2 ** 31 - 1, 2 ** 31 - 1), 'a.png', /damaged|Make it smaller/],
    ['a moving picture', () => moving(3), 'a.webp', /moving picture/],
    ['a picture that breaks off', async () => (await picture()).subarray(0, 200), 'a.png', /damaged/],
    ['a name with a path', picture, '../../../secrets.png', /Rename the file/],
    ['a name that ends early', picture, 'a.html\0.png', /Rename the file/],
    ['a name without end', picture, `${'a'.repeat(300)}.png`, /Rename the file/],
  ];

  it.each(HOSTILE)('refuse %s and say what to do', async (_, make, name, advice) => {
    const bytes = await make();
    for (const path of ['/upload', '/upload/files']) {
      const response = await send(bytes, name, 'image/png', path);
      const text = await response.text();
      expect(response.status, text).toBe(400);
      expect((JSON.parse(text) as { error: { message: string } }).error.message).toMatch(advice);
    }
  });

  it('are called by their name alone when a Windows path comes with it', async () => {
    const file = await stored(await send(await picture(), '..\\..\\secrets.png', 'image/png'));
    expect(file.url).toMatch(/^\/uploads\/secrets_\w+\.png$/);
  });

  it('look at what replaces a picture in the same way, and keep its address and type', async () => {
    const before = await stored(await send(await photo('jpeg'), 'first.jpg', 'image/jpeg'));
    for (const path of [`/upload?id=${String(before.id)}`, `/upload/files/${String(before.id)}/replace`]) {
      for (const [, make, name, advice] of HOSTILE.slice(1, 12)) {
        const response = await send(await make(), name, 'image/jpeg', path);
        expect(response.status, name).toBe(400);
        expect(await response.text()).toMatch(advice);
      }
      const after = await stored(await send(await photo('png'), 'second.png', 'image/png', path));
      expect(after.url).toContain(before.url);
      expect((await sharp(onDisk(before.url)).metadata()).format).toBe('jpeg');
      expect(onDisk(before.url).includes(GPS_WORD)).toBe(false);
    }
  });

  it('fetch nothing: a listener on this machine hears of no address that an editor may name', async () => {
    const address = listener.address();
    const url = `http://127.0.0.1:${String(typeof address === 'object' ? (address?.port ?? 0) : 0)}/x.png`;
    const headers = { authorization: owner };
    const answer = await knock('/upload/actions/upload-from-urls', {
      method: 'POST',
      headers,
      body: { urls: [url] },
    });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('Save the picture on your computer');
    await knock('/upload', { method: 'POST', headers, body: { files: url, fileInfo: { url } } });
    const made = await knock('/content-manager/collection-types/api::article.article', {
      method: 'POST',
      headers,
      body: {
        title: 'Addresses',
        slug: 'addresses',
        summary: 'What an editor may write.',
        sections: [{ __component: 'section.rich-text', heading: 'x', body: `See [there](${url}).` }],
        references: [{ title: 'A listener', publisher: 'Nobody', url }],
      },
    });
    const { data } = (await made.json()) as { data: { documentId: string } };
    const published = await knock(
      `/content-manager/collection-types/api::article.article/${data.documentId}/actions/publish`,
      { method: 'POST', headers, body: {} },
    );
    expect([made.status, published.status]).toEqual([201, 200]);
    const round = await runCms('links', settings, '--only', url);
    expect([round.code, round.output]).toEqual([0, expect.stringContaining('1 links were tried')]);
    expect(hits).toBe(0);
  });
});

// Last, for it changes the password.
describe('the password of the installation', () => {
  const file = () => join(settings['DATA_DIR'] ?? '', 'first-password');
  const warning = 'still has the password of the installation, after more than 7 days';

  it('is warned of after seven days and not before, until it is changed', async () => {
    expect(cms.output()).not.toContain(warning);
    await cms.stop();
    statement(`UPDATE admin_users SET created_at = ${String(Date.now() - 8 * 24 * 3_600_000)}`);
    cms = await startCms(settings);
    await expect.poll(() => cms.output()).toContain(warning);
    const password = settings['ADMIN_PASSWORD'] ?? '';
    const { data } = (await (await logIn(CLINIC, password)).json()) as { data: { token: string } };
    const changed = await knock('/admin/users/me', {
      method: 'PUT',
      headers: { authorization: `Bearer ${data.token}` },
      body: { currentPassword: password, password: 'Another-1-of-ours' },
    });
    expect(changed.status).toBe(200);
    await expect.poll(() => existsSync(file())).toBe(false);
    await cms.stop();
    cms = await startCms(settings);
    expect((await logIn(CLINIC, 'Another-1-of-ours')).status).toBe(200);
    expect(existsSync(file())).toBe(false);
    expect(cms.output()).not.toContain(warning);
  });
});
