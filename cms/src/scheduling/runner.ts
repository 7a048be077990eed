import type { Core, UID } from '@strapi/strapi';
import { errors } from '@strapi/utils';
import { actingAs } from '../access/actor.ts';
import { publicTypes, table } from '../internals.ts';
import { ACTIONS, changeWaiting, type ScheduledAction } from './actions.ts';
import { refusalText } from './refusal.ts';
import { findDraft, mayPublishNow } from './rights.ts';

/** Faults that may pass (a database that is away) are tried again this often: five minutes and more. */
const MOST_ATTEMPTS = 20;
const EVERY_15_SECONDS = '*/15 * * * * *';
const AT_ONCE = 100;

/** Runs what is due every 15 s while the server listens, and once as soon as it does. */
export function startRunner(strapi: Core.Strapi): void {
  const { httpServer } = strapi.server;
  let isRunning = false;
  const run = async (): Promise<void> => {
    // Commands load Strapi as well: they have other work, and end when it is done.
    if (isRunning || !httpServer.listening) return;
    isRunning = true;
    try {
      await runDue(strapi, new Date());
    } catch (error) {
      strapi.log.error(`Scheduled actions could not be read; tried again in 15 s: ${reasonOf(error)}`);
    } finally {
      isRunning = false;
    }
  };
  httpServer.once('listening', () => void run());
  strapi.cron.add({ 'meridian-scheduling': { task: run, options: EVERY_15_SECONDS } });
}

/**
 * Runs every action that is due, in order of time. Several may do so at once, in any number of processes: the claim,
 * the publishing and the note that it is done are one transaction, so that each action happens once or, when the
 * process dies meanwhile, not yet.
 */
export async function runDue(strapi: Core.Strapi, now: Date): Promise<void> {
  const due = await table<ScheduledAction>(strapi, ACTIONS).findMany({
    where: { state: 'waiting', dueAt: { $lte: now.toISOString() } },
    orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
    limit: AT_ONCE,
  });
  const held = new Set<string>();
  for (const action of due) {
    const target = `${action.targetType} ${action.targetId}`;
    // What comes later for the same entry must not overtake what is tried again.
    if (!held.has(target) && !(await runAction(strapi, action, now))) held.add(target);
  }
}

/** @returns whether the action has come to an end */
async function runAction(strapi: Core.Strapi, action: ScheduledAction, now: Date): Promise<boolean> {
  const doneAt = now.toISOString();
  try {
    await strapi.db.transaction(async () => {
      if (!(await changeWaiting(strapi, action.id, { state: 'done', doneAt }))) return;
      await actingAs(`scheduled by ${action.scheduledByName}`, () => perform(strapi, action));
    });
    return true;
  } catch (error) {
    // The transaction is undone, the claim with it: what became of the action is written anew.
    const attempts = action.attempts + 1;
    const isFinal = error instanceof errors.ApplicationError || attempts >= MOST_ATTEMPTS;
    const reason =
      error instanceof errors.ApplicationError
        ? refusalText(error)
        : 'The CMS failed several times. Publish it by hand, and tell whoever runs the server.';
    if (!isFinal || !(error instanceof errors.ApplicationError)) {
      strapi.log.error(
        `Scheduled action ${String(action.id)} failed, attempt ${String(attempts)}: ${reasonOf(error)}`,
      );
    }
    await changeWaiting(
      strapi,
      action.id,
      isFinal ? { state: 'refused', reason, doneAt, attempts } : { attempts },
    );
    return isFinal;
  }
}

async function perform(strapi: Core.Strapi, action: ScheduledAction): Promise<void> {
  const type = publicTypes(strapi).find(({ uid }) => uid === action.targetType)?.uid;
  const draft = type === undefined ? null : await findDraft(strapi, type, action.targetId);
  if (type === undefined || draft === null) {
    throw new errors.ApplicationError('The entry was deleted meanwhile.');
  }
  if (!(await mayPublishNow(strapi, action.scheduledBy, type, draft))) {
    throw new errors.ApplicationError(
      `${action.scheduledByName} may not ${action.action} this any more. Somebody who may has to do it.`,
    );
  }
  await write(strapi, type, action);
}

async function write(strapi: Core.Strapi, uid: UID.ContentType, action: ScheduledAction): Promise<void> {
  const documents = strapi.documents(uid);
  const { targetId: documentId } = action;
  if (action.action === 'publish') await documents.publish({ documentId });
  else await documents.unpublish({ documentId });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
