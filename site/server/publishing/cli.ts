import { userInfo } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import type { Message, Status } from '@meridian/shared-types';
import { readBuildSettings, readServerSettings } from '../../settings.ts';
import { messageOf, ServerError } from '../errors.ts';
import { tryClaimSite } from './claim.ts';
import { codeFingerprint } from './fingerprint.ts';
import { openReconciler } from './open.ts';
import type { Reconciler } from './reconciler.ts';
import { askServer } from './server-talk.ts';
import { describeStatus, outcomeOf } from './status-text.ts';

const usage = `Usage: node site/server/publishing/cli.ts COMMAND
  build           builds what is published now, with the code as it is, and makes it live
  await           waits until the running site server has made live what is published
  list            shows the releases
  approve [ID]    lets the release go live that waits for approval
  rollback [ID]   goes back to a release, by default the one before, and holds there
  resume          ends a rollback`;

const pause = 100;
/** Milliseconds in which a fault may pass before the command gives up; a first release is waited for longer. */
const passesWithin = 15_000;
const firstWithin = 120_000;

try {
  await run(process.argv.slice(2));
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}

async function run([command = '', id, ...others]: string[]): Promise<void> {
  const commands = ['build', 'await', 'list', 'approve', 'rollback', 'resume'];
  if (!commands.includes(command) || others.length > 0) throw new ServerError(usage);
  const settings = readServerSettings();
  const claim = await tryClaimSite(settings.dataDir);
  if (claim === null) {
    const ask = (message: Message) => askServer(settings, message);
    await obey(command, id ?? null, ask);
    return;
  }
  try {
    if (command === 'await') throw new ServerError('No site server runs. Start it with "npm start".');
    const reconciler = await openReconciler({
      build: readBuildSettings(),
      limits: settings.build,
      builtFrom: await codeFingerprint(settings.siteUrl),
      reports: { live: () => undefined, failed: (message) => console.error(message) },
    });
    try {
      await obey(command, id ?? null, (message) => obeyHere(reconciler, message));
    } finally {
      await reconciler.stop();
    }
  } finally {
    claim.release();
  }
}

/** Does without a server what a server does on a message. */
async function obeyHere(reconciler: Reconciler, message: Message): Promise<Status> {
  switch (message.type) {
    case 'release.build':
      await reconciler.rebuild(await codeFingerprint(readServerSettings().siteUrl));
      break;
    case 'release.approve':
      await reconciler.approve(message.data.id);
      break;
    case 'release.rollback':
      await reconciler.rollback(message.data.id, message.data.by);
      break;
    case 'release.resume':
      await reconciler.resume();
      break;
    case 'content.changed':
    case 'release.status':
    case 'requests.status':
  }
  return reconciler.status();
}

async function obey(
  command: string,
  id: string | null,
  ask: (message: Message) => Promise<Status>,
): Promise<void> {
  const by = `${userInfo().username} (command line)`;
  switch (command) {
    case 'build':
      await ask({ type: 'release.build', data: {} });
      await settle(ask, true);
      return;
    case 'await':
      await settle(ask, false);
      return;
    case 'approve': {
      const waiting = id ?? (await ask({ type: 'release.status', data: {} })).approval?.id;
      if (waiting === undefined) throw new ServerError('No release waits for approval.');
      console.log(describeStatus(await ask({ type: 'release.approve', data: { id: waiting, by } })));
      return;
    }
    case 'rollback':
      console.log(describeStatus(await ask({ type: 'release.rollback', data: { id, by } })));
      return;
    case 'resume':
      console.log(describeStatus(await ask({ type: 'release.resume', data: { by } })));
      return;
    default:
      console.log(describeStatus(await ask({ type: 'release.status', data: {} })));
  }
}

/** Waits until nothing is being built. @throws ServerError with what went wrong */
async function settle(ask: (message: Message) => Promise<Status>, strict: boolean): Promise<void> {
  const begin = performance.now();
  for (;;) {
    const status = await ask({ type: 'release.status', data: {} });
    const patience = status.live === null ? firstWithin : passesWithin;
    const outcome = outcomeOf(status, performance.now() - begin > patience);
    if (outcome !== null) {
      // A site that is live goes on; whoever asked for a build wants to know that there was none.
      if (outcome.fault !== null && (strict || status.live === null)) throw new ServerError(outcome.fault);
      console.log(outcome.fault ?? outcome.text);
      return;
    }
    await wait(pause);
  }
}
