import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runChild } from '../scripts/children.ts';
import { step } from '../scripts/progress.ts';
import { root } from '../scripts/settings.ts';

/** Where the bench keeps its tools, logs and results. */
export const benchDir = join(root, '.tmp', 'bench');

/** What the bench compares with or measures by. Installed on demand, so that Meridian does not depend on them. */
const tools = {
  eleventy: { package: '@11ty/eleventy', version: '3.1.8' },
  autocannon: { package: 'autocannon', version: '8.0.0' },
  lighthouse: { package: 'lighthouse', version: '13.5.0' },
} as const;

export interface Tool {
  /** Folder of the installed package. */
  readonly folder: string;
  readonly version: string;
}

/** Installs a pinned tool with npm into a folder of its own, unless it is there already. */
export async function installTool(name: keyof typeof tools): Promise<Tool> {
  const { package: packageName, version } = tools[name];
  const home = join(benchDir, name);
  const folder = join(home, 'node_modules', ...packageName.split('/'));
  if (installedVersion(folder) === version) return { folder, version };
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  await step(`installing ${packageName} ${version}`, () =>
    runChild(
      {
        name: `Installing ${packageName}`,
        program: 'npm',
        args: ['install', '--save-exact', '--no-audit', '--no-fund', `${packageName}@${version}`],
        cwd: home,
        env: environment(),
        output: { log: join(benchDir, `${name}-install.log`) },
      },
      'Check that "npm ping" answers, and run it again.',
    ),
  );
  return { folder, version };
}

/** This process's environment without the settings of a Meridian, so that none leaks into what is measured. */
export function environment(own: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      !/^(NODE_ENV|NODE_OPTIONS|DATA_DIR|(CMS|SITE|ADMIN|SMTP|METRICS)_.*|DATABASE_URL|TRUST_PROXY)$/.test(
        entry[0],
      ),
  );
  return { ...Object.fromEntries(kept), ...own };
}

function installedVersion(folder: string): string | undefined {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return undefined;
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version?: string };
  return version;
}
