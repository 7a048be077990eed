/** A problem that the person at the keyboard can mend; its message says what, why and how. Shown without a stack. */
export class OperatorError extends Error {
  override name = 'OperatorError';
}

/** Prints what went wrong on stderr and sets the exit code. Only unexpected errors show a stack. */
export function reportFailure(error: unknown): void {
  if (error instanceof OperatorError || isMistypedOption(error)) console.error(`\n✗ ${error.message}`);
  else console.error('\n✗ Unexpected error:', error);
  process.exitCode = 1;
}

/** What Node's parser of options throws; its message names the option. */
function isMistypedOption(error: unknown): error is Error {
  return error instanceof Error && systemCode(error)?.startsWith('ERR_PARSE_ARGS_') === true;
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The code of a system error, such as "EADDRINUSE". */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
