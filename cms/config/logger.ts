import type { Core } from '@strapi/strapi';
import { jsonLines } from '../src/logging/format.ts';

/** Strapi's names for how much is told: what it calls "http" is a line for each request. */
const LEVELS: Readonly<Record<string, string>> = {
  error: 'error',
  warn: 'warn',
  info: 'http',
  debug: 'debug',
};

// Programs read what a server in production says; people read the rest.
export default ({ env }: Core.Config.Shared.ConfigParams) => {
  const level = LEVELS[env('LOG_LEVEL', '') || 'info'] ?? 'http';
  return env('NODE_ENV', '') === 'production' && !process.stdout.isTTY
    ? { level, format: jsonLines }
    : { level };
};
