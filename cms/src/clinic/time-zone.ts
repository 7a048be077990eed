import { isTimeZone } from '@meridian/shared-types';
import type { Core } from '@strapi/strapi';
import { Temporal } from 'temporal-polyfill';
import { table } from '../internals.ts';

/** Where nobody has said yet where the clinic is. */
const NOWHERE = 'UTC';

/** The zone that times are told in: the clinic's, or UTC when there is no clinic or its zone is unknown. */
export async function clinicZone(strapi: Core.Strapi): Promise<string> {
  const zone = await writtenZone(strapi);
  return isTimeZone(zone) ? zone : NOWHERE;
}

/** The zone as it stands in the clinic's entry, whatever it is: as patients see it, or of the draft before that. */
export async function writtenZone(strapi: Core.Strapi): Promise<string> {
  const clinics = await table<{ timeZone: string | null; publishedAt: unknown }>(
    strapi,
    'api::clinic.clinic',
  ).findMany({ where: {} });
  const clinic = clinics.find(({ publishedAt }) => publishedAt !== null) ?? clinics[0];
  return clinic?.timeZone ?? NOWHERE;
}

/** The calendar day (`2026-11-24`) at a moment in a zone. */
export function dayIn(zone: string, moment: Date): string {
  return Temporal.Instant.fromEpochMilliseconds(moment.getTime())
    .toZonedDateTimeISO(zone)
    .toPlainDate()
    .toString();
}
