import { CmsError } from './errors.ts';

/** Every secret of the CMS, by the name of its environment variable. */
const SECRETS = [
  'APP_KEYS',
  'API_TOKEN_SALT',
  'ADMIN_JWT_SECRET',
  'TRANSFER_TOKEN_SALT',
  'ENCRYPTION_KEY',
  'CMS_BUILD_TOKEN',
  'CMS_PREVIEW_TOKEN',
  'CMS_INTAKE_TOKEN',
  'WEBHOOK_SECRET',
];
const MINIMUM_LENGTH = 16;
const SAMPLES = /tobemodified|change-?me|example|sample|secret|password|replace/i;

/**
 * Checks the secrets before the CMS starts, all at once.
 *
 * @throws CmsError naming each that is missing or, in production, short or a sample; never with its value.
 */
export function assertSecrets(environment: Readonly<Record<string, string | undefined>>): void {
  const production = environment['NODE_ENV'] === 'production';
  const faults = SECRETS.flatMap((name) => {
    const value = environment[name] ?? '';
    if (value === '') return [`${name} is not set`];
    const weak = value.split(',').some((part) => part.length < MINIMUM_LENGTH || SAMPLES.test(part));
    return production && weak
      ? [`${name} is a sample or shorter than ${String(MINIMUM_LENGTH)} characters`]
      : [];
  });
  if (faults.length > 0) {
    throw new CmsError(
      `The CMS needs its secrets to sign and encrypt:\n- ${faults.join('\n- ')}\n` +
        'Start with "npm start", which makes every secret, or set each to 32 random bytes in hex.',
    );
  }
}
