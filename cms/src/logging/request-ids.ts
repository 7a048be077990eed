import { AsyncLocalStorage } from 'node:async_hooks';

/** The id of the request that is being answered, for every line that is logged meanwhile. */
export const requestIds = new AsyncLocalStorage<string>();
