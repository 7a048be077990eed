import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../../scripts/free-port.ts';
import { neededSettings, startSite } from '../test/programs.ts';
import { temporaryFolder } from '../test/site.ts';
import { goodAnswers, liveForm, post, referenceIn, startIntake, tokenOf } from './test/harness.ts';
import { environmentFor, survivesKills } from './test/kills.ts';

test('200 requests over 4 kills are in the CMS, each once', { timeout: 120_000 }, () =>
  survivesKills(200, 4),
);

test('a full disk is told, and what came before arrives', { timeout: 60_000 }, async () => {
  const dataDir = await temporaryFolder();
  await liveForm(dataDir);
  const port = await freePort();
  // No file may grow: writing fails as on a full disk, while reading goes on.
  const main = join(import.meta.dirname, '..', 'main.ts');
  const child = spawn('sh', ['-c', `trap '' XFSZ; ulimit -f 0; exec "$0" "$1"`, process.execPath, main], {
    env: {
      PATH: process.env['PATH'],
      DATA_DIR: dataDir,
      SITE_PORT: String(port),
      ...neededSettings,
      ...environmentFor('http://127.0.0.1:9'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const origin = `http://127.0.0.1:${port}`;
  await expect
    .poll(
      () =>
        fetch(`${origin}/healthz`).then(
          ({ status }) => status,
          () => output,
        ),
      { timeout: 20_000 },
    )
    .toBe(200);
  const answers = goodAnswers({ name: 'Canary Patient' });
  const answer = await post(origin, answers);
  expect(answer.status).toBe(503);
  expect(await answer.text()).toContain('(555) 010-0199');
  expect(await readdir(join(dataDir, 'spool/waiting'))).toEqual([]);
  expect(output).toContain('could not be written to the spool (EFBIG)');
  expect(output).not.toContain('Canary');
  child.kill('SIGKILL');
  await ended;
  // With room again, the same form is taken.
  const intake = await startIntake();
  const site = await startSite(dataDir, environmentFor(intake.url));
  expect((await post(site.origin, answers)).status).toBe(303);
  await expect.poll(() => intake.taken.size).toBe(1);
});

test('nothing about a patient is anywhere but in the sealed spool', { timeout: 90_000 }, async () => {
  const dataDir = await temporaryFolder();
  await liveForm(dataDir);
  const intake = await startIntake();
  const failing = ['ECONNRESET', 500, 401, 409, 422];
  let fault = 0;
  intake.fault = () => {
    const code = failing[(fault += 1) % failing.length];
    return typeof code === 'number' ? code : null;
  };
  const outputs: string[] = [];
  const addresses: string[] = [];
  const canary = { name: 'Canary Zebrawood', phone: '(310) 828-7757', email: 'canary@zebrawood.example' };
  const form = () => goodAnswers({ ...canary, message: 'Canary message', form: tokenOf() });
  let site = await startSite(dataDir, environmentFor(intake.url));
  for (let round = 0; round < 2; round += 1) {
    const twice = form();
    const bodies: [Record<string, string> | string, Record<string, string>][] = [
      [twice, {}],
      [twice, {}],
      [{ ...twice, name: 'Canary Other' }, {}],
      [{ ...form(), phone: 'canary' }, {}],
      [{ ...form(), form: '' }, {}],
      [{ ...form(), canary: 'x' }, {}],
      ['{"name": "Canary', { 'content-type': 'application/json' }],
      [JSON.stringify({ ...form(), name: ['Canary'] }), { 'content-type': 'application/json' }],
      [`name=Canary&${'x'.repeat(40_000)}`, {}],
      ['name=Canary', { 'content-type': 'text/plain' }],
      [form(), { 'sec-fetch-site': 'cross-site' }],
      [form(), { origin: 'http://canary.example' }],
      ...Array.from({ length: 25 }, (): [Record<string, string>, Record<string, string>] => [form(), {}]),
    ];
    for (const [body, headers] of bodies) {
      const answer = await post(site.origin, body, headers);
      addresses.push(answer.headers.get('location') ?? '');
      if (answer.status === 303) expect(await referenceIn(site.origin, answer)).not.toBe('');
    }
    await wait(300);
    outputs.push(site.output());
    site.child.kill(round === 0 ? 'SIGKILL' : 'SIGTERM');
    await site.ended;
    outputs.push(site.output());
    if (round === 0) site = await startSite(dataDir, environmentFor(intake.url));
  }
  const seen = [...outputs, ...addresses.map((address) => decode(address))].join('\n');
  expect(seen).toContain('The CMS takes no consultation requests');
  expect(seen).not.toMatch(/canary|zebrawood|8287757|828-7757/i);
  const entries = await readdir(dataDir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  expect(files.some(({ parentPath }) => parentPath.endsWith('waiting'))).toBe(true);
  expect(files.some(({ parentPath }) => parentPath.endsWith('rejected'))).toBe(true);
  for (const { parentPath, name } of files) {
    const text = `${name} ${await readFile(join(parentPath, name), 'latin1')}`;
    expect(text, name).not.toMatch(/canary|zebrawood|8287757|828-7757/i);
  }
});

/** A confirmation's address with the payload of its id in plain. */
function decode(address: string): string {
  const payload = address.split('id=')[1]?.split('.')[0] ?? '';
  return `${address} ${Buffer.from(payload, 'base64url').toString()}`;
}
