import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimDataDir, exclusively, ownerOf } from './lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('refuses a folder that a running process has, and names the process', async () => {
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  writeFileSync(join(folder, 'running.pid'), String(other.pid));
  try {
    await expect(claimDataDir(folder)).rejects.toThrow(
      new RegExp(`running on .* already \\(process ${String(other.pid)}\\)`),
    );
  } finally {
    other.kill();
  }
});

test('takes over from a process that is gone', async () => {
  writeFileSync(join(folder, 'running.pid'), '999999999');
  expect(ownerOf(folder)).toBeUndefined();
  const release = await claimDataDir(folder);
  release();
});

test('has one owner, however many processes claim it at the same moment, also after one that is gone', async () => {
  const rounds = Array.from({ length: 60 }, (_, round) => join(folder, String(round)));
  for (const [round, dir] of rounds.entries()) {
    mkdirSync(dir);
    if (round % 2 === 1) writeFileSync(join(dir, 'running.pid'), '999999999');
  }
  const program = `
    const { claimDataDir } = await import(${JSON.stringify(new URL('lock.ts', import.meta.url).href)});
    process.stdout.write('ready');
    const start = Number(await new Promise((done) => process.stdin.once('data', done)));
    const dirs = ${JSON.stringify(rounds)};
    const owned = [];
    for (const [round, dir] of dirs.entries()) {
      while (Date.now() < start + 10 * round);
      await claimDataDir(dir).then(() => owned.push(dir), (error) => {
        if (error.name !== 'OperatorError') throw error;
      });
    }
    process.stdout.write(JSON.stringify(owned));
    // What has an owner that is gone may be claimed, so all stay until all are done.
    await new Promise((done) => process.stdin.once('end', done));`;
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', program], {
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  );
  const says = async (child: (typeof children)[number]) => String((await once(child.stdout, 'data'))[0]);
  await Promise.all(children.map(says));
  const answers = children.map(says);
  const start = String(Date.now() + 200);
  for (const { stdin } of children) stdin.write(start);
  const owned = (await Promise.all(answers)).flatMap((answer) => JSON.parse(answer) as string[]);
  for (const { stdin } of children) stdin.end();
  expect(owned.toSorted()).toEqual(rounds.toSorted());
  for (const dir of rounds) expect(readdirSync(dir)).toEqual(['running.pid', 'running.pid.lock']);
});

test('can be claimed again after it was given back', async () => {
  (await claimDataDir(folder))();
  (await claimDataDir(folder))();
  expect(ownerOf(folder)).toBeUndefined();
});

test('lets two pieces of exclusive work follow one another', async () => {
  const order: string[] = [];
  const work = (name: string) => async () => {
    order.push(`${name} begins`);
    await Promise.resolve();
    order.push(`${name} ends`);
  };
  await exclusively('lock-test', work('first'));
  await exclusively('lock-test', work('second'));
  expect(order).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
});

test('makes exclusive work wait for another process', async () => {
  const program = `
    const { exclusively } = await import(${JSON.stringify(new URL('lock.ts', import.meta.url).href)});
    await exclusively('lock-wait-test', async () => {
      process.stdout.write('has it');
      await new Promise((done) => setTimeout(done, 600_000));
    });`;
  const other = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', program],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(other.stdout, 'data');
  let done = false;
  const waiting = exclusively('lock-wait-test', async () => {
    done = await Promise.resolve(true);
  });
  await new Promise((looked) => setTimeout(looked, 200));
  expect(done).toBe(false);
  other.kill('SIGKILL');
  await waiting;
  expect(done).toBe(true);
});
