import { join } from 'node:path';
import type { RequestsStatus } from '@meridian/shared-types';
import type { ServerSettings } from '../../settings.ts';
import { type Delivery, type DeliveryOptions, startDelivery } from './delivery.ts';
import { type Keyring, makeKeyring } from './keyring.ts';
import { openSpool, type Spool } from './spool.ts';

/** Everything that takes consultation requests, keeps them and hands them on. */
export interface ConsultationService {
  keyring: Keyring;
  spool: Spool;
  delivery: Delivery;
  limits: RequestLimits;
  /** How requests fare, for staff; nothing personal. */
  status(): Promise<RequestsStatus>;
  /** Ends delivering. What waits stays in the spool. */
  stop(): Promise<void>;
}

/** How many posts are taken in ten minutes of one address (or IPv6 network), and in one minute of all together. */
export interface RequestLimits {
  /** Above it, the form comes back with its answers. */
  perAddress: number;
  /** Above it, posts are not even read. */
  perAddressUnread: number;
  all: number;
}

// Families, offices and mobile networks share an address; a clinic gets some dozens of requests a day.
const defaultLimits: RequestLimits = { perAddress: 20, perAddressUnread: 60, all: 6_000 };
const cleanEvery = 60 * 60 * 1000;

export type ConsultationOptions = Pick<ServerSettings, 'dataDir' | 'consultation'> & {
  limits?: Partial<RequestLimits>;
  pauses?: DeliveryOptions['pauses'];
  tell?: (message: string) => void;
  onDelivered?: DeliveryOptions['onDelivered'];
};

/**
 * Opens the spool and begins to deliver.
 *
 * @returns null when no key for the spool is set: the form is off then
 * @throws SpoolError when the spool cannot be used
 */
export async function openConsultation({
  dataDir,
  consultation,
  limits = {},
  pauses,
  tell = console.error,
  onDelivered,
}: ConsultationOptions): Promise<ConsultationService | null> {
  if (consultation === null) return null;
  const keyring = makeKeyring(consultation.spoolKey, consultation.oldSpoolKeys);
  const spool = await openSpool(spoolFolder(dataDir), keyring);
  const delivery = startDelivery({
    spool,
    cmsUrl: consultation.cmsUrl,
    intakeToken: consultation.intakeToken,
    onRejected: (reference, reason) =>
      tell(`Consultation request ${reference} was set aside (${reason}). See docs/privacy.md, "Set aside".`),
    onFailing: (reason) =>
      tell(`The CMS takes no consultation requests (${reason}). They wait in the spool and are tried again.`),
    ...(pauses === undefined ? {} : { pauses }),
    ...(onDelivered === undefined ? {} : { onDelivered }),
  });
  const clean = () => void spool.clean(new Date()).catch(() => null);
  clean();
  const cleaning = setInterval(clean, cleanEvery);
  cleaning.unref();
  return {
    keyring,
    spool,
    delivery,
    limits: { ...defaultLimits, ...limits },
    status: async () => ({ ...(await spool.status()), failing: delivery.failing() }),
    async stop() {
      clearInterval(cleaning);
      await delivery.stop();
    },
  };
}

/** Where requests wait for the CMS. */
export function spoolFolder(dataDir: string): string {
  return join(dataDir, 'spool');
}
