import type { Core } from '@strapi/strapi';

export default ({ env }: Core.Config.Shared.ConfigParams) => ({
  upload: {
    config: {
      sizeLimit: 10 * 1024 * 1024,
      // The site makes its own responsive sizes; the admin needs the thumbnail alone.
      breakpoints: {},
      security: { allowedTypes: ['image/jpeg', 'image/png', 'image/webp', 'image/avif'] },
    },
  },
  ...(env('SMTP_HOST', '') === ''
    ? {}
    : {
        email: {
          config: {
            provider: 'nodemailer',
            providerOptions: {
              host: env('SMTP_HOST'),
              port: env.int('SMTP_PORT', 587),
              secure: env.bool('SMTP_SECURE', false),
              // A mail server that hangs must not hold anything up for the minutes that are the library's defaults.
              connectionTimeout: 10_000,
              greetingTimeout: 10_000,
              socketTimeout: 20_000,
              ...(env('SMTP_USERNAME', '') === ''
                ? {}
                : { auth: { user: env('SMTP_USERNAME'), pass: env('SMTP_PASSWORD', '') } }),
            },
            settings: { defaultFrom: env('SMTP_FROM'), defaultReplyTo: env('SMTP_FROM') },
          },
        },
      }),
});
