import { createHash, randomUUID } from 'node:crypto';
import type { Core } from '@strapi/strapi';
import { errors } from '@strapi/utils';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { RequestContext } from '../internals.ts';
import { senderOf } from './networks.ts';

/** Failed logins that one sender has in so many seconds. Logins that succeed do not count. */
export const FAILURES = 20;
const WINDOW = 15 * 60;

const LOGIN = 'authentication.login';
const COOKIE = 'meridian_device';
const DEVICE_DAYS = 90;

interface Route {
  handler: unknown;
  config: { middlewares?: unknown[] };
}

/**
 * Limits failed logins by sender, beside Strapi's own limit by account and address. Who guesses passwords wears out the
 * attempts of their own address alone, and never those of an account. A browser in which a person has logged in before
 * has attempts of its own for that person's account, so that a guesser next door, or behind the same proxy, shuts no
 * staff out; it carries a signed cookie that lets nobody in.
 */
export function limitLogins(strapi: Core.Strapi): void {
  const { admin } = strapi.admin.routes as unknown as { admin: { routes: Route[] } };
  const route = admin.routes.find(({ handler }) => handler === LOGIN);
  // Another version of Strapi may name it otherwise: better no start than no limit.
  if (route === undefined) throw new Error(`Strapi has no route to ${LOGIN} any more.`);
  const limiter = new RateLimiterMemory({ points: FAILURES, duration: WINDOW });
  const secure = strapi.config.get<boolean>('admin.auth.cookie.secure');

  const limit: Core.MiddlewareHandler = async (context, next) => {
    const account = accountOf(context);
    const device = deviceOf(context, account);
    knownDevices.set(context, device !== null);
    const key = device ?? `from ${senderOf(context.request.ip)}`;
    await take(limiter, key, context);
    await next();
    if (context.status >= 400) return;
    await limiter.reward(key);
    context.cookies.set(COOKIE, device ?? `${account}.${randomUUID()}`, {
      signed: true,
      httpOnly: true,
      sameSite: 'strict',
      secure,
      path: '/admin/login',
      maxAge: DEVICE_DAYS * 86_400_000,
    });
  };
  route.config = { ...route.config, middlewares: [limit, ...(route.config.middlewares ?? [])] };
}

const knownDevices = new WeakMap<object, boolean>();

/** Whether a login comes from a browser that has logged in to the same account before. */
export function isKnownDevice(context: object): boolean {
  return knownDevices.get(context) === true;
}

async function take(limiter: RateLimiterMemory, key: string, context: RequestContext): Promise<void> {
  try {
    // Taken before the answer is known, or a thousand guesses at once would count as one.
    await limiter.consume(key);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    const minutes = Math.ceil(refusal.msBeforeNext / 60_000);
    context.set('retry-after', String(Math.ceil(refusal.msBeforeNext / 1000)));
    throw new errors.RateLimitError(
      `Too many failed logins from this network. Try again in ${String(minutes)} minutes, or from a computer on which you have logged in before.`,
    );
  }
}

/** Tells accounts apart without naming anybody. */
function accountOf({ request }: RequestContext): string {
  const { email } = (request.body ?? {}) as { email?: unknown };
  const address = typeof email === 'string' ? email.trim().toLowerCase() : '';
  return createHash('sha256').update(address).digest('base64url');
}

function deviceOf({ cookies }: RequestContext, account: string): string | null {
  const device = cookies.get(COOKIE, { signed: true }) ?? '';
  return device.startsWith(`${account}.`) ? device : null;
}
