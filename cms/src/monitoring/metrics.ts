import { addGauge, readinessReadings, type ReadyAnswer } from '@meridian/shared-types/operations';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

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
  addGauge(
    registry,
    {
      name: 'meridian_cms_ready',
      help: '1 when a check of /readyz holds, 0 when it does not.',
      labelNames: ['check'],
    },
    async () => readinessReadings(await ready()),
  );
  addGauge(
    registry,
    {
      name: 'meridian_cms_backup_age_seconds',
      help: 'Seconds since the newest backup; +Inf when there is none.',
    },
    async () => {
      const newest = await newestBackup();
      return [{ value: newest === null ? Infinity : (Date.now() - newest.getTime()) / 1_000 }];
    },
  );
  addGauge(
    registry,
    {
      name: 'meridian_cms_consultation_requests',
      help: 'Consultation requests by state: new (nobody has seen to it), overdue (new, and past the promised time).',
      labelNames: ['state'],
    },
    async () => {
      const counts = await inbox();
      return [
        { labels: { state: 'new' }, value: counts.new },
        { labels: { state: 'overdue' }, value: counts.overdue },
      ];
    },
  );
  addGauge(
    registry,
    {
      name: 'meridian_cms_unsent_mails',
      help: 'E-mails about new consultation requests that could not be sent yet.',
    },
    async () => [{ value: (await inbox()).unsentMails }],
  );
}
