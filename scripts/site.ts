import { join } from 'node:path';
import { type Child, runChild, startChild } from './children.ts';
import { localAddress, logFile, waitFor } from './cms.ts';
import { step } from './progress.ts';
import { root, type Settings } from './settings.ts';

const siteDir = join(root, 'site');
const patientsSee = 'Patients still see the release before, if there is one.';

/** Builds the site from the running CMS and makes it live: in the site server when one runs, or else here. */
export async function buildSite(settings: Settings): Promise<void> {
  await step('building the site, checking it and making it live', () => publishing(settings, 'build'));
}

/** Starts the site server and waits until what is published is live. */
export async function startSite(settings: Settings): Promise<Child> {
  const log = logFile(settings, 'site.log');
  const child = await step('starting the site', async () => {
    const started = startChild({
      name: 'The site server',
      program: process.execPath,
      args: [join(siteDir, 'server', 'main.ts')],
      env: siteEnvironment(settings),
      output: { log, kept: true },
    });
    await waitFor(started, `${localAddress(settings.site)}/healthz`, log);
    return started;
  });
  await step('bringing what is published live', () => publishing(settings, 'await'));
  return child;
}

/** Starts the site server; its output goes to this terminal or service manager. */
export function runSite(settings: Settings): Child {
  return startChild({
    name: 'The site server',
    program: process.execPath,
    args: [join(siteDir, 'server', 'main.ts')],
    env: siteEnvironment(settings),
    output: 'inherit',
  });
}

/** Runs a command of the publishing loop, such as `list`, in this terminal. @returns its exit code */
export function runPublishing(settings: Settings, args: readonly string[]): Promise<number> {
  return startChild({ ...publishingCommand(settings, args), output: 'inherit' }).ended;
}

function publishing(settings: Settings, command: 'build' | 'await'): Promise<void> {
  const log = logFile(settings, 'site-build.log');
  return runChild(
    { ...publishingCommand(settings, [command]), output: { log } },
    `${patientsSee} All of the output is in ${log} and ${logFile(settings, 'site.log')}.`,
  );
}

function publishingCommand(settings: Settings, args: readonly string[]) {
  return {
    name: 'The site build',
    program: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', join(siteDir, 'server', 'publishing', 'cli.ts'), ...args],
    env: siteEnvironment(settings),
  };
}

/** What the programs of the site server need to know. */
export function siteEnvironment(settings: Settings): Record<string, string> {
  return {
    ...settings.env,
    NODE_ENV: 'production',
    CMS_URL: settings.env.CMS_URL ?? localAddress(settings.cms),
  };
}
