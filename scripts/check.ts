import { meaningfulLines, ownEnvironment, startChild } from './children.ts';
import { deadDocLinks } from './links.ts';
import { seconds } from './progress.ts';

// npm run check: everything that can be said about the code without running the system.
interface Check {
  readonly name: string;
  readonly fix: string;
  readonly run: () => Promise<string | undefined>;
}

const checks: readonly Check[] = [
  tool('types: scripts, e2e', 'Mend the types.', 'tsc', '-p', 'tsconfig.json'),
  tool('types: shared-types', 'Mend the types.', 'tsc', '-p', 'shared-types'),
  tool(
    'types: cms',
    'Mend the types.',
    'node',
    'cms/node_modules/typescript/bin/tsc',
    '-p',
    'cms',
    '--noEmit',
    '--incremental',
    'false',
  ),
  tool(
    'types: cms admin',
    'Mend the types.',
    'node',
    'cms/node_modules/typescript/bin/tsc',
    '-p',
    'cms/src/admin',
    '--noEmit',
  ),
  tool(
    'types: site',
    'Mend the types.',
    'astro',
    'check',
    '--root',
    'site',
    '--noSync',
    '--minimumFailingSeverity',
    'warning',
  ),
  tool(
    'lint',
    'Mend what it names; no rule is switched off for a line.',
    'eslint',
    '.',
    '--max-warnings',
    '0',
  ),
  tool('format', 'Run "npm run format".', 'prettier', '--check', '--log-level', 'warn', '.'),
  tool('unused code and dependencies', 'Delete what it names.', 'knip', '--no-progress'),
  tool(
    'contract',
    'Run "npm run generate" and commit what it writes.',
    'node',
    'shared-types/generator/cli.ts',
    '--check',
  ),
  {
    name: 'links in docs',
    fix: 'Correct the links.',
    run: () => Promise.resolve(deadDocLinks().join('\n') || undefined),
  },
];

// Two at a time: one per core of a small machine.
const queue = [...checks];
const failed: string[] = [];
await Promise.all([worker(), worker()]);
console.log(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.join(', ')}.`);
process.exit(failed.length === 0 ? 0 : 1);

async function worker(): Promise<void> {
  for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
    const begin = performance.now();
    const problem = await check.run();
    console.log(`${problem === undefined ? '✓' : '✗'} ${check.name} (${seconds(performance.now() - begin)})`);
    if (problem === undefined) continue;
    failed.push(check.name);
    console.log(`\n${problem}\n\n${check.fix}\n`);
  }
}

/** A check that a program makes: it has found something when it exits with another code than 0. */
function tool(name: string, fix: string, program: string, ...args: readonly string[]): Check {
  return {
    name,
    fix,
    run: async () => {
      const child = startChild({ name, program, args, env: ownEnvironment(), output: 'pipe' });
      const output: string[] = [];
      for (const stream of [child.process.stdout, child.process.stderr]) {
        stream?.setEncoding('utf8').on('data', (text: string) => output.push(text));
      }
      return (await child.ended) === 0 ? undefined : meaningfulLines(output.join(''), 60);
    },
  };
}
