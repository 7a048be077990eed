import type { Core, UID } from '@strapi/strapi';
import { CmsError } from '../boot/errors.ts';
import { inTransaction, isPublicType, isSiteType, siteTypes, table } from '../internals.ts';
import { changedOwners, relationsTo, type Relations } from '../publishing/dependents.ts';
import { keepOrder } from '../publishing/relation-order.ts';
import { titleOf, type Titled } from '../publishing/titles.ts';
import { inTurn } from './turns.ts';
import { appendRevision, lockLog, type RevisionAction } from './log.ts';

/** What a Document Service action gives back, as far as it tells whether anything was published. */
interface Outcome {
  documentId?: string;
  entries?: readonly unknown[];
}

/**
 * Writes a revision for everything that changes what patients see, in the transaction of the change: publish,
 * unpublish, delete, and writes that publish at once; single or in bulk, by staff, jobs or the API. Drafts make none, and
 * every write of a type without drafts makes one.
 * It has to be the first middleware, so that whatever the others check is checked under its lock.
 *
 * @param announce is told each revision once it is committed
 */
export function recordDocuments(strapi: Core.Strapi, announce: (revision: number) => void): void {
  assertOneWayRelations(strapi);
  strapi.documents.use(async (context, next) => {
    const { uid, contentType } = context;
    const params: { status?: string; documentId?: string } = context.params;
    const action = publicAction(context.action, params.status, isPublicType(contentType));
    if (action === null || !isSiteType(contentType)) return next();
    return inTransaction(strapi, (transaction) =>
      inTurn(transaction, async () => {
        await lockLog(strapi, transaction);
        const before = action === 'publish' ? null : await publishedEntry(strapi, uid, params.documentId);
        const related = await relations(strapi, uid, action, params.documentId);
        const outcome = await next();
        const documentId = changedDocument(action, before, outcome, params.documentId);
        if (documentId === null) return outcome;
        const entry = before ?? (await publishedEntry(strapi, uid, documentId));
        const revision = await appendRevision(strapi, {
          type: contentType.info.singularName,
          documentId,
          action,
          title: titleOf(contentType, entry),
        });
        const now = await keepOrder(
          strapi,
          transaction,
          related,
          await relations(strapi, uid, action, documentId),
        );
        const last = await recordRelated(strapi, documentId, related, now);
        transaction.onCommit(() => {
          announce(last ?? revision);
        });
        return outcome;
      }),
    );
  });
}

async function relations(
  strapi: Core.Strapi,
  uid: UID.ContentType,
  action: RevisionAction,
  documentId: string | undefined,
): Promise<Relations> {
  return action === 'publish' && documentId !== undefined
    ? relationsTo(strapi, uid, documentId)
    : new Map<string, never>();
}

/**
 * With a document Strapi also publishes what drafts of the same type relate to it, in the name of none of them: those for
 * which that changed what they show have changed for patients too.
 *
 * @returns the last revision; null when no other entry has changed
 */
async function recordRelated(
  strapi: Core.Strapi,
  published: string,
  before: Relations,
  after: Relations,
): Promise<number | null> {
  let revision: number | null = null;
  for (const { uid, documentId, title } of await changedOwners(strapi, before, after)) {
    if (documentId === published) continue;
    const type = strapi.contentType(uid).info.singularName;
    revision = await appendRevision(strapi, { type, documentId, action: 'update', title });
  }
  return revision;
}

/** How an action of the Document Service changes what patients see; null when it does not. */
export function publicAction(
  action: string,
  status: string | undefined,
  hasDrafts: boolean,
): RevisionAction | null {
  switch (action) {
    case 'publish':
    case 'unpublish':
    case 'delete':
      return action;
    case 'create':
    case 'update':
      return status === 'published' || !hasDrafts ? 'publish' : null;
    case 'clone':
      return hasDrafts ? null : 'publish';
    default:
      return null;
  }
}

function changedDocument(
  action: RevisionAction,
  before: object | null,
  outcome: unknown,
  asked: string | undefined,
): string | null {
  if (action !== 'publish') return before === null ? null : (asked ?? null);
  if (typeof outcome !== 'object' || outcome === null) return null;
  const { documentId, entries }: Outcome = outcome;
  return entries?.length === 0 ? null : (documentId ?? asked ?? null);
}

function publishedEntry(strapi: Core.Strapi, uid: UID.ContentType, documentId: string | undefined) {
  return table<Titled>(strapi, uid).findOne({ where: { documentId, publishedAt: { $notNull: true } } });
}

/** The other side of a two-way relation changes without being published, and no revision would tell of it. */
function assertOneWayRelations(strapi: Core.Strapi): void {
  for (const { uid } of siteTypes(strapi)) {
    for (const [name, attribute] of Object.entries(strapi.contentType(uid).attributes)) {
      if (
        ('inversedBy' in attribute && attribute.inversedBy) ||
        ('mappedBy' in attribute && attribute.mappedBy)
      ) {
        throw new CmsError(
          `The relation ${name} of ${uid} goes both ways. Publishing one side would change the other one ` +
            'unseen by the revision log. Remove inversedBy and mappedBy, and let the site look up the other side.',
        );
      }
    }
  }
}
