import { reportFailure } from './errors.ts';
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';
import { seconds } from './progress.ts';

// npm test [-- --project unit|services|e2e] [-u] [FILE ...]: runs the tests and ends with "N passed, N failed" on a line of its own.
const begin = performance.now();
try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { project: { type: 'string', multiple: true }, update: { type: 'boolean', short: 'u' } },
  });
  const vitest = await startVitest(positionals, {
    run: true,
    watch: false,
    ...(values.update === true ? { update: true } : {}),
    project: values.project ?? ['unit', 'services', 'e2e'],
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
  console.log(`\nTests took ${seconds(performance.now() - begin)}.`);
  console.log(`${passed} passed, ${failed + errors} failed`);
  process.exit(failed + errors > 0 || passed === 0 ? 1 : 0);
} catch (error) {
  reportFailure(error);
  console.log('0 passed, 1 failed');
}
