import { AsyncLocalStorage } from 'node:async_hooks';

/** An entry by its type and document id. */
export interface EntryKey {
  uid: string;
  documentId: string;
}

const groups = new AsyncLocalStorage<ReadonlySet<string>>();

/** Does `work`, in which these entries are published together: each may show and link to the others. */
export function publishingTogether<Result>(
  entries: readonly EntryKey[],
  work: () => Promise<Result>,
): Promise<Result> {
  return groups.run(new Set(entries.map(keyOf)), work);
}

/** Whether an entry is being published together with others now. */
export function isPublishedTogether(entry: EntryKey): boolean {
  return groups.getStore()?.has(keyOf(entry)) === true;
}

function keyOf({ uid, documentId }: EntryKey): string {
  return `${uid} ${documentId}`;
}
