import type { Core } from '@strapi/strapi';
import type { MeridianConfig } from '../../config/meridian.ts';
import { service, table } from '../internals.ts';
import { failureCode } from './failures.ts';
import { REQUEST, type RequestRow } from './records.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Longer than a mail server is ever waited for: a claim that is older belonged to a process that died. */
const CLAIM = 5 * MINUTE;
const LONGEST_WAIT = 60 * MINUTE;
const GIVE_UP_ON_SERVER = 45 * SECOND;

/** What the front desk is sent: the reference and where to look, and nothing about the patient. */
export function deskMail(reference: string, documentId: string, adminUrl: string) {
  const address = `${adminUrl}/content-manager/collection-types/${REQUEST}/${documentId}`;
  return {
    subject: `New consultation request ${reference}`,
    text:
      `A new consultation request has come in: ${reference}\n\n` +
      `Open it here, after logging in:\n${address}\n\n` +
      'This message says nothing about the patient on purpose. Please do not forward what you see there by e-mail.\n',
  };
}

/** Milliseconds to wait after the given number of failed attempts: 10 s, doubled each time, an hour at most. */
export function waitAfter(attempts: number): number {
  return Math.min(10 * SECOND * 2 ** Math.min(attempts - 1, 20), LONGEST_WAIT);
}

let sending: Promise<void> | null = null;

/**
 * Sends what mails are due to the front desk. Each is claimed in the database first, so that of several replicas one
 * sends it; a failure is kept with the request and tried again later. Never throws: a request is none the worse for it.
 */
export function sendDueMails(strapi: Core.Strapi): Promise<void> {
  sending ??= sendAll(strapi)
    .catch((error: unknown) => {
      strapi.log.error(`E-mails to the front desk could not be looked up (${failureCode(error)}).`);
    })
    .finally(() => {
      sending = null;
    });
  return sending;
}

async function sendAll(strapi: Core.Strapi): Promise<void> {
  const { frontDeskEmail, adminUrl } = strapi.config.get<MeridianConfig>('meridian');
  if (frontDeskEmail === null) return;
  const requests = table<RequestRow>(strapi, REQUEST);
  const due = await requests.findMany({
    where: { mailDueAt: { $lte: new Date() }, mailedAt: { $null: true }, stage: 'new' },
    orderBy: { id: 'asc' },
    limit: 50,
  });
  for (const { id, documentId, reference, mailAttempts } of due) {
    const attempts = (mailAttempts ?? 0) + 1;
    const { count } = await requests.updateMany({
      where: { id, mailAttempts: attempts - 1, mailedAt: { $null: true } },
      data: { mailAttempts: attempts, mailDueAt: new Date(Date.now() + CLAIM) },
    });
    if (count === 0) continue;
    const failure = await send(strapi, frontDeskEmail, deskMail(reference, documentId, adminUrl));
    const outcome =
      failure === null
        ? { mailedAt: new Date(), mailDueAt: null, mailFailure: null }
        : { mailDueAt: new Date(Date.now() + waitAfter(attempts)), mailFailure: failure };
    await requests.updateMany({ where: { id }, data: outcome });
    if (failure !== null) {
      strapi.log.warn(
        `The e-mail about request ${reference} could not be sent (${failure}, attempt ${String(attempts)}). ` +
          'It is tried again. Check SMTP_HOST, SMTP_PORT, the account and FRONT_DESK_EMAIL.',
      );
      // What failed for one will fail for the next: they wait for the next round.
      return;
    }
  }
}

async function send(strapi: Core.Strapi, to: string, mail: { subject: string; text: string }) {
  let timer: NodeJS.Timeout | undefined;
  const slow = new Promise<string>((resolve) => {
    timer = setTimeout(() => {
      resolve('no answer');
    }, GIVE_UP_ON_SERVER);
  });
  const sent = service(strapi, 'plugin::email.email')
    .send({ to, ...mail })
    .then(() => null, failureCode);
  try {
    return await Promise.race([sent, slow]);
  } finally {
    clearTimeout(timer);
  }
}
