import { parseArgs } from 'node:util';
import { expect, test, vi } from 'vitest';
import { OperatorError, reportFailure } from './errors.ts';

/** What a person reads on stderr. */
function said(cause: () => unknown): string {
  const { exitCode } = process;
  const print = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  try {
    cause();
  } catch (error) {
    reportFailure(error);
  }
  const text = print.mock.calls.flat().map(String).join(' ');
  expect(process.exitCode).toBe(1);
  process.exitCode = exitCode;
  print.mockRestore();
  return text;
}

test('says what a person can mend, a mistyped option too, without a stack', () => {
  const mendable = () => {
    throw new OperatorError('The port 1337 is taken. Set CMS_PORT.');
  };
  expect(said(mendable)).toBe('\n✗ The port 1337 is taken. Set CMS_PORT.');
  const mistyped = said(() => parseArgs({ args: ['--aricles'], options: { articles: { type: 'string' } } }));
  expect(mistyped).toMatch(/^\n✗ Unknown option '--aricles'/);
  expect(mistyped).not.toContain('    at ');
});

test('calls everything else unexpected', () => {
  const broken = () => {
    throw new TypeError('x is not a function');
  };
  expect(said(broken)).toContain('Unexpected error: TypeError: x is not a function');
});
