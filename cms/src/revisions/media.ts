import type { Core } from '@strapi/strapi';
import { inTransaction, lifecycles, table } from '../internals.ts';
import { appendRevision, lockLog } from './log.ts';

const FILE = 'plugin::upload.file';

interface File {
  documentId: string;
  name: string | null;
}

/**
 * Writes a revision when a file is replaced, described anew or deleted, in the transaction of the change. An upload
 * makes none: nothing shows it yet. The Document Service never sees files, and Strapi writes them outside any
 * transaction, so that both hooks are needed: one opens the transaction, the other writes the row.
 *
 * @param announce is told each revision once it is committed
 */
export function recordMedia(strapi: Core.Strapi, announce: (revision: number) => void): void {
  const files = table<File>(strapi, FILE);
  const update = files.update.bind(files);
  const remove = files.delete.bind(files);
  const together = <Result>(work: () => Promise<Result>): Promise<Result> =>
    inTransaction(strapi, async (transaction) => {
      await lockLog(strapi, transaction);
      return work();
    });
  files.update = (query) => together(() => update(query));
  files.delete = (query) => together(() => remove(query));

  const append = async (action: 'update' | 'delete', result: unknown): Promise<void> => {
    // Strapi gives nothing when there was no such row.
    const file = result as File | null;
    if (file === null) return;
    await inTransaction(strapi, async (transaction) => {
      const { documentId, name } = file;
      const revision = await appendRevision(strapi, { type: 'media', documentId, action, title: name });
      transaction.onCommit(() => {
        announce(revision);
      });
    });
  };
  lifecycles(strapi, FILE, {
    afterUpdate: ({ result }) => append('update', result),
    afterDelete: ({ result }) => append('delete', result),
  });
}
