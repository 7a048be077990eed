import { expect, vi } from 'vitest';
import type { AdminApi } from './admin-api.ts';

/** How long a change may take to be public on a busy machine, and how often that is looked at, in milliseconds. */
export const PATIENCE = { timeout: 120_000, interval: 500 };

/** Waits until all that was published or taken away is so for patients, lest the next test meets a site that changes. */
export async function untilLive(admin: AdminApi): Promise<void> {
  await vi.waitFor(async () => {
    const { body } = await admin('GET', '/meridian/publishing/site');
    expect(body).toMatchObject({ state: { name: 'live' } });
  }, PATIENCE);
}
