import path from 'node:path';
import { readBuildSettings } from '../../settings.ts';
import { takeLock } from '../../src/locks.ts';
import { messageOf } from '../errors.ts';
import { buildWork } from './build-work.ts';
import { type Answer, orderSchema } from './orders.ts';

// A process that builds: orders come from the site server, one after the other. It ends when the server does.
process.on('disconnect', () => process.exit(1));

const previousMayTake = 60_000;
const settings = readBuildSettings();
// The worker of a server that was killed may still be at it; two would spoil each other's files.
const lock = await takeLock(path.join(settings.dataDir, 'cache', 'builder.lock'), previousMayTake);
if (lock === null) {
  console.error(`Another process builds in ${settings.dataDir}/cache. Stop it; the site server tries again.`);
  process.exit(1);
}

const work = buildWork(settings);
let last = Promise.resolve();
process.on('message', (message) => {
  const order = orderSchema.parse(message);
  last = last.then(async () => {
    const timings: Record<string, number> = {};
    const outcome = await work(order, timings).catch((error: unknown) => ({
      kind: 'fault' as const,
      message: messageOf(error),
    }));
    const memory = Math.round(process.memoryUsage.rss() / 1e6);
    process.send?.({ number: order.number, outcome, timings, memory } satisfies Answer);
  });
});
process.send?.('ready');
