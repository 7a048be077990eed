import { parseArgs } from 'node:util';
import { keptReferencePattern } from '@meridian/shared-types';
import { CmsError } from '../boot/errors.ts';

/** What an operator asks for. `out` is null for standard output. */
export type Command = { name: 'export'; out: string | null } | { name: 'erase'; reference: string };

const USAGE =
  'Usage: npm run requests -- export [--out FILE], or: npm run requests -- erase REFERENCE, or: npm run requests -- status';

/**
 * Reads the arguments of `npm run requests`.
 *
 * @throws CmsError with the usage when they ask for anything else
 */
export function readCommand(args: string[]): Command {
  const { out, positionals } = parse(args);
  const [name, argument, ...more] = positionals;
  if (name === 'export' && argument === undefined) return { name, out };
  if (name !== 'erase' || argument === undefined || more.length > 0 || out !== null)
    throw new CmsError(USAGE);
  const reference = argument.trim().toUpperCase();
  if (keptReferencePattern.test(reference)) return { name, reference };
  throw new CmsError(`"${argument.slice(0, 60)}" is no reference. References look like KX7-4QM-R9T.`);
}

function parse(args: string[]): { out: string | null; positionals: string[] } {
  try {
    const options = { out: { type: 'string' } } as const;
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    return { out: values.out ?? null, positionals };
  } catch {
    throw new CmsError(USAGE);
  }
}
