import { lookup } from 'node:dns';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { get as getPlain, type IncomingMessage } from 'node:http';
import { get as getSecure } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface FetchOptions {
  /** Hosts that may be asked, each with its port when it is an unusual one. */
  hosts: readonly string[];
  /** The largest picture, in bytes. */
  mostBytes: number;
  /** Whether an IP address may be connected to. */
  isAllowed?: (address: string) => boolean;
}

const WITHIN = 30_000;
const MOST_REDIRECTS = 3;

/**
 * Fetches a picture into a file. Only named hosts are asked, redirects included, and never an address of the own
 * network, whatever their names lead to.
 *
 * @throws Error that says why not, in words for the report
 */
export async function fetchPicture(
  address: string,
  file: string,
  { hosts, mostBytes, isAllowed = isPublicAddress }: FetchOptions,
): Promise<void> {
  let url = new URL(address);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    if (!hosts.includes(url.host)) throw new Error(`${url.host} was not named with --fetch-images-from`);
    const response = await ask(url, isAllowed);
    const { statusCode = 0, headers } = response;
    if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
      response.destroy();
      if (!URL.canParse(headers.location, url.href)) throw new Error('it was redirected to no address');
      url = new URL(headers.location, url.href);
      continue;
    }
    if (statusCode !== 200) {
      response.destroy();
      throw new Error(`the server answered ${String(statusCode)}`);
    }
    try {
      await pipeline(response, atMost(mostBytes), createWriteStream(file, { mode: 0o600 }), {
        signal: AbortSignal.timeout(WITHIN),
      });
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    }
    return;
  }
  throw new Error('it was redirected too often');
}

/** Whether an IP address is of the public internet: not of this machine, a private network or another special range. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && !special.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

function ask(url: URL, isAllowed: (address: string) => boolean): Promise<IncomingMessage> {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Error('it is no web address');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isAllowed(host)) throw new Error('its server is in a private network');
  // The address that is checked is the one that is connected to: a name cannot lead elsewhere in between.
  const guarded: LookupFunction = (name, options, callback) => {
    lookup(name, { ...options, all: true }, (error, addresses) => {
      const allowed = error === null ? addresses.filter(({ address }) => isAllowed(address)) : [];
      const [first] = allowed;
      if (error !== null) callback(error, '');
      else if (first === undefined) callback(new Error('its server is in a private network'), '');
      else if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
  return new Promise((resolve, reject) => {
    const get = url.protocol === 'https:' ? getSecure : getPlain;
    get(url, { agent: false, lookup: guarded, signal: AbortSignal.timeout(WITHIN) }, resolve).on(
      'error',
      reject,
    );
  });
}

function atMost(bytes: number): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      seen += chunk.length;
      if (seen > bytes) done(new Error(`it is larger than ${String(Math.round(bytes / 1024 / 1024))} MB`));
      else done(null, chunk);
    },
  });
}

const special = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  special.addSubnet(network, bits, 'ipv4');
}
for (const [network, bits] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 32],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  special.addSubnet(network, bits, 'ipv6');
}
