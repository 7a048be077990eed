import { publishingStates, type RequestsStatus, type Status } from '@meridian/shared-types';
import { addGauge, readinessReadings, type ReadyAnswer } from '@meridian/shared-types/operations';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

/** What the site server counts. No label says who asked, or for what page. */
export interface SiteMetrics {
  registry: Registry;
  /** Notes an answer: which kind of route gave it, and how long that took in seconds. */
  answered(route: string, method: string, status: number, seconds: number): void;
  /** Notes a build: how it came out, and its seconds. */
  built(result: string, seconds: number): void;
  /** Notes that a release went live, so many seconds after the server heard of the change. */
  live(waited: number | null): void;
  /** Says where the gauges come from. They are read when Prometheus asks. */
  follow(sources: MetricsSources): void;
}

/** Where gauges are read; null for what a server does not do. */
export interface MetricsSources {
  publishing: (() => Promise<Status>) | null;
  requests: (() => Promise<RequestsStatus>) | null;
  ready: () => Promise<ReadyAnswer>;
}

const methods = new Set(['GET', 'HEAD', 'POST']);

/** Makes the metrics of a site server, with those of its process. */
export function siteMetrics(): SiteMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'meridian_site_request_duration_seconds',
    help: 'Seconds until an answer was sent, by kind of route.',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const builds = new Counter({
    name: 'meridian_site_builds_total',
    help: 'Builds, by how they came out: prepared, unchanged, content (it has to be mended), fault.',
    labelNames: ['result'],
    registers,
  });
  for (const result of ['prepared', 'unchanged', 'content', 'fault']) builds.inc({ result }, 0);
  const buildSeconds = new Histogram({
    name: 'meridian_site_build_duration_seconds',
    help: 'Seconds that builds took.',
    buckets: [0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300, 900],
    registers,
  });
  const publishToLive = new Histogram({
    name: 'meridian_site_publish_to_live_seconds',
    help: 'Seconds from when the site server heard of a change until it was live.',
    buckets: [0.5, 1, 2, 3, 5, 8, 15, 30, 60, 120, 300, 900],
    registers,
  });

  return {
    registry,
    answered(route, method, status, seconds) {
      const known = methods.has(method) ? method : 'other';
      requests.observe({ route, method: known, status: `${Math.floor(status / 100)}xx` }, seconds);
    },
    built(result, seconds) {
      builds.inc({ result });
      buildSeconds.observe(seconds);
    },
    live(waited) {
      if (waited !== null) publishToLive.observe(waited);
    },
    follow: (sources) => addGauges(registry, sources),
  };
}

function addGauges(registry: Registry, { publishing, requests, ready }: MetricsSources): void {
  if (publishing !== null) addPublishing(registry, publishing);
  if (requests !== null) addSpool(registry, requests);
  addGauge(
    registry,
    {
      name: 'meridian_site_ready',
      help: '1 when a check of /readyz holds, 0 when it does not.',
      labelNames: ['check'],
    },
    async () => readinessReadings(await ready()),
  );
}

function addPublishing(registry: Registry, publishing: () => Promise<Status>): void {
  addGauge(
    registry,
    {
      name: 'meridian_site_publishing_state',
      help: '1 for the state that publishing is in, such as idle, building, failed, held or waiting-for-approval.',
      labelNames: ['state'],
    },
    async () => {
      const { state } = await publishing();
      return publishingStates.map((each) => ({ labels: { state: each }, value: each === state ? 1 : 0 }));
    },
  );
  addGauge(
    registry,
    { name: 'meridian_site_live_revision', help: 'The revision that is live; 0 while none is.' },
    async () => [{ value: (await publishing()).live?.revision ?? 0 }],
  );
}

function addSpool(registry: Registry, requests: () => Promise<RequestsStatus>): void {
  addGauge(
    registry,
    {
      name: 'meridian_site_spool_requests',
      help: 'Consultation requests in the spool: waiting for the CMS, or set aside for a person.',
      labelNames: ['state'],
    },
    async () => {
      const { waiting, rejected } = await requests();
      return [
        { labels: { state: 'waiting' }, value: waiting },
        { labels: { state: 'set-aside' }, value: rejected.length },
      ];
    },
  );
  addGauge(
    registry,
    {
      name: 'meridian_site_oldest_undelivered_request_seconds',
      help: 'Age of the oldest consultation request that the CMS does not have yet; 0 when it has all.',
    },
    async () => {
      const { oldestSince } = await requests();
      const age = oldestSince === null ? 0 : (Date.now() - Date.parse(oldestSince)) / 1_000;
      return [{ value: Math.max(0, age) }];
    },
  );
}
