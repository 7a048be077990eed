import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Child, failure, startChild, stopChildren } from './children.ts';
import { buildCms, logFile, seedNewDatabase, startCms } from './cms.ts';
import { sweepScratch } from './backup/scratch.ts';
import { checkDatabase } from './database.ts';
import { reportFailure } from './errors.ts';
import { writeStamp } from './fingerprint.ts';
import { firstPasswordAge, firstPasswordDays } from './first-password.ts';
import { claimDataDir } from './lock.ts';
import { checkMachine, machineOf } from './machine.ts';
import { requirePorts } from './ports.ts';
import { buildPreview } from './preview.ts';
import { seconds, skip, step } from './progress.ts';
import { secretsFile } from './secrets.ts';
import { readSettings, root, type Settings } from './settings.ts';
import { startSite } from './site.ts';

const begin = performance.now();
let stopping: NodeJS.Signals | undefined;
const stopped = new Promise<NodeJS.Signals>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping !== undefined) return;
      stopping = signal;
      console.error('\n  Stopping …');
      resolve(signal);
    });
  }
});

try {
  const settings = readSettings();
  const release = await claimDataDir(settings.dataDir);
  try {
    // A signal ends whatever step is running; its failure afterwards is the expected end of its child.
    const outcome = await Promise.race([stopped, start(settings)]);
    if (typeof outcome !== 'string') {
      console.log(summary(settings, !existsSync(passwordShown(settings))));
      writeStamp(passwordShown(settings), '');
      await Promise.race([stopped, firstToEnd(outcome, settings)]);
    }
  } finally {
    await stopChildren();
    release();
  }
} catch (error) {
  if (stopping === undefined) reportFailure(error);
}
process.exit(stopping === 'SIGINT' ? 130 : stopping === undefined ? (process.exitCode ?? 1) : 143);

async function start(settings: Settings): Promise<Child[]> {
  await step('checking ports, disk, memory and database', async () => {
    await requirePorts(settings);
    checkMachine(settings.dataDir, machineOf(settings.dataDir));
    await checkDatabase(settings);
    await sweepScratch(settings.dataDir);
  });
  await buildCms(settings);
  await seedNewDatabase(settings);
  const cms = await startCms(settings);
  await buildPreview(settings);
  const site = await startSite(settings);
  startBackups(settings);
  return [cms, site];
}

/** Backups are no reason to stop when they fail: doctor and metrics tell how old the newest is. */
function startBackups(settings: Settings): void {
  if (settings.backups.passphrase === undefined) {
    skip('daily backups', 'none without BACKUP_PASSPHRASE');
    return;
  }
  startChild({
    name: 'Backups',
    program: process.execPath,
    args: [join(root, 'scripts/backup.ts'), '--daily'],
    env: settings.env,
    output: { log: logFile(settings, 'backup.log'), kept: true },
  });
}

/** Never returns: throws as soon as one of the children is gone. */
async function firstToEnd(children: readonly Child[], settings: Settings): Promise<never> {
  const { child, code } = await Promise.race(
    children.map(async (each) => ({ child: each, code: await each.ended })),
  );
  const log = logFile(settings, child.name === 'The CMS' ? 'cms.log' : 'site.log');
  throw failure(
    child,
    code,
    `Everything else has been stopped. All of its output is in ${log}; "npm run doctor" may know more.`,
  );
}

/** Tells later starts that somebody has seen the first admin's password. */
function passwordShown({ dataDir }: Settings): string {
  return join(dataDir, 'cache', 'password-shown');
}

function summary(settings: Settings, showPassword: boolean): string {
  const { site, adminUrl, secrets, dataDir, databaseUrl } = settings;
  const password = showPassword
    ? `${secrets.ADMIN_PASSWORD}   (shown only now; kept in ${secretsFile(dataDir)})`
    : `see ${secretsFile(dataDir)}${(firstPasswordAge(dataDir) ?? 0) > firstPasswordDays ? '; still the first one, and older than a week: set one of your own' : ''}`;
  const rows = [
    ['Site', `${site.url}/`],
    ['Article', `${site.url}/articles/acupuncture-for-spine-pain/`],
    ['Consultation', `${site.url}/consultation/`],
    ['Admin', adminUrl],
    ['First admin', secrets.ADMIN_EMAIL],
    ['Password', password],
    ['Data', databaseUrl === undefined ? dataDir : `${dataDir}, and the database of DATABASE_URL`],
  ];
  const lines = rows.map(([label = '', value = '']) => `  ${label.padEnd(14)}${value}`);
  return `\nMeridian is up after ${seconds(performance.now() - begin)}.\n\n${lines.join('\n')}\n\n  Press Ctrl-C to stop.\n`;
}
