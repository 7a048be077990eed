import type { Core } from '@strapi/strapi';

export default ({ env }: Core.Config.Shared.ConfigParams) => {
  const siteOrigin = new URL(env('SITE_URL', 'http://127.0.0.1:4321')).origin;
  const adminOrigin = new URL(env('ADMIN_URL', 'http://127.0.0.1:1337/admin')).origin;
  return [
    'global::request-log',
    'global::permissions-policy',
    'strapi::errors',
    {
      name: 'strapi::security',
      config: {
        contentSecurityPolicy: {
          useDefaults: true,
          // One text each: Strapi merges lists with its own, which allow connections to everybody.
          directives: {
            // The page of the admin runs its own all the same: admin-scripts.ts.
            'script-src': "'none'",
            // Strapi's components write their styles into the page.
            'style-src': "'self' 'unsafe-inline'",
            'font-src': "'self' data:",
            'base-uri': "'none'",
            'connect-src': "'self'",
            'img-src': "'self' data: blob:",
            'media-src': "'self' data: blob:",
            'frame-src': `'self' ${siteOrigin}`,
            'frame-ancestors': "'self'",
            'form-action': "'self'",
            upgradeInsecureRequests: adminOrigin.startsWith('https:') ? [] : null,
          },
        },
        referrerPolicy: { policy: 'no-referrer' },
        crossOriginOpenerPolicy: { policy: 'same-origin' },
        crossOriginResourcePolicy: { policy: 'same-origin' },
        frameguard: { action: 'sameorigin' },
        hsts: adminOrigin.startsWith('https:') ? { maxAge: 31_536_000, includeSubDomains: true } : false,
      },
    },
    'global::admin-scripts',
    'global::admin-networks',
    { name: 'strapi::cors', config: { origin: [adminOrigin], credentials: true } },
    { name: 'strapi::query', config: { arrayLimit: 100, depth: 10 } },
    'global::staff-questions',
    {
      name: 'strapi::body',
      config: {
        jsonLimit: '1mb',
        formLimit: '64kb',
        textLimit: '64kb',
        formidable: { maxFileSize: 10 * 1024 * 1024 },
      },
    },
    'strapi::session',
    'strapi::favicon',
    'global::uploads',
    'strapi::public',
    'global::published-only',
  ];
};
