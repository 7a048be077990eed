import type { Core, UID } from '@strapi/strapi';

/** The table of planned actions. */
export const ACTIONS = 'api::scheduled-action.scheduled-action' as UID.ContentType;

/** A row of it. */
export interface ScheduledAction {
  id: number;
  targetType: string;
  targetId: string;
  targetTitle: string;
  action: 'publish' | 'unpublish';
  dueAt: string | Date;
  scheduledBy: number;
  scheduledByName: string;
  state: 'waiting' | 'done' | 'refused' | 'cancelled';
  reason: string | null;
  attempts: number;
}

/**
 * Ends or counts an action that still waits.
 *
 * The condition stands in the statement itself, and the row stays locked until its transaction ends: whoever comes
 * second waits, and then finds nothing to change.
 *
 * @returns whether it still waited
 */
export async function changeWaiting(
  strapi: Core.Strapi,
  id: number,
  data: Partial<Pick<ScheduledAction, 'state' | 'reason' | 'attempts'>> & { doneAt?: string },
): Promise<boolean> {
  const { count } = await strapi.db.query(ACTIONS).updateMany({ where: { id, state: 'waiting' }, data });
  return count === 1;
}
