/** A fault of the site's server that a person can mend. The message says what is wrong, why, and what to do. */
export class ServerError extends Error {
  override name = 'ServerError';
}

/** Code of a system error such as `ENOENT`, or null for every other value. */
export function systemCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

/** Message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
