import type { Pulled } from './pull.ts';

declare global {
  /** Content for builds in this process. A build loads its modules anew, so it shares none with who starts it. */
  var meridianPulled: Pulled | undefined;
}

/** Lets what is built in this process from now on show what has been pulled already. */
export function handOver(pulled: Pulled): void {
  globalThis.meridianPulled = pulled;
}

/** What has been pulled for this build. Null: it has to pull for itself. */
export function handedOver(): Pulled | null {
  return globalThis.meridianPulled ?? null;
}
