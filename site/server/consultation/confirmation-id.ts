import { referencePattern } from '@meridian/shared-types';
import { z } from 'zod';
import type { Keyring } from './keyring.ts';
import { sign, verify } from './signed.ts';

/** What a confirmation page says. Nothing of the patient. */
export interface Confirmation {
  reference: string;
  /** ISO 8601; null: no time was promised. */
  dueAt: string | null;
}

const shown = 7 * 24 * 60 * 60 * 1000;

const confirmationSchema = z.strictObject({
  reference: z.string().regex(referencePattern),
  dueAt: z.iso.datetime().nullable(),
  until: z.number(),
});

/** Id of a confirmation page, for its address. It is good for a week. */
export function confirmationId(keyring: Keyring, { reference, dueAt }: Confirmation, now: Date): string {
  return sign(keyring, 'confirmation', { reference, dueAt, until: now.getTime() + shown });
}

/** What the confirmation of an id says; null when the id is forged or too old. */
export function readConfirmationId(keyring: Keyring, id: string, now: Date): Confirmation | null {
  const confirmation = verify(keyring, 'confirmation', id, confirmationSchema);
  if (confirmation === null || confirmation.until < now.getTime()) return null;
  return { reference: confirmation.reference, dueAt: confirmation.dueAt };
}
