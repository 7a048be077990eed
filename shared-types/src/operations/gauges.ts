import { Gauge, type Registry } from 'prom-client';
import { lookDeadline, within } from './deadline.ts';
import type { ReadyAnswer } from './readiness.ts';

/** A value of a gauge, with its labels. */
export interface Reading {
  labels?: Readonly<Record<string, string>>;
  value: number;
}

/**
 * Adds a gauge that is read whenever Prometheus asks. What cannot be read within two seconds is left out of that answer:
 * a database that is gone must not hide everything else, above all not the gauge that says so.
 */
export function addGauge(
  registry: Registry,
  about: { name: string; help: string; labelNames?: readonly string[] },
  read: () => Promise<readonly Reading[]>,
): void {
  const labelNames = about.labelNames ?? [];
  new Gauge({
    ...about,
    labelNames: [...labelNames],
    registers: [registry],
    async collect() {
      const readings = await within(lookDeadline, read()).catch(() => 'late' as const);
      this.reset();
      // Without labels a reset leaves a zero, which would be a claim.
      if (labelNames.length === 0) this.remove();
      if (readings === 'late') return;
      for (const { labels, value } of readings) this.set({ ...labels }, value);
    },
  });
}

/** Each check of `/readyz` as 1 when it holds and 0 when it does not. */
export function readinessReadings({ checks }: ReadyAnswer): Reading[] {
  return checks.map(({ name, status }) => ({ labels: { check: name }, value: status === 'ok' ? 1 : 0 }));
}
