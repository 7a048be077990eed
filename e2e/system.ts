import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { type Child, failure, runChild, startChild } from '../scripts/children.ts';
import { freePort } from '../scripts/free-port.ts';
import { readSecrets, secretsFile } from '../scripts/secrets.ts';

/** A whole Meridian that runs for the tests, started as an operator starts it. */
export interface RunningSystem {
  readonly content: 'starting content' | 'fixture';
  readonly siteUrl: string;
  readonly cmsUrl: string;
  readonly adminEmail: string;
  readonly adminPassword: string;
  readonly dataDir: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    systems: readonly RunningSystem[];
  }
}

const READY_WITHIN = 280_000;

/** Starts one system with the starting content and one with the fictitious clinic; stops and deletes both at the end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const children: Child[] = [];
  const folders: string[] = [];
  const teardown = async () => {
    await Promise.all(children.map((child) => child.stop()));
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  };
  try {
    const systems: RunningSystem[] = [];
    for (const content of ['starting content', 'fixture'] as const) {
      const dataDir = mkdtempSync(join(tmpdir(), 'meridian-e2e-'));
      folders.push(dataDir);
      systems.push(await startSystem(content, dataDir, children));
    }
    project.provide('systems', systems);
  } catch (error) {
    await teardown();
    throw error;
  }
  return teardown;
}

async function startSystem(
  content: RunningSystem['content'],
  dataDir: string,
  children: Child[],
): Promise<RunningSystem> {
  const [cmsPort, sitePort] = [await freePort(), await freePort()];
  const env = cleanEnvironment({ DATA_DIR: dataDir, CMS_PORT: String(cmsPort), SITE_PORT: String(sitePort) });
  const log = join(dataDir, 'start.log');
  if (content === 'fixture') {
    const seed = {
      name: 'Seeding the fixture',
      program: process.execPath,
      args: ['scripts/seed.ts', '--fixture'],
      env,
    };
    await runChild({ ...seed, output: { log: join(dataDir, 'seed-fixture.log') } }, 'The tests need it.');
  }
  const child = startChild({
    name: `Meridian with ${content}`,
    program: process.execPath,
    args: ['scripts/start.ts'],
    env,
    output: { log },
  });
  children.push(child);
  await untilUp(child, log);
  const secrets = readSecrets(secretsFile(dataDir));
  return {
    content,
    siteUrl: `http://127.0.0.1:${sitePort}`,
    cmsUrl: `http://127.0.0.1:${cmsPort}`,
    adminEmail: secrets.ADMIN_EMAIL ?? '',
    adminPassword: secrets.ADMIN_PASSWORD ?? '',
    dataDir,
  };
}

/** Starts Meridian on a folder that holds a system already, and waits until it is up. */
export async function startAgain(dataDir: string, settings: Record<string, string>): Promise<Child> {
  const log = join(dataDir, 'start.log');
  const child = startChild({
    name: 'Meridian',
    program: process.execPath,
    args: ['scripts/start.ts'],
    env: cleanEnvironment({ DATA_DIR: dataDir, ...settings }),
    output: { log },
  });
  await untilUp(child, log);
  return child;
}

async function untilUp(child: Child, log: string): Promise<void> {
  let code: number | undefined;
  void child.ended.then((ended) => {
    code = ended;
  });
  const deadline = Date.now() + READY_WITHIN;
  while (Date.now() < deadline) {
    if (readFileSync(log, 'utf8').includes('Meridian is up')) return;
    if (code !== undefined) throw failure(child, code, 'The tests of the running system need it.');
    await sleep(200);
  }
  throw new Error(`${child.name} did not come up within ${READY_WITHIN / 1000} s:\n${child.lastLines()}`);
}

/** Copies the DATA_DIR of a system that runs, without what is hidden: files that are being written or go away. */
export function copyDataDir(from: string, to: string): void {
  const filter = (path: string) => !basename(path).startsWith('.');
  cpSync(from, to, { recursive: true, verbatimSymlinks: true, filter });
}

/** This process's environment without what would steer a system elsewhere: settings of the developer's own. */
export function cleanEnvironment(own: Record<string, string>): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      !/^(NODE_ENV|VITEST.*|(CMS|SITE|ADMIN|SMTP)_.*|DATABASE_URL|TRUST_PROXY)$/.test(entry[0]),
  );
  return { ...Object.fromEntries(kept), ...own };
}

/** Signs the first admin in, and waits until the admin panel shows what is behind the door. */
export async function logIn(page: Page, { cmsUrl, adminEmail, adminPassword }: RunningSystem): Promise<void> {
  await page.goto(`${cmsUrl}/admin`);
  await page.locator('input[name="email"]').fill(adminEmail);
  await page.locator('input[name="password"]').fill(adminPassword);
  await page.getByRole('button', { name: 'Login' }).click();
  await page.waitForURL((url) => !url.pathname.includes('/auth/'), { timeout: 60_000 });
}
