import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { cleanEnvironment } from '../../e2e/system.ts';
import { root } from '../settings.ts';

const packages = ['cms', 'shared-types', 'site'];
/** What is made anew where it is missing, or is of no use in a copy. */
const left = /^(node_modules|dist|build|\.(git|data|tmp|astro|cache|strapi.*))$/;

/** A copy of this checkout in a temporary folder, for tests that change code. It shares the installed packages. */
export async function copyCheckout(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'meridian-checkout-'));
  await cp(root, folder, {
    recursive: true,
    filter: (source) => source === root || !left.test(basename(source)),
  });
  await shareModules('node_modules', folder, ['@meridian']);
  for (const name of packages) await shareModules(join(name, 'node_modules'), folder, []);
  // The workspaces of the copy are its own.
  await mkdir(join(folder, 'node_modules', '@meridian'));
  for (const name of packages)
    await symlink(join(folder, name), join(folder, 'node_modules', '@meridian', name));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Links every package, rather than the folder, so that one of them may differ and caches go into the copy. */
async function shareModules(path: string, folder: string, except: readonly string[]): Promise<void> {
  const names = (await readdir(join(root, path)).catch(() => [])).filter(
    (name) => !except.includes(name) && !name.startsWith('.vite') && name !== '.cache',
  );
  await mkdir(join(folder, path), { recursive: true });
  await Promise.all(names.map((name) => symlink(join(root, path, name), join(folder, path, name))));
}

/** Runs a line of a shell in a checkout. @returns what it printed. @throws Error with that, when it fails */
export function runIn(folder: string, line: string, settings: Record<string, string> = {}): string {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', line], {
    cwd: folder,
    env: cleanEnvironment(settings),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`"${line}" failed:\n${stdout}${stderr}`);
  return stdout;
}
