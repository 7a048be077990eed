import { parseArgs } from 'node:util';
import { runDue } from '../scheduling/runner.ts';
import { fail, loadStrapi } from './app.ts';

/** Runs scheduled actions that are due (at `--now`, an ISO instant) and ends; `--runners` do so at the same time. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { now: { type: 'string' }, runners: { type: 'string', default: '1' } },
  });
  const now = values.now === undefined ? new Date() : new Date(values.now);
  const strapi = await loadStrapi();
  await Promise.all(Array.from({ length: Number(values.runners) }, () => runDue(strapi, now)));
  await strapi.destroy();
  process.exit(0);
}

main().catch(fail);
