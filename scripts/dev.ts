import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { type Child, failure, startChild, stopChildren } from './children.ts';
import { buildCms, localAddress, seedNewDatabase, waitFor } from './cms.ts';
import { checkDatabase } from './database.ts';
import { reportFailure } from './errors.ts';
import { claimDataDir } from './lock.ts';
import { requirePorts } from './ports.ts';
import { root, readSettings, type Settings } from './settings.ts';

// npm run dev: both halves, each reloading what changes, their lines marked with who wrote them.
let stopping: NodeJS.Signals | undefined;
const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      stopping ??= signal;
      resolve();
    });
  }
});

try {
  const settings = readSettings();
  const release = await claimDataDir(settings.dataDir);
  try {
    await Promise.race([stopped, develop(settings)]);
  } finally {
    await stopChildren();
    release();
  }
} catch (error) {
  if (stopping === undefined) reportFailure(error);
}
process.exit(stopping === 'SIGINT' ? 130 : stopping === undefined ? (process.exitCode ?? 1) : 143);

async function develop(settings: Settings): Promise<never> {
  await requirePorts(settings);
  await checkDatabase(settings);
  // The seed runs from the compiled CMS; afterwards "develop" compiles by itself.
  await buildCms(settings);
  await seedNewDatabase(settings);
  const cms = follow(
    'cms',
    '\u001B[35m',
    startChild({
      name: 'The CMS',
      program: 'npm',
      args: ['run', 'develop', '--silent', '-w', 'cms'],
      env: settings.env,
      output: 'pipe',
    }),
  );
  await waitFor(cms, `${localAddress(settings.cms)}/_health`, 'the lines above');
  const site = follow(
    'site',
    '\u001B[36m',
    startChild({
      name: 'The site',
      program: 'astro',
      args: ['dev', '--host', settings.site.host, '--port', String(settings.site.port)],
      cwd: join(root, 'site'),
      env: settings.env,
      output: 'pipe',
    }),
  );
  const { child, code } = await Promise.race(
    [cms, site].map(async (each) => ({ child: each, code: await each.ended })),
  );
  throw failure(child, code, 'What it said is above. Everything else has been stopped.');
}

function follow(label: string, colour: string, child: Child): Child {
  const prefix = process.stdout.isTTY ? `${colour}${label.padEnd(4)}\u001B[0m | ` : `${label.padEnd(4)} | `;
  for (const stream of [child.process.stdout, child.process.stderr]) {
    if (stream) createInterface({ input: stream }).on('line', (line) => console.log(`${prefix}${line}`));
  }
  return child;
}
