import type { Core, UID } from '@strapi/strapi';
import type { Person } from '../access/actor.ts';
import { service, table } from '../internals.ts';

/** An admin user as the database has it. */
export interface Planner extends Person {
  id: number;
  isActive: boolean;
  blocked: boolean;
}

/** A draft, as far as rights and titles need it. */
export interface Draft {
  documentId: string;
  title?: string | null;
  name?: string | null;
}

/** The draft of a document with who made it, which conditions of permissions look at; null when it is gone. */
export function findDraft(
  strapi: Core.Strapi,
  type: UID.ContentType,
  documentId: string,
): Promise<Draft | null> {
  return table<Draft>(strapi, type).findOne({
    where: { documentId, publishedAt: null },
    populate: { createdBy: { populate: ['roles'] } },
  });
}

/** Whether somebody may publish and unpublish an entry now: active, and with the right to. */
export async function mayPublishNow(
  strapi: Core.Strapi,
  userId: number,
  type: UID.ContentType,
  draft: Draft,
): Promise<boolean> {
  const user = await table<Planner>(strapi, 'admin::user').findOne({
    where: { id: userId },
    populate: ['roles'],
  });
  if (user === null || !user.isActive || user.blocked) return false;
  const userAbility = await service(strapi, 'admin::permission').engine.generateUserAbility(user);
  return service(strapi, 'plugin::content-manager.permission-checker')
    .create({ userAbility, model: type })
    .can.publish(draft);
}
