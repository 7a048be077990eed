import { randomUUID } from 'node:crypto';
import type { ConsultationRequest } from '@meridian/shared-types';
import type { Cms } from '../cms.ts';
import { call } from '../people.ts';

/** Where the content manager keeps requests. */
export const INBOX = '/content-manager/collection-types/api::consultation-request.consultation-request';

/** Hands a request over as the site server does. */
export async function handOver(
  cms: Pick<Cms, 'url' | 'settings'>,
  data: unknown,
  key: string = randomUUID(),
  authorization = `Bearer ${cms.settings['CMS_INTAKE_TOKEN'] ?? ''}`,
): Promise<{ status: number; text: string }> {
  const response = await fetch(`${cms.url}/api/consultation-requests/intake`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key, authorization },
    body: JSON.stringify({ data }),
  });
  return { status: response.status, text: await response.text() };
}

/** A request as the content manager shows it. */
export type Shown = { documentId: string; stage: string } & Record<string, unknown>;

/** The requests of a reference, as somebody in the admin finds them. */
export async function find(cms: Cms, person: string, reference: string): Promise<Shown[]> {
  const { body } = await call(cms, 'GET', `${INBOX}?_q=${reference}&pageSize=100`, person);
  return (body as { results: Shown[] }).results;
}

/** The one request of a reference. */
export async function findOne(cms: Cms, person: string, { reference }: ConsultationRequest): Promise<Shown> {
  const [found, ...more] = await find(cms, person, reference);
  if (found === undefined || more.length > 0)
    throw new Error(`${reference} is there ${String(more.length)} times.`);
  return found;
}
