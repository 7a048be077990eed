import type { Core } from '@strapi/strapi';
import { errors } from '@strapi/utils';
import {
  requestsStatusSchema,
  statusSchema,
  type Message,
  type RequestsStatus,
  type Status,
} from '@meridian/shared-types';
import type { MeridianConfig } from '../../config/meridian.ts';
import { DeliveryError, sendMessage } from './messages.ts';
import { createPinger } from './ping.ts';

/** Milliseconds that a site server has to take a message. */
const PING_DEADLINE = 2_000;
/** Milliseconds that it has for what a person waits for. */
const ANSWER_DEADLINE = 10_000;

/** How the site servers stand. */
export interface Standing {
  /** Of the server that is furthest behind; null when none can be reached. */
  status: Status | null;
  /** Addresses of those that cannot be reached. */
  silent: string[];
}

const pingers = new WeakMap<Core.Strapi, (revision: number) => void>();

/**
 * The function that tells all site servers of a new revision. Commands such as the seed tell nobody: they serve
 * nothing that could be asked for, and the site servers find the change by themselves.
 */
export function announcer(strapi: Core.Strapi): (revision: number) => void {
  const { siteServers, webhookSecret } = config(strapi);
  const ping =
    pingers.get(strapi) ??
    createPinger({
      servers: siteServers,
      send: (message, server) =>
        sendMessage(message, { server, secret: webhookSecret, deadline: PING_DEADLINE }),
      log: strapi.log,
    });
  pingers.set(strapi, ping);
  return (revision) => {
    if (strapi.server.httpServer.listening) ping(revision);
  };
}

/** Asks every site server how it stands. Never throws. */
export async function askStatus(strapi: Core.Strapi): Promise<Standing> {
  const { siteServers } = config(strapi);
  const message: Message = { type: 'release.status', data: {} };
  const answers = await Promise.all(
    siteServers.map((server) => ask(strapi, server, message, PING_DEADLINE).catch(() => null)),
  );
  return {
    status: furthestBehind(answers.filter((answer) => answer !== null)),
    silent: siteServers.filter((_server, index) => answers[index] === null),
  };
}

/** What each site server says of the consultation requests that it took; null for one that says nothing. Never throws. */
export async function askRequests(strapi: Core.Strapi): Promise<(RequestsStatus | null)[]> {
  const { siteServers, webhookSecret: secret } = config(strapi);
  const message: Message = { type: 'requests.status', data: {} };
  return Promise.all(
    siteServers.map(async (server) => {
      const answer = await sendMessage(message, { server, secret, deadline: PING_DEADLINE }).catch(
        () => null,
      );
      return requestsStatusSchema.safeParse(answer).data ?? null;
    }),
  );
}

/**
 * Tells every site server what a person decided.
 *
 * @throws ApplicationError (400) naming the servers that did not take it, with their reasons
 */
export async function tellDecision(strapi: Core.Strapi, message: Message): Promise<void> {
  const outcomes = await Promise.all(
    config(strapi).siteServers.map(async (server) => {
      try {
        await ask(strapi, server, message, ANSWER_DEADLINE);
        return null;
      } catch (error) {
        return `${server}: ${error instanceof DeliveryError ? error.message : 'its answer cannot be read'}`;
      }
    }),
  );
  const faults = outcomes.filter((outcome) => outcome !== null);
  if (outcomes.length === 0) faults.push('SITE_SERVERS names no site server');
  if (faults.length === 0) return;
  throw new errors.ApplicationError(
    `The site did not take this (${faults.join('; ')}). Look at the state below and try again; ` +
      'if it stays, tell whoever runs the server.',
  );
}

/** The status of the server whose live release is the oldest: only what all of them show is live for everybody. */
export function furthestBehind(statuses: readonly Status[]): Status | null {
  const live = (status: Status): number => status.live?.revision ?? -1;
  return statuses.reduce<Status | null>(
    (behind, each) => (behind === null || live(each) < live(behind) ? each : behind),
    null,
  );
}

async function ask(strapi: Core.Strapi, server: string, message: Message, deadline: number): Promise<Status> {
  const secret = config(strapi).webhookSecret;
  return statusSchema.parse(await sendMessage(message, { server, secret, deadline }));
}

function config(strapi: Core.Strapi): MeridianConfig {
  return strapi.config.get<MeridianConfig>('meridian');
}
