import type { Pulled } from './pull.ts';

declare global {
  /** Content for the next build in this process. A build loads its modules anew, so it shares none with who starts it. */
  var meridianPulled: Pulled | undefined;
}

/** Lets the next build in this process use what has been pulled already. */
export function handOver(pulled: Pulled): void {
  globalThis.meridianPulled = pulled;
}

/** What has been pulled for this build; once. Null: it has to pull for itself. */
export function takeHandedOver(): Pulled | null {
  const pulled = globalThis.meridianPulled ?? null;
  globalThis.meridianPulled = undefined;
  return pulled;
}
