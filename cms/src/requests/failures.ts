import { errors } from '@strapi/utils';
import { CmsError } from '../boot/errors.ts';

/**
 * What may be said of a failed statement or mail: its code. Messages and details of databases and mail servers repeat
 * rows and addresses, and no patient's name belongs in a log.
 */
export function failureCode(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  const { code, responseCode, name } = error as Record<'code' | 'responseCode' | 'name', unknown>;
  const known = typeof code === 'string' ? code : typeof name === 'string' ? name : 'unknown';
  const number = typeof responseCode === 'number' ? ` ${String(responseCode)}` : '';
  return `${known}${number}`.replace(/[^\w ]/g, '').slice(0, 60);
}

/** Strapi's own refusals go on as they are; anything else becomes an error that holds nothing of the request. */
export function withoutPersonalData(error: unknown, reference: string): unknown {
  if (error instanceof errors.ApplicationError || error instanceof CmsError) return error;
  return new CmsError(
    `Consultation request ${reference} could not be written (${failureCode(error)}). Nothing was changed: try again, ` +
      'and if it keeps failing run "npm run doctor".',
  );
}
