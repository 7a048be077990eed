import type { Core } from '@strapi/strapi';
import { errors } from '@strapi/utils';
import type { Context } from 'koa';
import { publicTypes, siteTypes } from '../internals.ts';
import { adminRoute, PUBLISH, READ } from '../access/admin-routes.ts';
import { currentActor } from '../access/actor.ts';
import { tellDecision } from '../site-servers/servers.ts';
import type { EntryAnswer, SiteAnswer } from './answers.ts';
import { stateOfEntry, stateOfSite } from './state-of.ts';

interface Ability {
  can: (action: string, subject: string) => boolean;
}

/**
 * The admin's own routes under `/meridian/publishing`. Who may read a type sees how its entries stand, and the releases
 * with the changes of the types that they may read. A release holds everything, so approving, resuming and rolling back
 * is for those who may publish every public type.
 */
export function publishingRoutes(strapi: Core.Strapi): void {
  strapi.server.routes({
    type: 'admin',
    prefix: '/meridian/publishing',
    routes: [
      adminRoute('GET', '/site', (context: Context) => site(strapi, context)),
      adminRoute('GET', '/entries/:type/:documentId', (context: Context) => entry(strapi, context)),
      adminRoute('POST', '/approve', (context: Context) => approve(strapi, context)),
      adminRoute('POST', '/rollback', (context: Context) => rollback(strapi, context)),
      adminRoute('POST', '/resume', (context: Context) => resume(strapi, context)),
    ],
  });
}

async function site(strapi: Core.Strapi, context: Context): Promise<void> {
  const ability = abilityOf(context);
  const mayRead = (uid: string): boolean => ability.can(READ, uid);
  if (!publicTypes(strapi).some(({ uid }) => mayRead(uid))) throw new errors.ForbiddenError();
  const answer: SiteAnswer = {
    ...(await stateOfSite(strapi, mayRead)),
    mayDecide: mayDecide(strapi, ability),
  };
  context.body = answer;
}

async function entry(strapi: Core.Strapi, context: Context): Promise<void> {
  const { type: uid, documentId } = context.params as { type: string; documentId: string };
  const ability = abilityOf(context);
  const type = siteTypes(strapi).find((each) => each.uid === uid);
  if (type === undefined || !ability.can(READ, uid)) throw new errors.ForbiddenError();
  const answer: EntryAnswer = {
    ...(await stateOfEntry(strapi, type, documentId)),
    mayDecide: mayDecide(strapi, ability),
  };
  context.body = answer;
}

async function approve(strapi: Core.Strapi, context: Context): Promise<void> {
  const by = decider(strapi, context);
  await tellDecision(strapi, { type: 'release.approve', data: { id: releaseId(context), by } });
  context.body = {};
}

async function rollback(strapi: Core.Strapi, context: Context): Promise<void> {
  const by = decider(strapi, context);
  await tellDecision(strapi, { type: 'release.rollback', data: { id: releaseId(context), by } });
  context.body = {};
}

async function resume(strapi: Core.Strapi, context: Context): Promise<void> {
  await tellDecision(strapi, { type: 'release.resume', data: { by: decider(strapi, context) } });
  context.body = {};
}

/** The name of who decides. @throws ForbiddenError (403) unless they may publish every public type */
function decider(strapi: Core.Strapi, context: Context): string {
  const name = currentActor(strapi);
  if (name === null || !mayDecide(strapi, abilityOf(context))) throw new errors.ForbiddenError();
  return name;
}

function mayDecide(strapi: Core.Strapi, ability: Ability): boolean {
  return publicTypes(strapi).every(({ uid }) => ability.can(PUBLISH, uid));
}

function abilityOf(context: Context): Ability {
  const { userAbility }: { userAbility?: Ability } = context.state;
  if (userAbility === undefined) throw new errors.ForbiddenError();
  return userAbility;
}

/** The release that a request names. @throws ValidationError (400) when it names none */
function releaseId(context: Context): string {
  const body: unknown = context.request.body;
  const id = typeof body === 'object' && body !== null && 'id' in body ? body.id : undefined;
  if (typeof id === 'string' && /^[a-z0-9][a-z0-9-]{0,79}$/.test(id)) return id;
  throw new errors.ValidationError('Name the release: { "id": "…" }, as the list of releases gives it.');
}
