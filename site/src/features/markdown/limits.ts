import vm from 'node:vm';

/** Far more than any passage within the other caps takes, so that a busy machine degrades none. */
const milliseconds = 10_000;

/**
 * Runs a synchronous task and stops it when it takes too long.
 *
 * @throws Error with code ERR_SCRIPT_EXECUTION_TIMEOUT
 */
export function withinTime<Result>(task: () => Result): Result {
  let result: { value: Result } | null = null;
  box.run = () => {
    result = { value: task() };
  };
  script.runInContext(context, { timeout: milliseconds });
  return resultOf(result);
}

const box = { run: (): void => undefined };
const context = vm.createContext(box);
const script = new vm.Script('run()');

function resultOf<Result>(result: { value: Result } | null): Result {
  if (result === null) throw new Error('The task ended without a result.');
  return result.value;
}
