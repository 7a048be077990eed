import type { Core, UID } from '@strapi/strapi';
import { errors } from '@strapi/utils';
import { service } from '../internals.ts';
import { type Blocked, blockedDraft, reasons } from './publishable.ts';
import { publishingTogether } from './together.ts';

/** As many entries as fit into a message that people read. */
const NAMED = 10;

/**
 * Has the admin's bulk publish look at every entry before it publishes any: one answer names all that are blocked, and
 * none of the selection goes out. Entries that go out together may need one another.
 */
export function guardBulkPublishing(strapi: Core.Strapi): void {
  const manager = service(strapi, 'plugin::content-manager.document-manager');
  const publishMany = manager.publishMany.bind(manager);
  manager.publishMany = (uid, documentIds, locale) =>
    publishingTogether(
      documentIds.map((documentId) => ({ uid, documentId })),
      async () => {
        const blocked: Blocked[] = [];
        for (const documentId of new Set(documentIds)) {
          const found = await blockedDraft(strapi, uid as UID.ContentType, documentId);
          if (found !== null) blocked.push(found);
        }
        if (blocked.length > 0) throw new errors.ValidationError(bulkRefusal(blocked, documentIds.length));
        return publishMany(uid, documentIds, locale);
      },
    );
}

/** The message that names every entry that holds a selection up. */
export function bulkRefusal(blocked: readonly Blocked[], selected: number): string {
  const named = blocked.slice(0, NAMED).map(({ name, findings }) => `${name}: ${reasons(findings)}`);
  const more = blocked.slice(NAMED).map(({ name }) => name);
  const list = more.length > 0 ? [...named, `Also ${more.join(', ')}.`] : named;
  return (
    `Nothing was published: ${String(blocked.length)} of ${String(selected)} entries cannot be. ` +
    `${list.join(' ')} Mend them, or select the others only.`
  );
}
