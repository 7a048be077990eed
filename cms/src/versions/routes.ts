import type { Core, UID } from '@strapi/strapi';
import { errors } from '@strapi/utils';
import { adminRoute, READ } from '../access/admin-routes.ts';
import { contentOf, readRows, type Content } from '../entries/content.ts';
import { differences } from '../entries/differences.ts';
import { labelsOf } from '../entries/labels.ts';
import { writtenAttributes } from '../entries/model.ts';
import {
  permissionChecker,
  publicTypes,
  service,
  type ContentType,
  type PermissionChecker,
  type RequestContext,
} from '../internals.ts';
import { clinicZone } from '../clinic/time-zone.ts';
import { findDraft, type Draft } from '../scheduling/rights.ts';
import type { DifferencesAnswer, RestoredAnswer, VersionsAnswer } from './answers.ts';
import { restorable } from './restore.ts';
import { findVersion, versionBefore, versionsOf } from './snapshots.ts';

/** As many differences as people read. */
const LISTED = 200;

interface Ability {
  can: (action: string, subject: string, field?: string) => boolean;
}

/** An entry that the person who asks may read. */
interface Asked {
  type: ContentType;
  documentId: string;
  draft: Draft;
  checker: PermissionChecker;
  ability: Ability;
}

/**
 * Routes of the admin with which staff look at versions of the entries that they may read, and restore them where they
 * may write.
 *
 * @param kept fields, by type, that a restored version leaves as they are
 */
export function versionRoutes(strapi: Core.Strapi, kept: Record<string, readonly string[]>): void {
  const route = (
    method: 'GET' | 'POST',
    path: string,
    handle: (asked: Asked, context: RequestContext) => Promise<object>,
  ) =>
    adminRoute(method, `/:contentType/:documentId${path}`, async (context: RequestContext) => {
      context.body = await handle(await readable(strapi, context), context);
    });
  strapi.server.routes({
    type: 'admin',
    prefix: '/meridian/versions',
    routes: [
      route('GET', '', (asked) => list(strapi, asked)),
      route('GET', '/:id', (asked, context) => compare(strapi, asked, context)),
      route('POST', '/:id/restore', (asked, context) => restore(strapi, asked, context, kept)),
    ],
  });
}

async function list(
  strapi: Core.Strapi,
  { type, documentId, draft, checker }: Asked,
): Promise<VersionsAnswer> {
  const versions = await versionsOf(strapi, type.uid, documentId);
  return {
    versions: versions.map(({ id, at, by }) => ({ id, at: new Date(at).toISOString(), by })),
    mayRestore: !checker.cannot.update(draft),
    timeZone: await clinicZone(strapi),
  };
}

async function compare(
  strapi: Core.Strapi,
  { type, documentId, ability }: Asked,
  context: RequestContext,
): Promise<DifferencesAnswer> {
  const { uid } = type;
  const version = await askedVersion(strapi, uid, documentId, context);
  let contents: [Content, Content];
  if (context.query['against'] === 'draft') {
    const { draft } = await readRows(strapi, uid, documentId);
    contents = [version.content, draft === null ? {} : contentOf(strapi, uid, draft)];
  } else {
    const before = await versionBefore(strapi, uid, documentId, version.id);
    if (before === null) return { comparable: false, differences: [], more: 0 };
    contents = [before.content, version.content];
  }
  const mayRead = readableFields(strapi, type, ability);
  const found = differences(...contents, {
    uid,
    attributesOf: (model) => writtenAttributes(strapi, model),
    labels: await labelsOf(strapi, uid),
  }).filter(({ field }) => mayRead(field));
  return {
    comparable: true,
    differences: found.slice(0, LISTED).map(({ label, before, after }) => ({ label, before, after })),
    more: Math.max(0, found.length - LISTED),
  };
}

async function restore(
  strapi: Core.Strapi,
  { type, documentId, draft, checker }: Asked,
  context: RequestContext,
  kept: Record<string, readonly string[]>,
): Promise<RestoredAnswer> {
  const { uid } = type;
  if (checker.cannot.update(draft)) throw new errors.PolicyError('You may not change this entry.');
  const version = await askedVersion(strapi, uid, documentId, context);
  const labels = await labelsOf(strapi, uid);
  const { data, gone } = await restorable(strapi, uid, version.content, labels, kept[uid] ?? []);
  const { user } = context.state as { user: { id: number } };
  const permitted = await checker.sanitizeUpdateInput(draft)(data);
  await strapi
    .documents(uid)
    .update({ documentId, data: { ...permitted, updatedBy: user.id } as never, status: 'draft' });
  context.status = 200;
  return { gone };
}

/** The entry that a request names. @throws ForbiddenError (403), NotFoundError (404) */
async function readable(strapi: Core.Strapi, context: RequestContext): Promise<Asked> {
  const { contentType = '', documentId = '' } = context.params as Record<string, string>;
  const { userAbility } = context.state as { userAbility: Ability };
  const type = publicTypes(strapi).find(({ uid }) => uid === contentType);
  if (type === undefined || !userAbility.can(READ, type.uid)) throw new errors.ForbiddenError();
  const draft = await findDraft(strapi, type.uid, documentId);
  if (draft === null) throw new errors.NotFoundError('There is no such entry. It may have been deleted.');
  const checker = permissionChecker(strapi, userAbility, type.uid);
  if (checker.cannot.read(draft)) throw new errors.ForbiddenError();
  return { type, documentId, draft, checker, ability: userAbility };
}

async function askedVersion(
  strapi: Core.Strapi,
  uid: UID.ContentType,
  documentId: string,
  context: RequestContext,
) {
  const { id = '' } = context.params as Record<string, string>;
  const version = /^\d{1,15}$/.test(id) ? await findVersion(strapi, uid, documentId, Number(id)) : null;
  if (version !== null) return version;
  throw new errors.NotFoundError('There is no such version. Only the last 50 of an entry are kept.');
}

/** Whether somebody may read a field of a type with all that is in it. */
function readableFields(
  strapi: Core.Strapi,
  type: ContentType,
  ability: Ability,
): (field: string) => boolean {
  const { components } = strapi;
  const paths = service(strapi, 'admin::content-type').getNestedFields(type, { components });
  return (field) => {
    const within = paths.filter((path) => path === field || path.startsWith(`${field}.`));
    return within.length > 0 && within.every((path) => ability.can(READ, type.uid, path));
  };
}
