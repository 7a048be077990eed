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
];

/**
 * Replaces every `NAME_FILE` by `NAME` with what the file holds, without the white space around it.
 *
 * @throws OperatorError naming the variable and the file, never what is in it
 */
export function withSecretFiles(given: Readonly<Record<string, string>>): Record<string, string> {
  const settings = { ...given };
  for (const name of fileSettings) {
    const variable = `${name}_FILE`;
    const file = settings[variable];
    if (file === undefined) continue;
    if (settings[name] !== undefined) {
      throw new OperatorError(`${name} and ${variable} are both set. Take one of them away.`);
    }
    settings[name] = readSecret(variable, file);
    delete settings[variable];
  }
  return settings;
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
