/** A fault that stops the build. The message says what is wrong, why, and what to do. */
export class BuildError extends Error {
  override name = 'BuildError';
}

/** Something wrong with an entry. `text` names type, entry, field and fix; null: not known, or no single entry. */
export interface Problem {
  type: string;
  documentId: string | null;
  title: string | null;
  text: string;
}

/** Everything that is wrong with the published content, in one message. */
export class ContentError extends BuildError {
  override name = 'ContentError';

  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    super(
      `The published content has ${count}, so nothing was built:\n${problems.map(({ text }) => `- ${text}`).join('\n')}`,
    );
    this.problems = problems;
  }
}

/** Message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
