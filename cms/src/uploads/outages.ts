import type { Core } from '@strapi/strapi';
import { errors } from '@strapi/utils';
import type { MeridianConfig } from '../../config/meridian.ts';

type Step = (...given: unknown[]) => Promise<unknown>;

/** What of a provider of uploads asks the store; Strapi declares it as `any`. */
interface Provider {
  uploadStream: Step;
  replaceStream: Step;
  delete: Step;
  extend: (changes: Partial<Record<keyof Provider, Step>>) => void;
}

/** Lets staff read what to do when the bucket does not take a picture or lets it go, and the log say why. */
export function explainOutages(strapi: Core.Strapi): void {
  const { bucket } = strapi.config.get<MeridianConfig>('meridian');
  if (bucket === null) return;
  const { provider } = strapi.plugin('upload') as unknown as { provider: Provider };
  for (const name of ['uploadStream', 'replaceStream', 'delete'] as const) {
    const step = provider[name];
    provider.extend({
      [name]: async (...given: unknown[]) => {
        try {
          return await step(...given);
        } catch (error) {
          const reason = error instanceof Error ? error.name : 'unknown';
          strapi.log.error(
            `The bucket ${bucket.name} does not do what it is asked for (${reason}). Check S3_ENDPOINT, the keys and the bucket.`,
          );
          throw new errors.ApplicationError(
            'The store for pictures does not answer, so nothing was changed. Try again in some minutes; ' +
              'if it stays, tell whoever runs the server.',
          );
        }
      },
    });
  }
}
