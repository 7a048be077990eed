import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';
import { ownEnvironment, startChild, stopChildren } from './children.ts';
import { reportFailure } from './errors.ts';
import { seconds } from './progress.ts';
import { root } from './settings.ts';

// npm test [-- --project unit|services|e2e] [-u] [FILE ...]: runs the tests and ends with "N passed, N failed" on a line of its own.

interface Count {
  readonly passed: number;
  readonly failed: number;
}

/** Those of the whole system wait for their browser half of the time, so they run beside the others. */
const beside = [['unit', 'services'], ['e2e']];

// Tests start the same programs very often, so Node keeps what it compiled of them.
process.env['NODE_COMPILE_CACHE'] ??= join(root, '.tmp', 'compiled');
const begin = performance.now();
try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { project: { type: 'string', multiple: true }, update: { type: 'boolean', short: 'u' } },
  });
  const { project = beside.flat(), update = false } = values;
  const all = values.project === undefined && positionals.length === 0 && !update;
  const counts = all ? await Promise.all(beside.map(runInChild)) : [await run(project, positionals, update)];
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failed = counts.reduce((sum, count) => sum + count.failed, 0);
  console.log(`\nTests took ${seconds(performance.now() - begin)}.`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed > 0 || passed === 0 ? 1 : 0);
} catch (error) {
  reportFailure(error);
  console.log('0 passed, 1 failed');
} finally {
  await stopChildren();
}

/** Runs tests in this process. A file that broke and an error that no test caught count as failed. */
async function run(project: string[], files: string[], update: boolean): Promise<Count> {
  const vitest = await startVitest(files, {
    run: true,
    watch: false,
    ...(update ? { update: true } : {}),
    project,
  });
  const modules = vitest.state.getTestModules();
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const passed = tests.filter((test) => test.result().state === 'passed').length;
  const brokenModules = modules.filter(
    (module) => module.state() === 'failed' && ![...module.children.allTests('failed')].length,
  ).length;
  const failed = tests.filter((test) => test.result().state === 'failed').length + brokenModules;
  const errors = vitest.state.getUnhandledErrors().length;
  await vitest.close();
  return { passed, failed: failed + errors };
}

/** Runs tests in a process of their own, and passes on what it says. One that ends without a count has failed. */
async function runInChild(project: readonly string[]): Promise<Count> {
  const child = startChild({
    name: `The tests of ${project.join(' and ')}`,
    program: process.execPath,
    args: [...process.execArgv, import.meta.filename, ...project.flatMap((name) => ['--project', name])],
    env: { ...ownEnvironment(), ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}) },
    output: 'pipe',
  });
  // It has a process group of its own, which the terminal does not tell.
  process.once('SIGINT', () => child.process.kill('SIGINT'));
  const counts: Count[] = [];
  const read = async (input: NodeJS.ReadableStream | null, print: (line: string) => void) => {
    if (input === null) return;
    for await (const line of createInterface({ input })) {
      const [, passed, failed] = /^(\d+) passed, (\d+) failed$/.exec(line) ?? [];
      if (passed !== undefined) counts.push({ passed: Number(passed), failed: Number(failed) });
      else if (!line.startsWith('Tests took ')) print(line);
    }
  };
  await Promise.all([
    read(child.process.stdout, (line) => {
      console.log(line);
    }),
    read(child.process.stderr, (line) => {
      console.error(line);
    }),
    child.ended,
  ]);
  return counts[0] ?? { passed: 0, failed: 1 };
}
