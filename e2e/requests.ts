import { randomBytes, randomUUID } from 'node:crypto';
import { type ConsultationRequest, referenceOf } from '@meridian/shared-types';
import { readSecrets, secretsFile } from '../scripts/secrets.ts';
import type { RunningSystem } from './system.ts';

const HOUR = 3_600_000;

/** A request as a patient sent it an hour ago, with what is given in `more`. */
export function requestOf(more: Partial<ConsultationRequest> = {}): ConsultationRequest {
  return {
    reference: referenceOf(randomBytes(9)),
    name: 'Somebody',
    phone: null,
    email: null,
    preferredDays: ['Tuesday', 'Thursday'],
    preferredTimes: ['morning'],
    topic: null,
    provider: null,
    returningPatient: false,
    message: 'Sitting for long is hard.',
    consent: true,
    receivedAt: new Date(Date.now() - HOUR).toISOString(),
    sourcePage: '/articles/sciatica/',
    suspectedSpam: false,
    dueAt: new Date(Date.now() + 8 * HOUR).toISOString(),
    ...more,
  };
}

/** Hands a request to the CMS as the site server does. @throws Error when it is not taken */
export async function handOver(
  { cmsUrl, dataDir }: Pick<RunningSystem, 'cmsUrl' | 'dataDir'>,
  data: ConsultationRequest,
): Promise<void> {
  const token = readSecrets(secretsFile(dataDir)).CMS_INTAKE_TOKEN ?? '';
  const response = await fetch(`${cmsUrl}/api/consultation-requests/intake`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify({ data }),
  });
  if (response.status !== 201)
    throw new Error(`The CMS answers ${response.status}: ${await response.text()}`);
}
