import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { FakeCms } from './fake-cms.ts';

const siteFolder = path.resolve(import.meta.dirname, '..');
const astro = path.join(
  path.dirname(createRequire(import.meta.url).resolve('astro/package.json')),
  'bin',
  'astro.mjs',
);

/** Runs a real build of the site against a server. Gives the exit code and all that it printed. */
export function buildSite(
  cms: Pick<FakeCms, 'url' | 'token'>,
  dataDir: string,
  outDir: string,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [astro, 'build', '--root', siteFolder, '--outDir', outDir],
      {
        cwd: siteFolder,
        maxBuffer: 50_000_000,
        env: {
          PATH: process.env['PATH'],
          HOME: process.env['HOME'],
          ASTRO_TELEMETRY_DISABLED: '1',
          NO_COLOR: '1',
          CMS_URL: cms.url,
          CMS_BUILD_TOKEN: cms.token,
          SITE_URL: 'https://clinic.example',
          DATA_DIR: dataDir,
        },
      },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        resolve({ code, output: `${stdout}${stderr}` });
      },
    );
  });
}

/** Digest of every file below a folder, by its path there. */
export async function filesIn(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const digests = await Promise.all(
    files.toSorted().map(async (file) => {
      const digest = createHash('sha256')
        .update(await readFile(file))
        .digest('hex');
      return [path.relative(folder, file), digest] as const;
    }),
  );
  return Object.fromEntries(digests);
}
