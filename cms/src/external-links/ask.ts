import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import {
  type AddressRule,
  guardedLookup,
  isPublicAddress,
  PrivateAddressError,
} from './private-addresses.ts';

/** How a link fared. `unsure`: it may work for others or later, such as after a time-out. */
export type Answer = { state: 'works' } | { state: 'dead' | 'unsure'; reason: string };

export interface AskOptions {
  /** Which addresses may be asked; those of the public internet if nothing else is said. */
  mayAsk?: AddressRule;
  /** Milliseconds until a request is given up. */
  patience?: number;
}

const PATIENCE = 10_000;
const MOST_REDIRECTS = 5;
/** Answers to HEAD that many servers give although GET works. */
const ASKED_AGAIN = [400, 403, 404, 405, 410, 500, 501, 503];
const GONE = [404, 410];

/**
 * Asks whether a link to another site leads anywhere: HEAD, then GET where that says no. Loopback, private and
 * link-local hosts are never asked, whether written as an address, found by name, or reached by a redirect. Never throws.
 */
export async function askLink(url: string, options: AskOptions = {}): Promise<Answer> {
  try {
    const head = await follow(url, 'HEAD', options);
    return answerOf(ASKED_AGAIN.includes(head) ? await follow(url, 'GET', options) : head);
  } catch (error) {
    return failureOf(error);
  }
}

/** @returns the status at the end of the redirects */
async function follow(url: string, method: 'HEAD' | 'GET', options: AskOptions): Promise<number> {
  let current = new URL(url);
  for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
    const { status, location } = await ask(current, method, options);
    if (status < 300 || status >= 400 || location === undefined) return status;
    current = new URL(location, current);
  }
  throw new Unreachable('it redirects without end');
}

function ask(
  url: URL,
  method: 'HEAD' | 'GET',
  { mayAsk = isPublicAddress, patience = PATIENCE }: AskOptions,
): Promise<{ status: number; location: string | undefined }> {
  const request = { 'http:': requestHttp, 'https:': requestHttps }[url.protocol];
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (request === undefined || url.username !== '' || url.password !== '') {
    return Promise.reject(new PrivateAddressError('The address is none of a web page.'));
  }
  // An address that is written out is never looked up.
  if (isIP(host) !== 0 && !mayAsk(host)) {
    return Promise.reject(new PrivateAddressError('The host is not on the public internet.'));
  }
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      {
        method,
        agent: false,
        lookup: guardedLookup(mayAsk),
        signal: AbortSignal.timeout(patience),
        maxHeaderSize: 16_384,
        headers: { 'user-agent': 'Mozilla/5.0 (compatible; Meridian link check)', accept: '*/*' },
      },
      (response) => {
        resolve({ status: response.statusCode ?? 0, location: response.headers.location });
        // Whether a page is there shows before its body, which nobody needs.
        response.destroy();
      },
    );
    asked.on('error', reject);
    asked.end();
  });
}

/** The words of this one are told to staff. */
class Unreachable extends Error {}

function answerOf(status: number): Answer {
  if (status < 400) return { state: 'works' };
  const reason = `it answered ${String(status)}`;
  if (GONE.includes(status)) return { state: 'dead', reason };
  // Pages for members, and servers that turn robots away, work for readers.
  return status < 500 ? { state: 'works' } : { state: 'unsure', reason };
}

function failureOf(error: unknown): Answer {
  if (error instanceof Unreachable) return { state: 'dead', reason: error.message };
  // Such a link may work within the clinic; for patients it leads nowhere.
  if (error instanceof PrivateAddressError)
    return { state: 'dead', reason: 'it is not on the public internet, so it was not tried' };
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ENOTFOUND') return { state: 'unsure', reason: 'there is no such host' };
  if (error instanceof Error && ['AbortError', 'TimeoutError'].includes(error.name))
    return { state: 'unsure', reason: 'it did not answer in time' };
  return { state: 'unsure', reason: 'it did not answer' };
}
