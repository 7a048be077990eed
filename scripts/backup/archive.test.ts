import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Encrypter } from 'age-encryption';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OperatorError } from '../errors.ts';
import { readArchive, writeArchive } from './archive.ts';

const passphrase = 'six random words that nobody knows';
const about = { madeAt: '2026-01-31T03:00:00.000Z', version: '0.1.0', database: 'sqlite' } as const;
const picture = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => (index * index * 7919) % 251));

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meridian-archive-'));
  file = join(folder, 'one.tar.gz.age');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(): Promise<void> {
  await writeFile(join(folder, 'picture.webp'), picture);
  await writeFile(join(folder, 'empty'), '');
  await writeArchive(file, passphrase, async (writer) => {
    await writer.addFile('data/public/picture.webp', join(folder, 'picture.webp'));
    await writer.addFile('data/empty', join(folder, 'empty'));
    await writer.addFile('data/gone', join(folder, 'gone'));
    await writer.addText('secrets.json', '{"SPOOL_KEY":"Canary-Secret"}');
    return about;
  });
}

async function unpack(name: string): Promise<string> {
  const target = join(folder, name);
  await mkdir(target);
  await readArchive(file, passphrase, target);
  return target;
}

/** Seals files as a backup does, without looking at their names. */
async function forge(names: readonly string[]): Promise<void> {
  const tar = pack();
  for (const name of names) tar.entry({ name }, 'forged');
  tar.finalize();
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(10);
  const parts: Buffer[] = [];
  for await (const part of tar as AsyncIterable<Buffer>) parts.push(part);
  await writeFile(file, await encrypter.encrypt(gzipSync(Buffer.concat(parts))));
}

test('what was put in comes out the same, and what was gone is left out', async () => {
  await write();
  const target = await unpack('out');
  expect(await readFile(join(target, 'data/public/picture.webp'))).toEqual(picture);
  expect(await readFile(join(target, 'data/empty'), 'utf8')).toBe('');
  expect(await readFile(join(target, 'secrets.json'), 'utf8')).toContain('Canary-Secret');
  expect(await readdir(join(target, 'data'))).toEqual(['empty', 'public']);
});

test('nothing in it can be read without the passphrase', async () => {
  await write();
  const text = (await readFile(file)).toString('latin1');
  expect(text).toMatch(/^age-encryption\.org\/v1\n-> scrypt /);
  expect(text).not.toMatch(/Canary|secrets|picture/);
  await mkdir(join(folder, 'out'));
  await expect(readArchive(file, 'some other words, long enough', join(folder, 'out'))).rejects.toThrow(
    /the passphrase is wrong/,
  );
});

test('a backup that was cut off anywhere is refused', async () => {
  await write();
  const whole = await readFile(file);
  const cuts = Array.from({ length: 24 }, (_, index) => Math.floor((whole.length * index) / 24));
  for (const length of [...cuts, whole.length - 1]) {
    await writeFile(file, whole.subarray(0, length));
    await expect(unpack(`cut-${length}`)).rejects.toThrow(OperatorError);
  }
});

test('a backup of which any bit was changed is refused', async () => {
  await write();
  const whole = await readFile(file);
  for (let round = 0; round < 24; round += 1) {
    const changed = Buffer.from(whole);
    const place = Math.floor((whole.length * (round + 0.5)) / 24);
    changed[place] = (changed[place] ?? 0) ^ (1 << (round % 8));
    await writeFile(file, changed);
    await expect(unpack(`bit-${round}`)).rejects.toThrow(OperatorError);
  }
});

describe('files of other making', () => {
  test.each([
    ['a path out of the folder', ['../outside']],
    ['an absolute path', ['/tmp/outside']],
    ['a path with an empty part', ['data//twice']],
    ['a file twice', ['data/a', 'data/a']],
    ['no list', ['data/a']],
  ])('with %s are refused', async (_, names) => {
    await forge(names);
    await expect(unpack('out')).rejects.toThrow(OperatorError);
    expect(await readdir(folder)).toEqual(['one.tar.gz.age', 'out']);
  });

  test.each([
    ['empty', ''],
    ['of text', 'This is no backup.'],
    ['of HTML that a proxy answered', '<!doctype html><title>404</title>'],
  ])('that are %s are refused', async (_, text) => {
    await writeFile(file, text);
    await expect(unpack('out')).rejects.toThrow(/Nothing was changed/);
  });

  test('that are not there are named', async () => {
    await expect(readArchive(join(folder, 'none'), passphrase, folder)).rejects.toThrow(
      /There is no backup .*none/,
    );
  });
});

test('a disk that takes no more is told, in the middle too', async () => {
  await writeFile(join(folder, 'random'), randomBytes(4_000_000));
  const code = `
    const { writeArchive } = await import(${JSON.stringify(join(import.meta.dirname, 'archive.ts'))});
    const about = { madeAt: new Date().toISOString(), version: '1', database: 'sqlite' };
    await writeArchive(process.argv[1], 'six random words', async (writer) => {
      for (let each = 0; each < 5; each += 1) await writer.addFile('data/' + each, process.argv[2]);
      return about;
    }).catch((error) => { console.log(error.code); process.exitCode = 3; });
  `;
  const limited = `ulimit -f 2000; exec "$0" --input-type=module -e "$1" "$2" "$3"`;
  const args = ['-c', limited, process.execPath, code, file, join(folder, 'random')];
  const { status, stdout, stderr } = spawnSync('bash', args, { encoding: 'utf8', timeout: 50_000 });
  expect({ status, stdout, stderr }).toMatchObject({ status: 3, stdout: 'EFBIG\n' });
});

test('a fault in the middle leaves no list, so that nobody takes the rest for a backup', async () => {
  await expect(
    writeArchive(file, passphrase, async (writer) => {
      await writer.addText('a', 'a');
      throw new Error('the disk went away');
    }),
  ).rejects.toThrow('the disk went away');
  await expect(unpack('out')).rejects.toThrow(OperatorError);
});
