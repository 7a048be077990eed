/** What a refused request to the CMS says to the person who made it. */
export function messageOf(error: unknown): string {
  return error instanceof Error && error.message !== ''
    ? error.message
    : 'The CMS did not answer. Check your connection and try again.';
}
