import type { Core } from '@strapi/strapi';
import { isKnownDevice } from '../src/access/login-limit.ts';
import { previewLink } from '../src/preview/handler.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

export default ({ env }: Core.Config.Shared.ConfigParams) => ({
  url: '/admin',
  autoOpen: false,
  auth: {
    secret: env('ADMIN_JWT_SECRET', ''),
    sessions: {
      accessTokenLifespan: HOUR / 2,
      maxRefreshTokenLifespan: 30 * DAY,
      idleRefreshTokenLifespan: 7 * DAY,
      maxSessionLifespan: 7 * DAY,
      idleSessionLifespan: 12 * HOUR,
    },
    cookie: { secure: env('ADMIN_URL', '').startsWith('https://'), sameSite: 'strict' },
  },
  apiToken: { salt: env('API_TOKEN_SALT', '') },
  transfer: { token: { salt: env('TRANSFER_TOKEN_SALT', '') } },
  secrets: { encryptionKey: env('ENCRYPTION_KEY', '') },
  rateLimit: {
    enabled: true,
    interval: { min: 5 },
    max: 10,
    skip: (context: object) => Promise.resolve(isKnownDevice(context)),
  },
  preview: {
    enabled: true,
    config: {
      allowedOrigins: [new URL(env('SITE_URL', 'http://127.0.0.1:4321')).origin],
      handler: previewLink,
    },
  },
  flags: { nps: false, promoteEE: false },
});
