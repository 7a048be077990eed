import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Core } from '@strapi/strapi';

/** What every answer of the CMS says of scripts, until this lets the page of the admin run its own. */
const CLOSED = "script-src 'none'";

/**
 * Gives the page of the admin a nonce of its own each time, and lets the scripts that carry it, and those that they fetch, run.
 * Browsers that know no nonces go by `'self'`. In development Vite needs more, and the policy is another one.
 */
const middleware: Core.MiddlewareFactory = () => async (context, next) => {
  await next();
  const policy = context.response.get('content-security-policy');
  const body: unknown = context.body;
  if (context.response.is('html') !== 'html' || !(body instanceof Readable) || !policy.includes(CLOSED))
    return;
  const nonce = randomBytes(16).toString('base64');
  context.set(
    'content-security-policy',
    policy.replace(CLOSED, `script-src 'nonce-${nonce}' 'strict-dynamic' 'self'`),
  );
  context.body = (await text(body)).replaceAll('<script ', `<script nonce="${nonce}" `);
};

export default middleware;
