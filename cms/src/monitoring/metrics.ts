import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ReadyAnswer } from '@meridian/shared-types/operations';

/** Where the gauges of the CMS are read. */
export interface MetricsSources {
  ready: () => Promise<ReadyAnswer>;
  /** When the newest backup was made; null when there is none. */
  newestBackup: () => Promise<Date | null>;
  /** Consultation requests that the front desk has not seen to, and e-mails about them that could not be sent. */
  inbox: () => Promise<{ new: number; overdue: number; unsentMails: number }>;
}

/** What the CMS counts. No label says who asked, or for what entry. */
export const registry = new Registry();
collectDefaultMetrics({ register: registry });

const requests = new Histogram({
  name: 'meridian_cms_request_duration_seconds',
  help: 'Seconds until a request was answered, by kind of route.',
  labelNames: ['route', 'method', 'status'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  registers: [registry],
});

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE']);

/** Notes an answer. */
export function answered(path: string, method: string, status: number, seconds: number): void {
  const labels = {
    route: routeClass(path),
    method: METHODS.has(method) ? method : 'other',
    status: `${String(Math.floor(status / 100))}xx`,
  };
  requests.observe(labels, seconds);
}

/** The kind of route that a path belongs to: never the path itself. */
export function routeClass(path: string): string {
  const [, first = '', second = ''] = path.toLowerCase().split('/');
  if (first === 'api') return second === 'consultation-requests' ? 'intake' : 'content';
  if (['_health', 'healthz', 'readyz'].includes(first)) return 'health';
  if (first === 'uploads') return 'uploads';
  return 'admin';
}

/** Adds the gauges, which are read when Prometheus asks. */
export function followGauges({ ready, newestBackup, inbox }: MetricsSources): void {
  const registers = [registry];
  new Gauge({
    name: 'meridian_cms_ready',
    help: '1 when a check of /readyz holds, 0 when it does not.',
    labelNames: ['check'],
    registers,
    async collect() {
      for (const { name, status } of (await ready()).checks)
        this.set({ check: name }, status === 'ok' ? 1 : 0);
    },
  });
  new Gauge({
    name: 'meridian_cms_backup_age_seconds',
    help: 'Seconds since the newest backup; +Inf when there is none.',
    registers,
    async collect() {
      const newest = await newestBackup();
      this.set(newest === null ? Infinity : (Date.now() - newest.getTime()) / 1_000);
    },
  });
  new Gauge({
    name: 'meridian_cms_consultation_requests',
    help: 'Consultation requests by state: new (nobody has seen to it), overdue (new, and past the promised time).',
    labelNames: ['state'],
    registers,
    async collect() {
      const counts = await inbox();
      this.set({ state: 'new' }, counts.new);
      this.set({ state: 'overdue' }, counts.overdue);
    },
  });
  new Gauge({
    name: 'meridian_cms_unsent_mails',
    help: 'E-mails about new consultation requests that could not be sent yet.',
    registers,
    async collect() {
      this.set((await inbox()).unsentMails);
    },
  });
}
