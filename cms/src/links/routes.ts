import type { Core } from '@strapi/strapi';
import { errors } from '@strapi/utils';
import type { Context } from 'koa';
import { adminRoute, READ } from '../access/admin-routes.ts';
import { siteTypes, type ContentType } from '../internals.ts';
import { REDIRECT } from '../redirects/records.ts';
import type { LinksAnswer, TargetAnswer, TargetsAnswer } from './answers.ts';
import { linksOfEntry, linksOfRedirect } from './linked-from.ts';
import { findTarget, findTargets, linkableTypes } from './targets.ts';

/** Longer than any title. */
const LONGEST_SEARCH = 200;

/**
 * The admin's own routes under `/meridian/links`: the entries that a link may name, one of them, and what leads to an
 * entry. Each shows entries of types that the person may read.
 */
export function linkRoutes(strapi: Core.Strapi): void {
  strapi.server.routes({
    type: 'admin',
    prefix: '/meridian/links',
    routes: [
      adminRoute('GET', '/targets', (context: Context) => targets(strapi, context)),
      adminRoute('GET', '/targets/:type/:documentId', (context: Context) => target(strapi, context)),
      adminRoute('GET', '/to/:type/:documentId', (context: Context) => linksTo(strapi, context)),
    ],
  });
}

async function targets(strapi: Core.Strapi, context: Context): Promise<void> {
  const mayRead = readerOf(context);
  const types = linkableTypes(strapi).filter(({ uid }) => mayRead(uid));
  if (types.length === 0) throw new errors.ForbiddenError();
  const { search } = context.query;
  const words = typeof search === 'string' ? search.trim().slice(0, LONGEST_SEARCH) : '';
  const answer: TargetsAnswer = await findTargets(strapi, types, words);
  context.body = answer;
}

async function target(strapi: Core.Strapi, context: Context): Promise<void> {
  const { type: singularName, documentId } = parametersOf(context);
  const mayRead = readerOf(context);
  const types = linkableTypes(strapi).filter(({ uid }) => mayRead(uid));
  if (types.length === 0) throw new errors.ForbiddenError();
  const type = types.find(({ info }) => info.singularName === singularName);
  const answer: TargetAnswer = {
    target: type === undefined ? null : await findTarget(strapi, type, documentId),
  };
  context.body = answer;
}

async function linksTo(strapi: Core.Strapi, context: Context): Promise<void> {
  const { type: uid, documentId } = parametersOf(context);
  const mayRead = readerOf(context);
  const type = siteTypes(strapi).find((each) => each.uid === uid);
  if (type === undefined || !mayRead(uid)) throw new errors.ForbiddenError();
  context.body = await linksOf(strapi, type, documentId, mayRead);
}

function linksOf(
  strapi: Core.Strapi,
  type: ContentType,
  documentId: string,
  mayRead: (uid: string) => boolean,
): Promise<LinksAnswer> {
  return type.uid === REDIRECT
    ? linksOfRedirect(strapi, documentId, mayRead)
    : linksOfEntry(strapi, type, documentId, mayRead);
}

function parametersOf(context: Context): { type: string; documentId: string } {
  return context.params as { type: string; documentId: string };
}

function readerOf(context: Context): (uid: string) => boolean {
  const { userAbility }: { userAbility?: { can: (action: string, subject: string) => boolean } } =
    context.state;
  if (userAbility === undefined) throw new errors.ForbiddenError();
  return (uid) => userAbility.can(READ, uid);
}
