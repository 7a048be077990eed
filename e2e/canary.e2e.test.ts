import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { runCms, startCms, type Cms } from '../cms/test/cms.ts';
import { call, principals, type Principals } from '../cms/test/people.ts';
import { startSiteServer, type SiteServer } from '../cms/test/site-server.ts';
import { freePort } from '../scripts/free-port.ts';
import { readSettings, root } from '../scripts/settings.ts';
import { signToken } from '../site/server/consultation/form-token.ts';
import { makeKeyring } from '../site/server/consultation/keyring.ts';
import { systemCode } from '../site/server/errors.ts';
import { runProgram } from '../site/server/test/programs.ts';
import { cleanEnvironment, copyDataDir } from './system.ts';

/*
 * One marked patient goes down every path from the form to the last deletion, failing ones too. Then everything that the
 * processes said, wrote, sent and answered is searched for them: nothing may be outside the database and the sealed spool,
 * and nothing anywhere once they are erased.
 */

const INBOX = '/content-manager/collection-types/api::consultation-request.consultation-request';
const MARKS = /zyxcanary|quillmark|839-?2674/i;
const PATIENT = {
  name: 'Zyxcanary Quillmark',
  phone: '(415) 839-2674',
  email: 'zyxcanary@quillmark.example',
  message: 'Zyxcanary needs an interpreter.',
  consent: 'yes',
};
const ODD_HEADERS = {
  'user-agent': 'Zyxcanary',
  cookie: 'patient=zyxcanary',
  referer: 'http://quillmark.example/?name=zyxcanary',
  'accept-language': 'zyxcanary',
  'x-patient': 'Zyxcanary Quillmark',
  'x-request-id': 'Zyxcanary',
};

const found = inject('systems').find(({ content }) => content === 'fixture');
if (found === undefined) throw new Error('No system with the fixture runs.');
const fixture = found;

const begin = Date.now();
const folder = mkdtempSync(join(tmpdir(), 'meridian-canary-'));
const dataDir = join(folder, 'data');
const database = join(dataDir, 'cms.sqlite');
let env: Record<string, string>;
let origin: string;
let cms: Cms;
let site: ReturnType<typeof runProgram>;
let recorder: SiteServer;
let people: Principals;
let desk: string;
let mails: Awaited<ReturnType<typeof startMailServer>>;
/** What is said to the outside, with where: answers, addresses, mails, output. */
const said: { by: string; text: string }[] = [];
/** References that the patient was shown. */
const given = new Set<string>();

beforeAll(async () => {
  // A copy of a system that runs: its content, release and people, and nobody else at work in it.
  copyDataDir(fixture.dataDir, dataDir);
  for (const left of ['running.pid', 'start.log', 'logs'])
    rmSync(join(dataDir, left), { recursive: true, force: true });
  mkdirSync(join(folder, 'tmp'));
  mails = await startMailServer();
  recorder = await startSiteServer();
  const [cmsPort, sitePort] = [await freePort(), await freePort()];
  origin = `http://127.0.0.1:${sitePort}`;
  env = readSettings(
    cleanEnvironment({
      NODE_ENV: 'production',
      DATA_DIR: dataDir,
      TMPDIR: join(folder, 'tmp'),
      CMS_PORT: String(cmsPort),
      SITE_PORT: String(sitePort),
      // The address of the copied system: nothing that its site was made of has changed.
      SITE_URL: fixture.siteUrl,
      SITE_SERVERS: `${origin},${recorder.url}`,
      TRUST_PROXY: '1',
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(mails.port),
      SMTP_FROM: 'site@clinic.example',
      FRONT_DESK_EMAIL: 'desk@clinic.example',
    }),
  ).env;
  // As an owner might set one up in the admin, which in production takes no address of this machine.
  statement(
    `INSERT INTO strapi_webhooks (name, url, headers, events, enabled) VALUES ('All', '${recorder.url}', '{}',
     '["entry.create","entry.update","entry.delete","entry.publish","entry.unpublish"]', 1)`,
  );
  await startBoth();
  people = await principals(cms);
  desk = people['Front desk'] ?? '';
});
afterAll(async () => {
  await site.kill();
  await cms.kill();
  await recorder.stop();
  await mails.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('whatever the patient sends, and however often', async () => {
  const first = form();
  expect((await send(first)).status).toBe(303);
  expect((await send(first)).status).toBe(303);
  expect((await send({ ...first, name: 'Zyxcanary Other' })).status).toBe(409);
  expect((await send(form({ homepage: 'http://quillmark.example' }))).status).toBe(303);
  expect((await send({ ...form(), phone: '839-2674', consent: '' })).status).toBe(422);
  expect((await send({ ...form(), name: 'Zyxcanary\r\nBcc: zyxcanary' })).status).toBe(422);
  expect((await send({ ...form(), form: 'zyxcanary' })).status).toBe(422);
  expect((await send({ ...form(), zyxcanary: 'x' })).status).toBe(400);
  expect((await send('{"name": "Zyxcanary', { 'content-type': 'application/json' })).status).toBe(400);
  expect((await send('name=Zyxcanary', { 'content-type': 'zyx/canary' })).status).toBe(415);
  expect((await send(`name=Zyxcanary${'x'.repeat(100_000)}`)).status).toBe(413);
  expect((await send(form(), { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await send(form(), { origin: 'http://quillmark.example' })).status).toBe(403);
  const statuses = [];
  for (let sent = 0; sent < 65; sent += 1)
    statuses.push((await send('name=Zyxcanary', { 'x-forwarded-for': '10.9.9.9' })).status);
  expect(new Set(statuses)).toEqual(new Set([422, 429]));
  for (const path of ['/consultation/', '/consultation/received/', '/no-such-page/', '/%zz'])
    await fetch(`${origin}${path}?name=Zyxcanary&id=quillmark`, { headers: ODD_HEADERS });
  await everyReferenceArrives();
  const rows = statement(`SELECT phone, message, suspected_spam FROM consultation_requests ${OF_PATIENT}`);
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatchObject({ phone: '+14158392674', message: PATIENT.message });
});

test('while the CMS is down, and both are killed in the middle of a rush', async () => {
  await killCms();
  expect((await send(form())).status).toBe(303);
  await expect.poll(() => site.output(), { timeout: 20_000 }).toContain('The CMS takes no consultation');
  await killSite();
  await startBoth();
  await everyReferenceArrives();

  const rush = Array.from({ length: 8 }, async () => {
    for (let sent = 0; sent < 5; sent += 1) {
      const answers = form();
      // As a patient would, who got no answer.
      while ((await send(answers).catch(() => null))?.status !== 303) await sleep(50);
    }
  });
  await expect.poll(() => given.size, { timeout: 60_000, interval: 10 }).toBeGreaterThan(10);
  await killCms();
  await killSite();
  await startBoth();
  await Promise.all(rush);
  await everyReferenceArrives();
  const row = statement(
    `SELECT count(*) AS n, count(DISTINCT reference) AS different FROM consultation_requests ${OF_PATIENT}`,
  )[0];
  expect(row).toEqual({ n: given.size, different: given.size });
});

test('while the database is locked, and while it fails', async () => {
  const other = new DatabaseSync(database, { timeout: 20_000 });
  other.exec('BEGIN IMMEDIATE');
  try {
    expect((await send(form())).status).toBe(303);
    await expect.poll(() => cms.output(), { timeout: 140_000 }).toMatch(/could not be written \(SQLITE_BUSY/);
  } finally {
    other.exec('ROLLBACK');
  }
  await everyReferenceArrives();
  const { documentId } = await arrived([...given][0] ?? '');
  for (const write of ['INSERT', 'UPDATE'])
    other.exec(
      `CREATE TRIGGER fails_${write} BEFORE ${write} ON consultation_requests BEGIN SELECT RAISE(ABORT, 'no'); END`,
    );
  try {
    expect((await send(form())).status).toBe(303);
    await expect
      .poll(() => cms.output(), { timeout: 140_000 })
      .toMatch(/could not be written \(SQLITE_CONSTRAINT/);
    const refused = await call(cms, 'PUT', `${INBOX}/${documentId}`, desk, { notes: PATIENT.message });
    expect(refused.status).toBe(500);
    said.push({ by: 'a failed change', text: refused.text });
  } finally {
    for (const write of ['INSERT', 'UPDATE']) other.exec(`DROP TRIGGER fails_${write}`);
    other.close();
  }
  await everyReferenceArrives();
});

test('while the spool cannot be written', async () => {
  const waiting = join(dataDir, 'spool', 'waiting');
  renameSync(waiting, `${waiting}-away`);
  try {
    const refused = await send(form());
    expect(refused.status).toBe(503);
    expect(await refused.text()).toContain('tel:');
  } finally {
    renameSync(`${waiting}-away`, waiting);
  }
});

test('and whatever the front desk does with them', async () => {
  const { documentId } = await arrived([...given][0] ?? '');
  for (const query of ['_q=Zyxcanary', 'filters[name][$contains]=Quillmark', '_q=%2B14158392674'])
    expect((await call(cms, 'GET', `${INBOX}?${query}`, desk)).text).toContain(documentId);
  const edit = (data: unknown) => call(cms, 'PUT', `${INBOX}/${documentId}`, desk, data);
  expect((await edit({ stage: 'contacted', notes: 'Zyxcanary called back.' })).status).toBe(200);
  expect((await edit({ name: 'Zyxcanary Quillmark-Long', phone: '+1 415 839 2674' })).status).toBe(200);
  for (const wrong of [{ phone: 'Zyxcanary' }, { name: ' ' }, { stage: 'lost' }]) {
    const { status, text } = await edit(wrong);
    expect(status).toBe(400);
    said.push({ by: 'a refused change', text });
  }
  expect((await call(cms, 'GET', `/requests/${documentId}`, desk)).text).toContain('Zyxcanary called back.');
  expect((await call(cms, 'GET', `/requests/${documentId}-gone`, desk)).status).toBe(404);
  const out = join(folder, 'export.csv');
  const exported = await runCms('requests', env, 'export', '--out', out);
  said.push({ by: 'the export', text: exported.output });
  expect(exported.code).toBe(0);
  expect(statSync(out).mode & 0o777).toBe(0o600);
  expect(readFileSync(out, 'utf8')).toContain('Quillmark');
  rmSync(out);
});

test('nobody else is told of them, by any route that can be read', async () => {
  const { documentId, id } = await arrived([...given][0] ?? '');
  const listed = await runCms('routes', env);
  const paths = listed.output
    .split('\n')
    .filter((line) => line.startsWith('{"methods"'))
    .map((line) => JSON.parse(line) as { methods: string[]; path: string })
    .filter(({ methods, path }) => methods.includes('GET') && !path.includes('uploads'))
    .map(({ path }) =>
      path
        .replace(/:(model|contentType|type|uid)\b/g, 'api::consultation-request.consultation-request')
        .replace(/:(\w+)(\([^)]*\))?[*+?]?/g, (_all, name: string) =>
          name === 'id' ? String(id) : documentId,
        )
        .replace(/\(\.\*\)|\*/g, 'nothing'),
    );
  expect(paths.length).toBeGreaterThan(80);
  const others = Object.entries(people).filter(([name]) => !['Front desk', 'Super Admin'].includes(name));
  for (const [name, authorization] of others) {
    for (const path of [...new Set(paths), `${INBOX}/${documentId}`, `${INBOX}?_q=a`]) {
      const { text } = await call(cms, 'GET', path, authorization);
      if (MARKS.test(text)) said.push({ by: `${name}: GET ${path}`, text });
    }
  }
  expect(holding(said)).toEqual([]);
});

test('nothing of them is in any output, file, mail, message, answer or address', async () => {
  mails.refuses = false;
  statement('UPDATE consultation_requests SET mail_due_at = 0 WHERE mail_due_at IS NOT NULL');
  await expect.poll(() => mails.taken.length, { timeout: 60_000 }).toBeGreaterThan(0);
  expect(cms.output()).toContain('could not be sent (EENVELOPE 550');
  for (const text of mails.taken) {
    said.push({ by: 'a mail', text });
    expect(text).toMatch(/Subject: New consultation request [\w-]{11}/);
  }
  expect(recorder.received.filter(({ headers }) => headers['x-strapi-event'] !== undefined)).not.toEqual([]);
  for (const { body, headers } of recorder.received)
    said.push({ by: 'a message', text: `${JSON.stringify(headers)} ${body}` });
  takeOutput();
  expect(holding(said)).toEqual([]);
  expect(filesHolding((name) => name.startsWith('cms.sqlite'))).toEqual([]);
});

test('and nothing of them is left anywhere once they are erased or their time has passed', async () => {
  const [first = ''] = given;
  erase(first);
  await killCms();
  const waiting = form();
  expect((await send(waiting)).status).toBe(303);
  const reference = [...given].at(-1) ?? '';
  expect(readdirSync(join(dataDir, 'spool', 'waiting'))).not.toEqual([]);
  expect(erase(reference)).toContain(`${reference} is erased from the spool`);
  expect(readdirSync(join(dataDir, 'spool', 'waiting'))).toEqual([]);
  statement(`UPDATE consultation_requests SET stage = 'closed', closed_at = 1 ${OF_PATIENT}`);
  cms = await startCms(env);
  await expect
    .poll(() => statement(`SELECT * FROM consultation_requests ${OF_PATIENT}`), { timeout: 60_000 })
    .toEqual([]);
  site.child.kill('SIGTERM');
  await site.ended;
  await cms.stop();
  takeOutput();
  expect(holding(said)).toEqual([]);
  expect(filesHolding(() => false)).toEqual([]);
});

const OF_PATIENT = `WHERE name LIKE 'Zyxcanary%'`;
let patients = 0;

/** The patient's answers in a form of their own. */
function form(more: Record<string, string> = {}): Record<string, string> {
  const token = { key: randomUUID(), issuedAt: Date.now() - 10_000, sourcePage: '/consultation/' };
  return { form: signToken(makeKeyring(env.SPOOL_KEY ?? ''), token), ...PATIENT, ...more };
}

/** Posts from an address of its own, and notes what the answer gives away outside its own page. */
async function send(
  body: Record<string, string> | string,
  headers: Record<string, string> = {},
): Promise<Response> {
  patients += 1;
  const answer = await fetch(`${origin}/consultation/`, {
    method: 'POST',
    redirect: 'manual',
    body: typeof body === 'string' ? body : new URLSearchParams(body).toString(),
    headers: {
      ...ODD_HEADERS,
      'content-type': 'application/x-www-form-urlencoded',
      'x-forwarded-for': `10.1.${patients >> 8}.${patients & 255}`,
      ...headers,
    },
  });
  const location = answer.headers.get('location') ?? '';
  const payload = Buffer.from(location.split('id=')[1]?.split('.')[0] ?? '', 'base64url').toString();
  said.push({ by: 'headers of an answer', text: `${JSON.stringify([...answer.headers])} ${payload}` });
  if (answer.status === 303) {
    const { reference } = JSON.parse(payload) as { reference: string };
    given.add(reference);
    const confirmation = await fetch(`${origin}${location}`).catch(() => null);
    said.push({ by: 'a confirmation', text: (await confirmation?.text()) ?? '' });
  }
  return answer;
}

async function arrived(reference: string): Promise<{ documentId: string; id: number }> {
  const { body } = await call(cms, 'GET', `${INBOX}?filters[reference][$eq]=${reference}`, desk);
  const { results } = body as { results: { documentId: string; id: number }[] };
  const [row, ...more] = results;
  if (row === undefined || more.length > 0) throw new Error(`${reference} is there ${results.length} times.`);
  return row;
}

async function everyReferenceArrives(): Promise<void> {
  const stored = () =>
    statement('SELECT reference FROM consultation_requests').map(({ reference }) => String(reference));
  await expect
    .poll(() => [...given].filter((reference) => !stored().includes(reference)), {
      timeout: 120_000,
      interval: 500,
    })
    .toEqual([]);
}

function statement(sql: string): Record<string, unknown>[] {
  const file = new DatabaseSync(database, { timeout: 20_000 });
  try {
    return file.prepare(sql).all();
  } finally {
    file.close();
  }
}

async function startBoth(): Promise<void> {
  site = runProgram(process.execPath, [join(root, 'site/server/main.ts')], env);
  cms = await startCms(env);
  const answers = () =>
    fetch(`${origin}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await answers())) {
    if (site.child.exitCode !== null) throw new Error(`The site server ended: ${site.output()}`);
    await sleep(50);
  }
}

async function killCms(): Promise<void> {
  await cms.kill();
  said.push({ by: 'the CMS', text: cms.output() });
}

async function killSite(): Promise<void> {
  await site.kill();
  said.push({ by: 'the site server', text: site.output() });
}

function takeOutput(): void {
  said.push({ by: 'the CMS', text: cms.output() }, { by: 'the site server', text: site.output() });
}

/** The command of the operator, for database and spool. */
function erase(reference: string): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['scripts/requests.ts', 'erase', reference.toLowerCase()],
    { cwd: root, env: { ...env, PATH: process.env.PATH }, encoding: 'utf8' },
  );
  expect(status, stderr).toBe(0);
  said.push({ by: 'the erasure', text: `${stdout}${stderr}` });
  return stdout;
}

function holding(texts: readonly { by: string; text: string }[]): string[] {
  return texts
    .filter(({ text }) => MARKS.test(text))
    .map(({ by, text }) => `${by}: …${text.slice(Math.max(0, text.search(MARKS) - 200)).slice(0, 300)}`);
}

/** Files of the processes that hold the patient in plain; what was there before them in the code is not theirs. */
function filesHolding(isLeftOut: (name: string) => boolean): string[] {
  const files = [folder, join(root, 'cms'), join(root, 'site')].flatMap((from) => filesBelow(from));
  expect(files.length).toBeGreaterThan(100);
  return files.filter((file) => {
    const name = file.slice(file.lastIndexOf('/') + 1);
    const from = file.startsWith(folder) ? 0 : begin;
    if (isLeftOut(name) || unlessGone(() => statSync(file).mtimeMs, 0) < from) return false;
    const bytes = unlessGone(() => readFileSync(file), Buffer.alloc(0));
    return MARKS.test(file) || MARKS.test(bytes.toString('latin1')) || MARKS.test(bytes.toString('utf16le'));
  });
}

/** What is read, or something else when it went meanwhile: other tests build the site beside this one. */
function unlessGone<Read>(read: () => Read, otherwise: Read): Read {
  try {
    return read();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return otherwise;
    throw error;
  }
}

function filesBelow(from: string): string[] {
  return unlessGone(() => readdirSync(from, { withFileTypes: true }), []).flatMap((entry) => {
    const path = join(from, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

/** A real mail server that refuses the desk until it is told otherwise. */
async function startMailServer() {
  const taken: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onRcptTo: (_address, _session, done) => {
      done(state.refuses ? new Error('Mailbox unavailable') : null);
    },
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        taken.push(Buffer.concat(chunks).toString('utf8').replaceAll('=\r\n', ''));
        done();
      });
    },
  });
  // The CMS is killed in the middle of a talk.
  server.on('error', () => undefined);
  const port = await freePort();
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  const stop = () => new Promise<void>((closed) => server.close(closed));
  const state = { port, refuses: true, taken, stop };
  return state;
}
