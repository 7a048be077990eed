/** A fault that stops the build. The message says what is wrong, why, and what to do. */
export class BuildError extends Error {
  override name = 'BuildError';
}

/** Everything that is wrong with the published content, in one message. Each problem names type, entry, field and fix. */
export class ContentError extends BuildError {
  override name = 'ContentError';

  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    super(
      `The published content has ${count}, so nothing was built:\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
    );
    this.problems = problems;
  }
}

/** Message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
