import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { siteMetrics } from '../site/server/metrics.ts';
import { root } from './settings.ts';

const read = (file: string) => readFileSync(join(root, file), 'utf8');

// The CMS is CommonJS to the compiler, so that its types stay there.
const cms = (await import(pathToFileURL(join(root, 'cms/src/monitoring/metrics.ts')).href)) as {
  registry: ReturnType<typeof siteMetrics>['registry'];
  followGauges: (sources: Record<'ready' | 'newestBackup' | 'inbox', () => Promise<never>>) => void;
};
const never = () => Promise.reject(new Error('Nothing is read in this test.'));
const site = siteMetrics();
site.follow({ publishing: never, requests: never, ready: never });
cms.followGauges({ ready: never, newestBackup: never, inbox: never });
const known = new Set(
  [...site.registry.getMetricsAsArray(), ...cms.registry.getMetricsAsArray()].map(({ name }) => name),
);
const own = [...known].filter((name) => name.startsWith('meridian_')).sort();

/** Names of metrics that a text speaks of, without the endings that histograms give their series. */
function namesIn(text: string): string[] {
  const found = [...text.matchAll(/\b(?:meridian|process|nodejs)_[a-z_]+/g)].map(([name]) => name);
  return [
    ...new Set(found.map((name) => (known.has(name) ? name : name.replace(/_(bucket|count|sum)$/, '')))),
  ];
}

const dashboard = z
  .object({
    panels: z.array(
      z.object({ id: z.number(), title: z.string(), targets: z.array(z.object({ expr: z.string() })) }),
    ),
  })
  .parse(JSON.parse(read('deploy/grafana/meridian.json')));
const { groups } = z
  .object({
    groups: z.array(
      z.object({
        rules: z.array(
          z.object({
            alert: z.string(),
            expr: z.string(),
            labels: z.object({ severity: z.enum(['page', 'ticket']) }),
            annotations: z.object({ summary: z.string() }),
          }),
        ),
      }),
    ),
  })
  .parse(parse(read('deploy/prometheus/alerts.yml')));
const rules = groups.flatMap((group) => group.rules);
const shown = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

test.each([
  ['the dashboard', shown.join('\n')],
  ['the alarms', rules.map(({ expr }) => expr).join('\n')],
  ['the guide', read('docs/operations.md')],
])('%s names only metrics that are there', (_where, text) => {
  const names = namesIn(text);
  expect(names.length).toBeGreaterThan(3);
  expect(names.filter((name) => !known.has(name))).toEqual([]);
});

test('every metric of Meridian is on the dashboard and in the guide', () => {
  expect(
    namesIn(shown.join('\n'))
      .filter((name) => name.startsWith('meridian_'))
      .sort(),
  ).toEqual(own);
  expect(
    namesIn(read('docs/operations.md'))
      .filter((name) => name.startsWith('meridian_'))
      .sort(),
  ).toEqual(own);
});

test('the guide says of every alarm, and of no other, what it means and whom it wakes', () => {
  const rows = [...read('docs/operations.md').matchAll(/^\| `([A-Z]\w+)`\s*\| (page|ticket): /gm)];
  expect(rows.map(([, alert, severity]) => `${alert} ${severity}`)).toEqual(
    rules.map(({ alert, labels }) => `${alert} ${labels.severity}`),
  );
});

test('labels say which kind of thing, never which person or address', () => {
  const labels = [...site.registry.getMetricsAsArray(), ...cms.registry.getMetricsAsArray()]
    .filter(({ name }) => name.startsWith('meridian_'))
    .flatMap((metric) => (metric as unknown as { labelNames: string[] }).labelNames);
  expect([...new Set(labels)].sort()).toEqual(['check', 'method', 'result', 'route', 'state', 'status']);
});
