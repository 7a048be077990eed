import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readServerSettings } from '../../settings.ts';
import { messageOf } from '../errors.ts';
import { makeRelease } from './make.ts';

const usage = `Usage: node site/server/release/cli.ts DIST [--id ID] [--approve]

Turns the built site in the folder DIST into a release and makes it live.
  --id ID     name of the release; by default the time and a hash of the content
  --approve   go live even when many pages are gone`;

try {
  await run();
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}

async function run(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      id: { type: 'string' },
      approve: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [dist, ...others] = positionals;
  if (values.help) {
    console.log(usage);
    return;
  }
  if (dist === undefined || others.length > 0) throw new Error(usage);
  const settings = readServerSettings();
  const started = performance.now();
  const made = await makeRelease({
    dist: resolve(dist),
    releasesDir: join(settings.dataDir, 'releases'),
    siteUrl: settings.siteUrl,
    approve: values.approve,
    ...(values.id === undefined ? {} : { id: values.id }),
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const kilobytes = Math.round(made.bytes / 1024);
  console.log(
    `Release ${made.id} is live after ${seconds} s: ${made.pages} pages, ${made.files} files (${kilobytes} kB), ` +
      `${made.unchanged} of them unchanged.`,
  );
  if (made.removed.length > 0) console.log(`Removed older releases: ${made.removed.join(', ')}.`);
}
