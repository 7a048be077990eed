import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

/** A folder with the launcher and one package to install, which comes from the folder itself. */
function project(scripts: Record<string, string> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-launch-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (path: string, content: object) => {
    writeFileSync(join(folder, path), JSON.stringify(content));
  };
  const devDependencies = { tool: 'file:tool' };
  for (const name of ['scripts', 'tool']) mkdirSync(join(folder, name));
  copyFileSync(join(import.meta.dirname, 'launch.mjs'), join(folder, 'scripts/launch.mjs'));
  write('tool/package.json', { name: 'tool', version: '1.0.0' });
  write('package.json', { name: 'clinic', version: '1.0.0', scripts, devDependencies });
  const packages = {
    '': { name: 'clinic', version: '1.0.0', devDependencies },
    'node_modules/tool': { resolved: 'tool', link: true, dev: true },
    tool: { version: '1.0.0', dev: true },
  };
  write('package-lock.json', { name: 'clinic', version: '1.0.0', lockfileVersion: 3, packages });
  return folder;
}

function launch(folder: string, environment: Record<string, string> = {}) {
  return spawnSync(process.execPath, ['scripts/launch.mjs'], {
    cwd: folder,
    env: { ...process.env, ...environment },
    encoding: 'utf8',
  });
}

test('what builds and tests need is installed, whatever NODE_ENV the shell has', () => {
  const folder = project();
  launch(folder, { NODE_ENV: 'production' });
  expect(existsSync(join(folder, 'node_modules/tool/package.json'))).toBe(true);
});

test('an installation without the pinned Node says so, and how to mend it', () => {
  const { status, stderr } = launch(project());
  expect(status).toBe(1);
  expect(stderr).toContain('not the pinned Node');
  expect(stderr).toContain('"ignore-scripts=true"');
  expect(stderr).not.toContain('    at ');
});

test('an installation that fails shows what npm said and what to do', () => {
  const folder = project({ postinstall: 'node -e "throw Error(\'no compiler here\')"' });
  const { status, stderr } = launch(folder);
  expect(status).toBe(1);
  expect(stderr).toContain('this is the end of what npm said');
  expect(stderr).toContain('no compiler here');
  expect(stderr).toContain('run it again');
  expect(existsSync(join(folder, '.tmp/installing.pid'))).toBe(false);
});
