import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cleanEnvironment } from '../../e2e/system.ts';
import { root } from '../settings.ts';
import { copyCheckout } from './checkout.ts';
import { applyChange, stepsOf } from './guide.ts';
import { missingPieces } from './wiring.ts';

/** They take minutes: guide.long.test.ts runs them. */
const slow = ['npm run check', 'npm run doctor', 'npm start'];

const steps = stepsOf(readFileSync(join(root, 'docs/content-types.md'), 'utf8'));
let checkout: Awaited<ReturnType<typeof copyCheckout>>;

beforeAll(async () => {
  checkout = await copyCheckout();
});
afterAll(() => checkout.remove());

/** What a program printed; the test fails with it when the program does. */
function run(program: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: checkout.folder,
    env: cleanEnvironment({}),
    encoding: 'utf8',
  });
  expect(status, `${program} ${args.join(' ')}\n${stdout}${stderr}`).toBe(0);
  return stdout;
}

test(
  'whoever follows the guide has a type that is wired completely, and that the compiler accepts',
  { timeout: 600_000 },
  async () => {
    const commands = steps.flatMap((step) => (step.kind === 'command' ? [step.line] : []));
    expect(commands).toEqual(expect.arrayContaining(slow));
    for (const step of steps) {
      if (step.kind === 'change') applyChange(checkout.folder, step);
      else if (!slow.includes(step.line)) run('sh', '-c', step.line);
    }
    // A name of two words has other forms in code, addresses and files.
    run('npm', 'run', 'new:type', '--silent', '--', 'patient-story');
    run('npm', 'test', '--', '--project', 'unit', 'site/src/content/catalogs');
    expect(await missingPieces(checkout.folder)).toEqual([]);
    expect(run('npm', 'run', 'generate', '--silent', '--', '--check')).toContain('is up to date');
    const types = join('node_modules', 'astro', 'bin', 'astro.mjs');
    expect(run(process.execPath, types, 'check', '--root', 'site', '--noSync')).toContain('- 0 errors');
    expect(
      run(
        'npx',
        'prettier',
        '--check',
        'site/src/content/catalogs',
        'site/src/pages',
        'cms/src/api',
        'cms/fixture',
      ),
    ).toContain('All matched files');
  },
);
