import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askLink } from '../../src/external-links/ask.ts';
import { isPublicAddress } from '../../src/external-links/private-addresses.ts';

describe('isPublicAddress', () => {
  it.each([
    ...['127.0.0.1', '127.255.0.9', '10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.169.254', '0.0.0.0'],
    ...[
      '100.64.0.1',
      '224.0.0.1',
      '255.255.255.255',
      '240.0.0.1',
      '::1',
      '::',
      'fe80::1',
      'fc00::1',
      'fd12::1',
    ],
    ...[
      '::ffff:127.0.0.1',
      '::ffff:10.0.0.1',
      '::ffff:7f00:1',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      'ff02::1',
    ],
    ...['', 'localhost', 'nothing'],
  ])('refuses %j', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['93.184.216.34', '8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8'])('allows %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

describe('a link', () => {
  let heard: string[];
  let servers: Server[];
  let answer: (path: string, method: string) => { status: number; location?: string };

  beforeEach(() => {
    heard = [];
    servers = [];
    answer = () => ({ status: 200 });
  });
  afterEach(async () => {
    for (const server of servers) {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    }
  });

  /** Listens on an address of this machine; null where the machine has none such. */
  async function listen(host: string, name = host): Promise<number | null> {
    const server = createServer((request, response) => {
      heard.push(`${request.method ?? ''} ${name}${request.url ?? ''}`);
      const { status, location } = answer(request.url ?? '', request.method ?? '');
      if (status === 0) return;
      response.writeHead(status, location === undefined ? {} : { location }).end('x'.repeat(100_000));
    });
    const listening = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(0, host, () => resolve(true));
    });
    if (!listening) return null;
    servers.push(server);
    return (server.address() as AddressInfo).port;
  }

  /** The address that a test may ask; all others of this machine stay forbidden. */
  const allowed = { mayAsk: (address: string) => address === '127.0.0.2', patience: 5000 };

  it('to this machine is never asked, however it is written', async () => {
    const port = String(await listen('127.0.0.1'));
    const port6 = String(await listen('::1'));
    const links = [
      `http://127.0.0.1:${port}/`,
      `http://localhost:${port}/`,
      `http://127.1:${port}/`,
      `http://2130706433:${port}/`,
      `http://0x7f.0.0.1:${port}/`,
      `http://0177.0.0.1:${port}/`,
      `http://0.0.0.0:${port}/`,
      `http://[::ffff:127.0.0.1]:${port}/`,
      `http://[::ffff:7f00:1]:${port}/`,
      `https://127.0.0.1:${port}/`,
      `http://[::1]:${port6}/`,
      `http://localhost:${port6}/`,
    ];
    for (const link of links) {
      expect([link, await askLink(link)]).toEqual([
        link,
        { state: 'dead', reason: 'it is not on the public internet, so it was not tried' },
      ]);
    }
    expect(heard).toEqual([]);
  });

  it('that redirects to this machine is not followed there', async () => {
    const inner = String(await listen('127.0.0.1'));
    const outer = String(await listen('127.0.0.2', 'outer'));
    for (const location of [
      `http://127.0.0.1:${inner}/`,
      `http://localhost:${inner}/`,
      `//[::ffff:7f00:1]:${inner}/`,
    ]) {
      answer = () => ({ status: 302, location });
      expect(await askLink(`http://127.0.0.2:${outer}/`, allowed)).toMatchObject({ state: 'dead' });
    }
    expect(heard).toEqual(['HEAD outer/', 'HEAD outer/', 'HEAD outer/']);
  });

  it('that redirects to what is no web page is not followed', async () => {
    const outer = String(await listen('127.0.0.2', 'outer'));
    for (const location of [
      'file:///etc/passwd',
      'ftp://127.0.0.2/',
      `http://user:pass@127.0.0.2:${outer}/`,
      `http://user@127.0.0.2:${outer}/`,
      `http://:pass@127.0.0.2:${outer}/`,
    ]) {
      answer = () => ({ status: 301, location });
      expect(await askLink(`http://127.0.0.2:${outer}/`, allowed)).toMatchObject({ state: 'dead' });
    }
    expect(heard).toHaveLength(5);
  });

  it.each([
    [200, { state: 'works' }],
    [204, { state: 'works' }],
    [302, { state: 'works' }],
    [401, { state: 'works' }],
    [403, { state: 'works' }],
    [429, { state: 'works' }],
    [404, { state: 'dead', reason: 'it answered 404' }],
    [410, { state: 'dead', reason: 'it answered 410' }],
    [500, { state: 'unsure', reason: 'it answered 500' }],
  ])('that answers %d is told so', async (status, expected) => {
    const port = String(await listen('127.0.0.2'));
    answer = () => ({ status });
    expect(await askLink(`http://127.0.0.2:${port}/`, allowed)).toEqual(expected);
  });

  it('is asked with GET where HEAD is not known', async () => {
    const port = String(await listen('127.0.0.2', 'x'));
    answer = (_path, method) => ({ status: method === 'HEAD' ? 405 : 200 });
    expect(await askLink(`http://127.0.0.2:${port}/a`, allowed)).toEqual({ state: 'works' });
    expect(heard).toEqual(['HEAD x/a', 'GET x/a']);
  });

  it('is followed to where it moved', async () => {
    const port = String(await listen('127.0.0.2', 'x'));
    answer = (path) => (path === '/a' ? { status: 301, location: '/b' } : { status: 200 });
    expect(await askLink(`http://127.0.0.2:${port}/a`, allowed)).toEqual({ state: 'works' });
    expect(heard).toEqual(['HEAD x/a', 'HEAD x/b']);
  });

  it('that redirects in circles is dead', async () => {
    const port = String(await listen('127.0.0.2'));
    answer = () => ({ status: 302, location: '/' });
    expect(await askLink(`http://127.0.0.2:${port}/`, allowed)).toEqual({
      state: 'dead',
      reason: 'it redirects without end',
    });
  });

  it('that never answers is given up', async () => {
    const port = String(await listen('127.0.0.2'));
    answer = () => ({ status: 0 });
    const asked = await askLink(`http://127.0.0.2:${port}/`, { ...allowed, patience: 300 });
    expect(asked).toEqual({ state: 'unsure', reason: 'it did not answer in time' });
  });

  it('to a port where nobody listens is unsure', async () => {
    expect(await askLink('http://127.0.0.2:9/', allowed)).toEqual({
      state: 'unsure',
      reason: 'it did not answer',
    });
  });

  it('that cannot be read is unsure, and throws nothing', async () => {
    for (const link of ['', 'x', 'http://', 'javascript:x'])
      expect((await askLink(link)).state).not.toBe('works');
  });
});
