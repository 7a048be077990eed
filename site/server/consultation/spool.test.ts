import { mkdir, readdir, readFile, rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ConsultationRequest } from '@meridian/shared-types';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../test/site.ts';
import { makeKeyring } from './keyring.ts';
import { openConsultation, spoolFolder } from './service.ts';
import { openSpool, referenceOfKey, SpoolError } from './spool.ts';
import { keyring, settingsFor, startIntake } from './test/harness.ts';

function request(key: string, name = 'Canary Patient'): ConsultationRequest {
  return {
    reference: referenceOfKey(key),
    name,
    phone: '+13108287757',
    email: null,
    preferredDays: [],
    preferredTimes: [],
    topic: null,
    provider: null,
    returningPatient: null,
    message: null,
    consent: true,
    receivedAt: '2026-11-23T18:00:00.000Z',
    sourcePage: '/consultation/',
    suspectedSpam: false,
    dueAt: null,
  };
}

async function spooled(...names: string[]) {
  const folder = join(await temporaryFolder(), 'spool');
  const spool = await openSpool(folder, keyring);
  const keys = names.map(() => crypto.randomUUID());
  for (const [index, key] of keys.entries()) await spool.add(key, request(key, names[index]));
  return { folder, spool, keys };
}

test('writes one encrypted file a request, for its owner alone', async () => {
  const { folder, spool, keys } = await spooled('Canary Patient');
  const [name = ''] = await readdir(join(folder, 'waiting'));
  expect(name).toBe(keys[0]);
  expect(await readFile(join(folder, 'waiting', name), 'utf8')).not.toMatch(/Canary|8287757/);
  expect(await spool.read(name)).toEqual(request(name));
});

test(
  'a file cut at any byte is set aside and reported; the others arrive',
  { timeout: 120_000 },
  async () => {
    const dataDir = await temporaryFolder();
    const folder = spoolFolder(dataDir);
    const spool = await openSpool(folder, keyring);
    const model = crypto.randomUUID();
    await spool.add(model, request(model));
    const whole = await readFile(join(folder, 'waiting', model));
    const cut = [];
    for (let length = 0; length < whole.length; length += 7) {
      const key = crypto.randomUUID();
      await writeFile(join(folder, 'waiting', key), whole.subarray(0, length));
      cut.push(referenceOfKey(key));
    }
    // A whole file under another's name is another's request.
    const stolen = crypto.randomUUID();
    await writeFile(join(folder, 'waiting', stolen), whole);
    cut.push(referenceOfKey(stolen));
    const intake = await startIntake();
    const told: string[] = [];
    const service = await openConsultation({
      dataDir,
      consultation: settingsFor(intake.url),
      tell: (text) => told.push(text),
    });
    await expect.poll(async () => (await service?.status())?.waiting, { timeout: 90_000 }).toBe(0);
    const status = await service?.status();
    await service?.stop();
    expect([...intake.taken.keys()]).toEqual([model]);
    expect(status?.rejected.map(({ reference }) => reference).sort()).toEqual(cut.sort());
    expect(new Set(status?.rejected.map(({ reason }) => reason))).toEqual(new Set(['unreadable']));
    expect(told).toHaveLength(cut.length);
  },
);

test('gives no reference for what an interrupted write left, and removes it', async () => {
  const { folder, keys } = await spooled('Ada');
  await writeFile(join(folder, 'waiting', '.draft'), 'half');
  await openSpool(folder, keyring);
  expect(await readdir(join(folder, 'waiting'))).toEqual(keys);
});

test('tells its status while requests are delivered and rejected', async () => {
  const { spool, keys } = await spooled(...Array.from({ length: 60 }, () => 'Canary Patient'));
  const statuses = Array.from({ length: 40 }, async (_, index) => {
    await wait(index);
    return spool.status();
  });
  for (const [index, key] of keys.entries()) {
    if (index % 2 === 0) await spool.delivered(key, request(key));
    else await spool.reject(key, 'refused');
  }
  const waiting = (await Promise.all(statuses)).map((status) => status.waiting);
  expect(Math.max(...waiting)).toBeLessThanOrEqual(60);
  expect(await spool.status()).toMatchObject({ waiting: 0, oldestSince: null });
  expect((await spool.status()).rejected).toHaveLength(30);
});

test('keeps what needs a former key until the key is back', async () => {
  const { folder, keys } = await spooled('Ada');
  const changed = await openSpool(folder, makeKeyring('77'.repeat(32)));
  expect(await changed.status()).toMatchObject({ waiting: 1, locked: 1, rejected: [] });
  const both = await openSpool(folder, makeKeyring('77'.repeat(32), ['a1'.repeat(32)]));
  expect(await both.status()).toMatchObject({ waiting: 1, locked: 0 });
  expect(await both.read(keys[0] ?? '')).toMatchObject({ name: 'Ada' });
});

test('says that it is full, and that its folder cannot be used', async () => {
  const folder = await temporaryFolder();
  const spool = await openSpool(folder, keyring, { capacity: 1 });
  const [one, two] = [crypto.randomUUID(), crypto.randomUUID()];
  await spool.add(one, request(one));
  await expect(spool.add(two, request(two))).rejects.toThrow(SpoolError);
  await writeFile(join(folder, 'file'), '');
  await expect(openSpool(join(folder, 'file'), keyring)).rejects.toThrow('cannot be used');
});

test('erases every trace of a reference, and nothing else', async () => {
  const { folder, spool, keys } = await spooled('Ada', 'Eve', 'Joe');
  const [ada = '', eve = '', joe = ''] = keys;
  await spool.delivered(ada, request(ada, 'Ada'));
  await spool.reject(eve, 'refused');
  for (const key of keys) expect(await spool.erase(referenceOfKey(key))).toBe(1);
  for (const part of ['waiting', 'rejected', 'receipts'])
    expect(await readdir(join(folder, part))).toEqual([]);
  expect(await spool.erase(referenceOfKey(joe))).toBe(0);
});

test('forgets receipts after two days', async () => {
  const { folder, spool, keys } = await spooled('Ada');
  const [ada = ''] = keys;
  await spool.delivered(ada, request(ada, 'Ada'));
  await spool.clean(new Date());
  expect(await readdir(join(folder, 'receipts'))).toEqual([ada]);
  expect(await readFile(join(folder, 'receipts', ada), 'utf8')).not.toMatch(/Ada|7757/);
  await utimes(join(folder, 'receipts', ada), new Date(), new Date(Date.now() - 3 * 86_400_000));
  await spool.clean(new Date());
  expect(await readdir(join(folder, 'receipts'))).toEqual([]);
});

async function delivering(names: string[]) {
  const dataDir = await temporaryFolder();
  await mkdir(spoolFolder(dataDir), { recursive: true });
  const spool = await openSpool(spoolFolder(dataDir), keyring);
  const keys = names.map(() => crypto.randomUUID());
  for (const [index, key] of keys.entries()) await spool.add(key, request(key, names[index]));
  const intake = await startIntake();
  const told: string[] = [];
  const start = () =>
    openConsultation({
      dataDir,
      consultation: settingsFor(intake.url),
      pauses: { first: 10, longest: 40 },
      tell: (text) => told.push(text),
    });
  return { dataDir, spool, keys, intake, told, start };
}

test('delivers what waited while the CMS was down, and says so while it is', async () => {
  const { keys, intake, told, start } = await delivering(['Ada', 'Eve', 'Joe']);
  intake.fault = () => null;
  const service = await start();
  await expect.poll(() => intake.posts()).toBeGreaterThan(12);
  expect((await service?.status())?.failing?.reason).toMatch(/\w/);
  expect(intake.taken.size).toBe(0);
  intake.fault = () => 503;
  const before = intake.posts();
  await expect.poll(() => intake.posts()).toBeGreaterThan(before + 6);
  intake.fault = null;
  await expect.poll(() => [...intake.taken.keys()].sort()).toEqual(keys.toSorted());
  await expect.poll(async () => service?.status()).toMatchObject({ waiting: 0, failing: null });
  await service?.stop();
  expect(told).toHaveLength(1);
});

test('a CMS that dies between taking and answering has it once', async () => {
  const { keys, intake, start } = await delivering(['Ada']);
  let deaths = 0;
  intake.fault = (_request, when) => (when === 'after' && (deaths += 1) <= 3 ? null : undefined);
  const service = await start();
  await expect.poll(async () => (await service?.status())?.waiting).toBe(0);
  await service?.stop();
  expect(deaths).toBeGreaterThan(3);
  expect([...intake.taken.keys()]).toEqual(keys);
});

test.each([
  [422, 'refused'],
  [400, 'refused'],
  [409, 'conflict'],
] as const)(
  'sets aside what the CMS answers with %i, and goes on with the others',
  async (status, reason) => {
    const { dataDir, keys, intake, told, start } = await delivering(['Ada', 'Eve']);
    const [ada = '', eve = ''] = keys;
    intake.fault = ({ headers }) => (headers['idempotency-key'] === ada ? status : undefined);
    const service = await start();
    await expect.poll(async () => (await service?.status())?.waiting).toBe(0);
    expect([...intake.taken.keys()]).toEqual([eve]);
    expect(await service?.status()).toMatchObject({ rejected: [{ reference: referenceOfKey(ada), reason }] });
    await expect.poll(() => told.join()).toContain(referenceOfKey(ada));
    // A person moves it back once the cause is mended.
    await service?.stop();
    intake.fault = null;
    const spool = spoolFolder(dataDir);
    await rename(join(spool, 'rejected', `${ada}.${reason}`), join(spool, 'waiting', ada));
    const again = await start();
    await expect.poll(() => intake.taken.size).toBe(2);
    await again?.stop();
  },
);

test('one request at which the CMS fails keeps none of the others back', async () => {
  const { keys, intake, start } = await delivering(Array.from({ length: 30 }, (_, index) => `Ada ${index}`));
  intake.fault = ({ headers }) => (headers['idempotency-key'] === keys[0] ? 500 : undefined);
  const service = await start();
  await expect.poll(() => intake.taken.size).toBe(29);
  await expect.poll(async () => (await service?.status())?.waiting).toBe(1);
  await service?.stop();
});
