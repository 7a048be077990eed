import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { marked } from 'marked';

/** What a guide tells its reader to do: a command, or a change of a file. */
export type Step =
  { kind: 'command'; line: string } | { kind: 'change'; file: string; before: string; after: string };

/**
 * The steps of a guide, in its order: each line of a block of `sh`, and each block of `diff`, whose first line names the
 * file (`--- path`).
 *
 * @throws Error for a block of another kind, which nobody would try
 */
export function stepsOf(guide: string): Step[] {
  return marked.lexer(guide).flatMap((token): Step[] => {
    if (token.type !== 'code') return [];
    const [first = '', ...lines] = String(token.text).split('\n');
    if (token.lang === 'sh') return [first, ...lines].map((line) => ({ kind: 'command', line }));
    if (token.lang !== 'diff' || !first.startsWith('--- ')) {
      throw new Error(`The guide has a block that no test can follow: ${first}`);
    }
    const side = (mark: string) =>
      lines
        .filter((line) => !line.startsWith(mark))
        .map((line) => line.slice(1))
        .join('\n');
    return [{ kind: 'change', file: first.slice('--- '.length), before: side('+'), after: side('-') }];
  });
}

/** Makes a change in a checkout. @throws Error when the place is not there, or there twice */
export function applyChange(
  folder: string,
  { file, before, after }: Extract<Step, { kind: 'change' }>,
): void {
  const text = readFileSync(join(folder, file), 'utf8');
  const parts = text.split(before);
  if (parts.length !== 2) {
    throw new Error(`${file} has ${parts.length - 1} places, not one, that read:\n${before}`);
  }
  writeFileSync(join(folder, file), parts.join(after));
}
