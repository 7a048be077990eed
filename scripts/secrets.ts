import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { messageOf, OperatorError, systemCode } from './errors.ts';

/** Random secrets, by the name of their environment variable, with how many random bytes (or how) they are made. */
const makers = {
  APP_KEYS: () => [0, 1, 2, 3].map(() => hex(32)).join(','),
  API_TOKEN_SALT: () => hex(16),
  ADMIN_JWT_SECRET: () => hex(32),
  TRANSFER_TOKEN_SALT: () => hex(16),
  ENCRYPTION_KEY: () => hex(32),
  CMS_BUILD_TOKEN: () => hex(64),
  CMS_PREVIEW_TOKEN: () => hex(64),
  CMS_INTAKE_TOKEN: () => hex(64),
  WEBHOOK_SECRET: () => `whsec_${randomBytes(32).toString('base64')}`,
  PREVIEW_SECRET: () => hex(32),
  SPOOL_KEY: () => hex(32),
  ADMIN_EMAIL: () => 'admin@meridian.example',
  ADMIN_PASSWORD: () => readablePassword(),
} as const;

export type SecretName = keyof typeof makers;
export const secretNames = Object.keys(makers) as readonly SecretName[];
export type Secrets = Record<SecretName, string>;

/**
 * The secrets of one installation: those given in `given` (the environment) win, then those of
 * `DATA_DIR/secrets.json`; what neither has is generated and kept in that file, readable by its owner only.
 *
 * @returns the secrets, and whether the admin's password was made just now
 * @throws OperatorError when the file cannot be read, parsed or written
 */
export function ensureSecrets(
  dataDir: string,
  given: Readonly<Record<string, string | undefined>>,
): { secrets: Secrets; passwordIsNew: boolean } {
  const file = secretsFile(dataDir);
  const isNew = !existsSync(file);
  const kept = isNew ? {} : readSecrets(file);
  const made: Partial<Secrets> = {};
  for (const name of secretNames) {
    if (!given[name] && !kept[name]) made[name] = makers[name]();
  }
  if (Object.keys(made).length > 0 && !writeSecrets(file, { ...kept, ...made }, isNew)) {
    // Another process made them in the same moment: CMS and site that start together must have the same.
    return ensureSecrets(dataDir, given);
  }
  const secrets = Object.fromEntries(
    secretNames.map((name) => [name, given[name] || kept[name] || made[name] || '']),
  ) as Secrets;
  return { secrets, passwordIsNew: made.ADMIN_PASSWORD !== undefined };
}

export function secretsFile(dataDir: string): string {
  return join(dataDir, 'secrets.json');
}

/** What `secrets.json` holds; empty when there is none. @throws OperatorError when it is no JSON object of strings */
export function readSecrets(file: string): Partial<Record<string, string>> {
  if (!existsSync(file)) return {};
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new OperatorError(
      `The secrets file ${file} cannot be read (${messageOf(error)}). Restore it from your backup. ` +
        'Without one, delete it: new secrets are made, everybody must sign in again, and the first admin keeps the old password.',
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new OperatorError(`The secrets file ${file} must hold a JSON object. Restore it from your backup.`);
  }
  const wrong = Object.entries(value).find(([, entry]) => typeof entry !== 'string');
  if (wrong)
    throw new OperatorError(
      `"${wrong[0]}" in the secrets file ${file} must be a string. Mend it and start again.`,
    );
  return { ...value };
}

/** Whether others than the owner may read the file. */
export function isReadableByOthers(file: string): boolean {
  return process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0;
}

/** Answers false when the file is to be new and somebody else was first to make it. */
function writeSecrets(
  file: string,
  secrets: Readonly<Record<string, string | undefined>>,
  isNew: boolean,
): boolean {
  const temporary = `${file}.${process.pid}`;
  try {
    mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
    writeFileSync(temporary, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flush: true });
    chmodSync(temporary, 0o600);
    if (isNew) linkSync(temporary, file);
    else renameSync(temporary, file);
    return true;
  } catch (error) {
    if (isNew && systemCode(error) === 'EEXIST') return false;
    throw new OperatorError(
      `The secrets file ${file} cannot be written (${messageOf(error)}). Give this user write access to DATA_DIR, or set DATA_DIR to another folder.`,
    );
  } finally {
    rmSync(temporary, { force: true });
  }
}

function hex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}

/** Letters that nobody mixes up, in groups; some 95 bits. It always has an upper-case letter, a lower-case one and a digit, as the CMS asks. */
function readablePassword(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz';
  const group = () => Array.from(randomBytes(5), (byte) => alphabet[byte % alphabet.length]).join('');
  const digit = (randomBytes(1)[0] ?? 0) % 8;
  return `${group()}-${group()}-${group()}-${group()}-M${digit + 2}`;
}
