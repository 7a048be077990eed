import { readFileSync } from 'node:fs';
import { OperatorError, systemCode } from './errors.ts';
import { secretNames } from './secrets.ts';

/** Settings that may be given as a file: `NAME_FILE` with its path, as containers and service managers hand out secrets. */
export const fileSettings: readonly string[] = [
  ...secretNames,
  'SPOOL_KEYS_OLD',
  'DATABASE_URL',
  'DATABASE_PASSWORD',
  'BACKUP_PASSPHRASE',
  'SMTP_PASSWORD',
  'S3_SECRET_ACCESS_KEY',
];

/**
 * Replaces every `NAME_FILE` by `NAME` with what the file holds, without the white space around it.
 *
 * @throws OperatorError naming the variable and the file, never what is in it
 */
export function withSecretFiles(given: Readonly<Record<string, string>>): Record<string, string> {
  const inFiles = fileSettings.filter((name) => given[`${name}_FILE`] !== undefined);
  const twice = inFiles.find((name) => given[name] !== undefined);
  if (twice !== undefined) {
    throw new OperatorError(`${twice} and ${twice}_FILE are both set. Take one of them away.`);
  }
  const paths = new Set(inFiles.map((name) => `${name}_FILE`));
  return {
    ...Object.fromEntries(Object.entries(given).filter(([name]) => !paths.has(name))),
    ...Object.fromEntries(
      inFiles.map((name) => [name, readSecret(`${name}_FILE`, given[`${name}_FILE`] ?? '')]),
    ),
  };
}

function readSecret(variable: string, file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new OperatorError(
      `${variable} is ${file}, which cannot be read (${systemCode(error) ?? 'unknown error'}). ` +
        'See that the file is there and that the user who runs Meridian may read it.',
    );
  }
  if (text !== '') return text;
  throw new OperatorError(`${variable} is ${file}, which is empty. Write the secret into it.`);
}
