import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Files that are to share their place on the disk with those of another folder, by all names that each goes by. */
export interface LinkJob {
  from: string;
  to: string;
  files: readonly (readonly string[])[];
}

/**
 * Links files, all names of one or none. Answers, for each, whether it was done; it cannot be from one disk to another, for
 * instance. It happens on a thread of its own: there are very many, and waiting for each would take ten times as long.
 */
export async function linkFiles(job: LinkJob): Promise<boolean[]> {
  if (job.files.length === 0) return [];
  const thread = new Worker(new URL('./link-thread.ts', import.meta.url), { workerData: job, execArgv: [] });
  const [done] = (await once(thread, 'message')) as [boolean[]];
  return done;
}
