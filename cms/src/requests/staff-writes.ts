import type { Core } from '@strapi/strapi';
import { errors } from '@strapi/utils';
import { table } from '../internals.ts';
import { changesBetween } from './changes.ts';
import { checkName, checkPhone, type Checked } from './contact.ts';
import { withoutPersonalData } from './failures.ts';
import { remove } from './removal.ts';
import {
  AUDIT,
  CHANGE,
  EDITABLE_FIELDS,
  personName,
  REQUEST,
  TOMBSTONE,
  type Person,
  type RequestRow,
} from './records.ts';

type Data = Record<string, unknown>;

/** Keys that Strapi itself sends along with the fields. */
const STRAPI_KEYS = ['updatedBy', 'updatedAt'];
const WRITES = ['create', 'clone', 'update', 'delete', 'publish', 'unpublish', 'discardDraft'];

/**
 * Stands in the Document Service, through which every write of staff goes: nobody makes or copies a request, nobody
 * changes what a patient asked for, each change leaves a line in the history, and a deletion leaves one in the audit, all
 * in the transaction of the write itself. History, audit and tombstones are nobody's to write.
 */
export function recordStaffWrites(strapi: Core.Strapi): void {
  strapi.documents.use(async (context, next) => {
    const { uid, action } = context;
    if (uid === CHANGE || uid === AUDIT || uid === TOMBSTONE) {
      if (WRITES.includes(action))
        throw new errors.ForbiddenError('Records of what was done are never changed.');
      return next();
    }
    if (uid !== REQUEST) return next();
    if (action === 'create' || action === 'clone') {
      throw new errors.ForbiddenError(
        'Consultation requests come from the form of the site only. For a patient on the phone use your appointment book.',
      );
    }
    if (context.action === 'update') {
      const { params } = context;
      const before = await findRequest(strapi, params.documentId);
      // What is not there is left to Strapi to refuse.
      if (before === null) return next();
      return atOnce(strapi, before, async () => {
        params.data = permitted(params.data ?? {}, before);
        const result = await next();
        await recordChanges(strapi, before);
        return result;
      });
    }
    if (context.action === 'delete') {
      const before = await findRequest(strapi, context.params.documentId);
      if (before === null) return next();
      return atOnce(strapi, before, async () => {
        const result = await next();
        await remove(strapi, [before], 'deleted', actor(strapi));
        return result;
      });
    }
    return next();
  });
}

/** Does the work and all that is written with it, or nothing; what fails says nothing personal. */
async function atOnce<Result>(
  strapi: Core.Strapi,
  { reference }: RequestRow,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await strapi.db.transaction(work);
  } catch (error) {
    throw withoutPersonalData(error, reference);
  }
}

/** A request with its assignee; null when there is none. */
export function findRequest(strapi: Core.Strapi, documentId: string): Promise<RequestRow | null> {
  return table<RequestRow>(strapi, REQUEST).findOne({ where: { documentId }, populate: ['assignee'] });
}

async function recordChanges(strapi: Core.Strapi, before: RequestRow): Promise<void> {
  const after = await findRequest(strapi, before.documentId);
  const changes = after === null ? [] : changesBetween(before, after);
  if (changes.length === 0) return;
  const now = new Date();
  await table(strapi, CHANGE).create({
    data: { request: before.documentId, by: actor(strapi), at: now, changes, publishedAt: now },
  });
}

/** What staff may change, checked, and the date of closing that follows from it. */
function permitted(data: Data, before: RequestRow): Data {
  const kept = Object.entries(data).filter(
    ([key]) => STRAPI_KEYS.includes(key) || EDITABLE_FIELDS.some((field) => field === key),
  );
  const checked: Data = Object.fromEntries(kept);
  if (typeof data['name'] === 'string') checked['name'] = accepted('name', checkName(data['name']));
  if (typeof data['phone'] === 'string') checked['phone'] = accepted('phone', checkPhone(data['phone']));
  if (data['email'] === '') checked['email'] = null;
  const { phone, email } = { ...before, ...checked };
  if ((phone ?? '') === '' && (email ?? '') === '') {
    refuse('phone', 'and e-mail are both empty. Keep one of them, or nobody can answer the patient.');
  }
  const { stage } = checked;
  if (typeof stage === 'string' && stage !== before.stage) {
    checked['closedAt'] = stage === 'closed' || stage === 'spam' ? new Date() : null;
  }
  return checked;
}

function accepted(field: string, result: Checked): string | null {
  return result.ok ? result.value : refuse(field, result.fault);
}

function refuse(field: string, fault: string): never {
  const message = `Consultation request, field ${field} ${fault}`;
  throw new errors.ValidationError(message, {
    errors: [{ path: [field], message, name: 'ValidationError' }],
  });
}

function actor(strapi: Core.Strapi): string {
  const user = (strapi.requestContext.get()?.state as { user?: Person } | undefined)?.user;
  return user === undefined ? 'Meridian' : personName(user);
}
