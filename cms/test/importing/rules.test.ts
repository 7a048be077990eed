import { once } from 'node:events';
import { mkdtemp, readFile, rm, symlink, writeFile, mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readImportCommand } from '../../src/importing/command.ts';
import { fetchPicture, isPublicAddress } from '../../src/importing/fetching.ts';
import { findInputs } from '../../src/importing/inputs.ts';
import { linkMap, linkReader } from '../../src/importing/links.ts';
import { notes } from '../../src/importing/notes.ts';
import { pictureFiles } from '../../src/importing/picture-files.ts';
import { documentIdOf } from '../../src/importing/records.ts';
import { oldPath } from '../../src/importing/redirects.ts';

describe('linkReader', () => {
  const map = linkMap();
  map.add('https://www.old.example/2019/walking/', { type: 'article', documentId: 'abc' });
  map.add('https://old.example/?p=5', { type: 'article', documentId: 'abc' });
  map.add('file:///posts/b.md', { type: 'page', documentId: 'def' });

  it.each<[string, string, string | null, 0 | 1]>([
    ['https://old.example/', 'http://old.example/2019/Walking', 'entry:article/abc', 0],
    ['https://old.example/x/', '../2019/walking/#how', 'entry:article/abc#how', 1],
    ['https://old.example/', '/?p=5', 'entry:article/abc', 0],
    ['https://old.example/', '/gone/', 'https://old.example/gone/', 1],
    ['https://old.example/', 'https://else.example/a?b=c', 'https://else.example/a?b=c', 0],
    ['https://old.example/', '//else.example/a', 'https://else.example/a', 0],
    ['file:///posts/a.md', 'b.md', 'entry:page/def', 0],
    ['file:///posts/a.md', '/articles/known/', '/articles/known/', 0],
    ['file:///posts/a.md', '../../etc/passwd', null, 1],
    ['file:///posts/a.md', 'java\nscript:alert(1)', null, 1],
    ['file:///posts/a.md', ' JavaScript:alert(1)', null, 1],
    ['file:///posts/a.md', 'data:text/html,x', null, 1],
    ['file:///posts/a.md', 'file:///posts/b.md', null, 1],
    ['file:///posts/a.md', 'http://[', null, 1],
    ['file:///posts/a.md', 'tel:+15550100', 'tel:+15550100', 0],
    ['file:///posts/a.md', '#there', '#there', 1],
  ])('from %s reads %j as %j', (base, href, result, asked) => {
    const said = notes();
    const read = linkReader(map, base, (path) => path === '/articles/known/', said);
    expect(read(href)).toBe(result);
    expect(said.person).toHaveLength(asked);
  });
});

describe('pictureFiles', () => {
  const { find } = pictureFiles([
    'uploads/2019/03/coast.jpg',
    'uploads/2020/coast.jpg',
    'a b/Ünder.webp',
    'wide.png',
    'x/twin.png',
    'y/twin.png',
  ]);
  it.each<[string, string | null]>([
    ['https://old.example/wp-content/uploads/2019/03/coast.jpg', 'uploads/2019/03/coast.jpg'],
    ['https://old.example/wp-content/uploads/2020/coast-300x200.jpg?x=1', 'uploads/2020/coast.jpg'],
    ['https://old.example/files/wide-scaled.png', 'wide.png'],
    ['https://old.example/twin.png', null],
    ['file:///a%20b/%C3%9Cnder.webp', 'a b/Ünder.webp'],
    ['file:///wide-300x200.png', null],
    ['file:///../../../etc/passwd', null],
    ['file:///..%2f..%2fwide.png', null],
    ['https://old.example/%E0%A4%A', null],
    ['no address', null],
  ])('finds %s as %s', (address, file) => {
    expect(find(address)).toBe(file);
  });
});

it('finds texts and pictures, and follows no links out of the folder', async () => {
  const root = await mkdtemp(join(tmpdir(), 'meridian-import-'));
  await mkdir(join(root, 'in/sub'), { recursive: true });
  await writeFile(join(root, 'secret.md'), 'x');
  for (const name of ['b.md', 'a.txt', 'sub/p.JPG', 'c.pdf', '.hidden.md'])
    await writeFile(join(root, 'in', name), 'x');
  await symlink(join(root, 'secret.md'), join(root, 'in/link.md'));
  await symlink(root, join(root, 'in/up'));
  expect(await findInputs(join(root, 'in'))).toMatchObject({
    texts: ['a.txt', 'b.md'],
    pictures: ['sub/p.JPG'],
    others: 1,
  });
  expect(await findInputs(join(root, 'in/b.md'))).toMatchObject({ texts: ['b.md'], pictures: ['sub/p.JPG'] });
  await expect(findInputs(join(root, 'in/c.pdf'))).rejects.toThrow('holds nothing to import');
  await expect(findInputs(join(root, 'none'))).rejects.toThrow('cannot be read');
  await rm(root, { recursive: true });
});

describe('readImportCommand', () => {
  it('reads what is asked for', () => {
    expect(
      readImportCommand([
        'in',
        '--publish',
        '--provider',
        'A B',
        '--provider=C',
        '--fetch-images-from',
        'old.example',
      ]),
    ).toEqual({
      path: 'in',
      isDryRun: false,
      publishes: true,
      providers: ['A B', 'C'],
      hosts: ['old.example'],
    });
  });
  it.each([[[]], [['a', 'b']], [['a', '--force']], [['a', '--fetch-images-from', 'https://old.example/']]])(
    'refuses %j',
    (args) => {
      expect(() => readImportCommand(args)).toThrow('Usage: npm run import');
    },
  );
});

it.each([
  ['https://old.example/2019/a', '/articles/a/', '/2019/a'],
  ['https://old.example/about', '/about/', null],
  ['https://old.example/?p=5', '/articles/a/', null],
  ['https://old.example/', '/home/', null],
  ['file:///a.md', '/articles/a/', null],
])('an entry from %s at %s redirects %s', (address, path, from) => {
  expect(oldPath(address, path)).toBe(from);
});

it('makes document ids of the form that links can name', () => {
  expect(documentIdOf('a')).toMatch(/^[a-z][a-z0-9]{23}$/);
  expect(documentIdOf('a')).not.toBe(documentIdOf('b'));
});

it.each([
  ['93.184.216.34', true],
  ['2606:4700::1111', true],
  ['127.0.0.1', false],
  ['10.1.2.3', false],
  ['169.254.169.254', false],
  ['172.31.0.1', false],
  ['100.64.0.1', false],
  ['0.0.0.0', false],
  ['255.255.255.255', false],
  ['::1', false],
  ['::', false],
  ['::ffff:127.0.0.1', false],
  ['::ffff:7f00:1', false],
  ['64:ff9b::7f00:1', false],
  ['fd00::1', false],
  ['fe80::1', false],
  ['old.example', false],
])('takes %s for public: %s', (address, isPublic) => {
  expect(isPublicAddress(address)).toBe(isPublic);
});

describe('fetchPicture', () => {
  let server: Server;
  let host = '';
  let folder = '';
  let heard: string[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'meridian-fetch-'));
    server = createServer((request, response) => {
      heard.push(request.url ?? '');
      if (request.url === '/away') response.writeHead(302, { location: 'http://elsewhere.example/x' }).end();
      else if (request.url === '/loop') response.writeHead(302, { location: '/loop' }).end();
      else if (request.url === '/gone') response.writeHead(404).end();
      else response.end(Buffer.alloc(request.url === '/big' ? 2_000_000 : 10, 'x'));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    host = `localhost:${String((server.address() as AddressInfo).port)}`;
  });
  afterAll(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });
  const fetch = (path: string, more = {}) => {
    heard = [];
    return fetchPicture(`http://${host}${path}`, join(folder, 'file'), {
      hosts: [host],
      mostBytes: 1_000_000,
      isAllowed: () => true,
      ...more,
    });
  };

  it('fetches from a host that was named', async () => {
    await fetch('/a');
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('xxxxxxxxxx');
  });

  it.each([
    ['/a', { hosts: [] }, 'was not named', []],
    ['/a', { isAllowed: undefined }, 'private network', []],
    ['/big', {}, 'larger than 1 MB', ['/big']],
    ['/away', {}, 'elsewhere.example was not named', ['/away']],
    ['/loop', {}, 'redirected too often', ['/loop', '/loop', '/loop', '/loop']],
    ['/gone', {}, 'answered 404', ['/gone']],
  ])('refuses %s with %j', async (path, more, message, requests) => {
    await expect(fetch(path, more)).rejects.toThrow(message);
    expect(heard).toEqual(requests);
  });

  it('asks no address of the own network by its number either', async () => {
    const port = host.split(':')[1] ?? '';
    heard = [];
    for (const name of [`127.0.0.1:${port}`, `[::ffff:7f00:1]:${port}`]) {
      await expect(
        fetchPicture(`http://${name}/a`, join(folder, 'none'), { hosts: [name], mostBytes: 10 }),
      ).rejects.toThrow('private network');
    }
    expect(heard).toEqual([]);
  });
});
