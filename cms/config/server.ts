import { resolve } from 'node:path';
import type { Core } from '@strapi/strapi';
import { publicFolder } from '../src/boot/data-dir.ts';
import { assertProxy } from '../src/boot/proxy.ts';

export default ({ env }: Core.Config.Shared.ConfigParams) => {
  const proxies = env.int('TRUST_PROXY', 0);
  const adminUrl = env('ADMIN_URL', '');
  assertProxy(adminUrl, proxies);
  const dataDir = env('DATA_DIR', '');
  return {
    host: env('CMS_HOST', '127.0.0.1'),
    port: env.int('CMS_PORT', 1337),
    url: adminUrl.replace(/\/admin\/?$/, ''),
    app: { keys: env('APP_KEYS', '').split(',') },
    // A build has no data folder and must make none.
    ...(dataDir === '' ? {} : { dirs: { public: publicFolder(resolve(dataDir)) } }),
    // Forwarded addresses are believed only as far as the number of proxies that the operator named.
    proxy: { koa: proxies > 0, ...(proxies > 0 ? { maxIpsCount: proxies } : {}) },
    transfer: { remote: { enabled: false } },
    logger: { updates: { enabled: false }, startup: { enabled: false } },
    mcp: { enabled: false },
    http: {
      serverOptions: {
        requestTimeout: 60_000,
        headersTimeout: 15_000,
        keepAliveTimeout: 5_000,
        connectionsCheckingInterval: 5_000,
      },
    },
  };
};
