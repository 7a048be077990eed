import type { Core } from '@strapi/strapi';
import { errors } from '@strapi/utils';
import type { Context } from 'koa';
import { publicTypes, siteTypes } from '../internals.ts';
import { currentActor } from '../access/actor.ts';
import { tellDecision } from '../site-servers/servers.ts';
import type { EntryAnswer, SiteAnswer } from './answers.ts';
import { stateOfEntry, stateOfSite } from './state-of.ts';

interface Ability {
  can: (action: string, subject: string) => boolean;
}

const READ = 'plugin::content-manager.explorer.read';
const PUBLISH = 'plugin::content-manager.explorer.publish';

/**
 * The admin's own routes under `/meridian/publishing`. Who may read a type sees how its entries stand, and the releases
 * with the changes of the types that they may read. A release holds everything, so approving, resuming and rolling back
 * is for those who may publish every public type.
 */
export function publishingRoutes(strapi: Core.Strapi): void {
  const route = (
    method: 'GET' | 'POST',
    path: string,
    handle: (strapi: Core.Strapi, context: Context) => Promise<void>,
  ): Core.Route => ({
    method,
    path,
    handler: (context: Context) => handle(strapi, context),
    config: { policies: ['admin::isAuthenticatedAdmin'] },
    info: { type: 'admin' },
  });
  strapi.server.routes({
    type: 'admin',
    prefix: '/meridian/publishing',
    routes: [
      route('GET', '/site', site),
      route('GET', '/entries/:type/:documentId', entry),
      route('POST', '/approve', approve),
      route('POST', '/rollback', rollback),
      route('POST', '/resume', resume),
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
