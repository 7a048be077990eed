import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { cp, readdir, readFile, rm } from 'node:fs/promises';
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
export async function buildSite(
  cms: Pick<FakeCms, 'url' | 'token'>,
  dataDir: string,
  outDir: string,
): Promise<{ code: number; output: string }> {
  // Astro cannot build onto another disk than that of the site, which temporary folders may lie on.
  const near = path.join(siteFolder, '.astro', `test-${randomUUID()}`);
  try {
    const result = await run(cms, dataDir, near);
    if (result.code !== 0) return result;
    await rm(outDir, { recursive: true, force: true });
    await cp(near, outDir, { recursive: true });
    return result;
  } finally {
    await rm(near, { recursive: true, force: true });
  }
}

function run(
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
