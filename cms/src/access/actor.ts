import { AsyncLocalStorage } from 'node:async_hooks';

const names = new AsyncLocalStorage<string>();

/** Does `work` in the name of somebody who asked for it earlier, and is not making a request now. */
export function actingAs<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  return names.run(name, work);
}

/** In whose name a job works now; null outside of {@link actingAs}. */
export function actingName(): string | null {
  return names.getStore() ?? null;
}
