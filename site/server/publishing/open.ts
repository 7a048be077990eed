import { join } from 'node:path';
import type { BuildLimits, BuildSettings } from '../../settings.ts';
import { makeBuilder } from './builder.ts';
import { askRevision } from './cms-revision.ts';
import { openPublications } from './publications.ts';
import { makeReconciler, type Reconciler, type Reports } from './reconciler.ts';

/** Puts the reconciler of a DATA_DIR together. It does nothing before it is started. */
export async function openReconciler(options: {
  build: BuildSettings;
  limits: BuildLimits;
  builtFrom: string;
  reports: Reports;
}): Promise<Reconciler> {
  const { build, limits, builtFrom, reports } = options;
  const publications = await openPublications(join(build.dataDir, 'releases'), (message) =>
    reports.failed(message),
  );
  return makeReconciler({
    publications,
    builder: makeBuilder(limits),
    latestRevision: () => askRevision(build, publications.record.live?.revision ?? 0),
    builtFrom,
    interval: limits.interval * 1_000,
    reports,
  });
}
