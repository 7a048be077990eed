import { AsyncLocalStorage } from 'node:async_hooks';
import type { Transaction } from '../internals.ts';

const present = new AsyncLocalStorage<object>();
const last = new WeakMap<object, Promise<unknown>>();

/**
 * Runs what a transaction does to documents one after the other; what is done within such a turn belongs to it. Strapi's
 * bulk actions do all at once, and entries that relate to each other then meet rows that are just being replaced.
 */
export function inTurn<Result>({ identity }: Transaction, work: () => Promise<Result>): Promise<Result> {
  if (present.getStore() === identity) return work();
  const before = last.get(identity) ?? Promise.resolve();
  const result = before.then(() => present.run(identity, work));
  last.set(
    identity,
    result.catch(() => null),
  );
  return result;
}
