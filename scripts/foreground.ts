import { type Child, stopChildren } from './children.ts';

/**
 * Stays as long as a child does, hands signals on to it, and ends as it ended: how a service manager or a container sees
 * one process. Ending on a signal is no fault.
 */
export async function endWith(child: Child): Promise<never> {
  const asked = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      asked.abort();
      void stopChildren();
    });
  }
  const code = await child.ended;
  process.exit(asked.signal.aborted ? 0 : code);
}
