import type { Core } from '@strapi/strapi';
import { errors, z } from '@strapi/utils';
import { adminRoute, PUBLISH, READ } from '../access/admin-routes.ts';
import { displayName } from '../access/actor.ts';
import { clinicZone, writtenZone } from '../clinic/time-zone.ts';
import { publicTypes, service, table, type ContentType } from '../internals.ts';
import { ACTIONS, changeWaiting, type ScheduledAction } from './actions.ts';
import type { ActionAnswer, PlannedAnswer, ScheduleAnswer } from './answers.ts';
import { planTime } from './clinic-time.ts';
import { findDraft, type Planner } from './rights.ts';

const DAY = 24 * 3600 * 1000;
const REFUSED_FOR = 7 * DAY;
const UPCOMING = 10;

interface Context {
  params: Record<string, string>;
  request: { body?: unknown };
  state: { user: Planner; userAbility: { can: (action: string, subject: string) => boolean } };
  status: number;
  body: unknown;
}

const Wish = z.object({
  type: z.string().max(100),
  documentId: z.string().min(1).max(100),
  action: z.enum(['publish', 'unpublish']),
  localTime: z.string().max(40),
  which: z.enum(['first', 'second']).optional(),
});

/** Routes of the admin with which staff see, make and cancel schedules. */
export function scheduleRoutes(strapi: Core.Strapi): void {
  strapi.server.routes({
    type: 'admin',
    prefix: '/meridian/schedule',
    routes: [
      adminRoute('GET', '/upcoming', (context: Context) => upcoming(strapi, context)),
      adminRoute('GET', '/entries/:contentType/:documentId', (context: Context) => ofEntry(strapi, context)),
      adminRoute('POST', '/actions', (context: Context) => plan(strapi, context)),
      adminRoute('POST', '/actions/:id/cancel', (context: Context) => cancel(strapi, context)),
    ],
  });
}

async function upcoming(strapi: Core.Strapi, context: Context): Promise<void> {
  const types = allowedTypes(strapi, context, READ);
  const targetType = { $in: types.map(({ uid }) => uid) };
  const since = new Date(new Date().getTime() - REFUSED_FOR).toISOString();
  const rows = table<ScheduledAction>(strapi, ACTIONS);
  const refused = await rows.findMany({
    where: { targetType, state: 'refused', doneAt: { $gte: since } },
    orderBy: { doneAt: 'desc' },
    limit: UPCOMING,
  });
  const waiting = await rows.findMany({
    where: { targetType, state: 'waiting' },
    orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
    limit: UPCOMING,
  });
  context.body = await answer(strapi, [...refused, ...waiting], false);
}

async function ofEntry(strapi: Core.Strapi, context: Context): Promise<void> {
  const { contentType = '', documentId = '' } = context.params;
  if (!allowedTypes(strapi, context, READ).some(({ uid }) => uid === contentType))
    throw new errors.ForbiddenError();
  const rows = await table<ScheduledAction>(strapi, ACTIONS).findMany({
    where: { targetType: contentType, targetId: documentId, state: { $in: ['waiting', 'refused'] } },
    orderBy: [{ dueAt: 'desc' }, { id: 'desc' }],
    limit: 20,
  });
  context.body = await answer(strapi, rows.reverse(), context.state.userAbility.can(PUBLISH, contentType));
}

async function plan(strapi: Core.Strapi, context: Context): Promise<void> {
  const types = allowedTypes(strapi, context, PUBLISH);
  const parsed = Wish.safeParse(context.request.body);
  if (!parsed.success) {
    const field = String(parsed.error.issues[0]?.path[0] ?? 'body');
    throw new errors.ValidationError(
      `The field ${field} is missing or wrong. Reload the page and try again.`,
    );
  }
  const { type, documentId, action, localTime, which } = parsed.data;
  const uid = types.find((each) => each.uid === type)?.uid;
  if (uid === undefined) throw new errors.ForbiddenError('You may not publish entries of this type.');
  const draft = await findDraft(strapi, uid, documentId);
  if (draft === null) throw new errors.NotFoundError('There is no such entry. It may have been deleted.');
  const checker = service(strapi, 'plugin::content-manager.permission-checker');
  if (!checker.create({ userAbility: context.state.userAbility, model: uid }).can.publish(draft)) {
    throw new errors.ForbiddenError('You may not publish this entry.');
  }
  const planned = planTime(localTime, await writtenZone(strapi), new Date().toISOString(), which);
  if (!planned.ok) throw new errors.ValidationError(planned.message);
  const { id } = await table<ScheduledAction>(strapi, ACTIONS).create({
    data: {
      targetType: uid,
      targetId: documentId,
      targetTitle: draft.title ?? draft.name ?? strapi.contentType(uid).info.displayName,
      action,
      dueAt: planned.at,
      scheduledBy: context.state.user.id,
      scheduledByName: displayName(context.state.user),
      state: 'waiting',
      attempts: 0,
    },
  });
  const body: PlannedAnswer = { id, dueAt: planned.at, doubled: planned.doubled };
  context.status = 201;
  context.body = body;
}

async function cancel(strapi: Core.Strapi, context: Context): Promise<void> {
  const types = allowedTypes(strapi, context, PUBLISH);
  const id = Number(context.params['id']);
  const action = await table<ScheduledAction>(strapi, ACTIONS).findOne({ where: { id } });
  if (action === null) throw new errors.NotFoundError('There is no such schedule.');
  if (!types.some(({ uid }) => uid === action.targetType)) throw new errors.ForbiddenError();
  const doneAt = new Date().toISOString();
  if (!(await changeWaiting(strapi, id, { state: 'cancelled', doneAt }))) {
    throw new errors.ApplicationError('It is too late to cancel: this is done already.');
  }
  context.body = {};
}

/** @throws ForbiddenError when the person may do so with no type at all */
function allowedTypes(strapi: Core.Strapi, { state }: Context, right: string): ContentType[] {
  const types = publicTypes(strapi).filter(({ uid }) => state.userAbility.can(right, uid));
  if (types.length === 0) throw new errors.ForbiddenError();
  return types;
}

async function answer(
  strapi: Core.Strapi,
  rows: ScheduledAction[],
  mayPlan: boolean,
): Promise<ScheduleAnswer> {
  const singles = new Set<string>(
    publicTypes(strapi)
      .filter(({ kind }) => kind === 'singleType')
      .map(({ uid }) => uid),
  );
  const actions = rows.map((row): ActionAnswer => ({
    id: row.id,
    targetType: row.targetType,
    targetId: row.targetId,
    targetTitle: row.targetTitle,
    isSingle: singles.has(row.targetType),
    action: row.action,
    dueAt: new Date(row.dueAt).toISOString(),
    scheduledByName: row.scheduledByName,
    state: row.state,
    reason: row.reason,
  }));
  return { timeZone: await clinicZone(strapi), mayPlan, actions };
}
