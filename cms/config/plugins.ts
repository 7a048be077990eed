import type { Core } from '@strapi/strapi';
import { bucketSettings, storeOptions } from '@meridian/shared-types/bucket';

export default ({ env }: Core.Config.Shared.ConfigParams) => ({
  upload: {
    config: {
      ...pictureStore(bucketSettings((name) => env(name, ''))),
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

/** The bucket, if there is one. Pictures have the addresses that they have on the disk: the CMS serves them itself. */
function pictureStore(bucket: ReturnType<typeof bucketSettings>) {
  if (bucket === null) return {};
  return {
    provider: 'aws-s3',
    providerOptions: {
      baseUrl: '/uploads',
      // No ACL: not all stores have them, and the bucket is private.
      s3Options: { ...storeOptions(bucket), params: { Bucket: bucket.name, ACL: undefined } },
    },
  };
}
