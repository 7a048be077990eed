import { describe, expect, it } from 'vitest';
import { databaseConnection } from '../../src/boot/database.ts';
import { assertSecrets } from '../../src/boot/secrets.ts';

const SECRETS = {
  APP_KEYS: `${'a1'.repeat(16)},${'b2'.repeat(16)}`,
  API_TOKEN_SALT: 'c3'.repeat(16),
  ADMIN_JWT_SECRET: 'd4'.repeat(16),
  TRANSFER_TOKEN_SALT: 'e5'.repeat(16),
  ENCRYPTION_KEY: 'f6'.repeat(16),
  CMS_BUILD_TOKEN: 'a7'.repeat(16),
  CMS_PREVIEW_TOKEN: 'b8'.repeat(16),
  CMS_INTAKE_TOKEN: 'c9'.repeat(16),
  WEBHOOK_SECRET: `whsec_${'d0'.repeat(16)}`,
};

describe('assertSecrets', () => {
  it('is content with random secrets', () => {
    expect(() => assertSecrets({ ...SECRETS, NODE_ENV: 'production' })).not.toThrow();
  });

  it('names every secret that is missing in one message', () => {
    expect(() => assertSecrets({})).toThrow(/APP_KEYS is not set[\s\S]*WEBHOOK_SECRET is not set/);
  });

  it.each(['tobemodified', 'hunter2', 'change-me-change-me-change-me', 'secret-secret-secret'])(
    'refuses %s in production without repeating it',
    (value) => {
      const environment = { ...SECRETS, NODE_ENV: 'production', ADMIN_JWT_SECRET: value };
      expect(() => assertSecrets(environment)).toThrow('ADMIN_JWT_SECRET is a sample or shorter');
      expect(() => assertSecrets(environment)).not.toThrow(value);
    },
  );

  it('refuses a list of keys of which one is a sample', () => {
    const environment = { ...SECRETS, NODE_ENV: 'production', APP_KEYS: `${'a1'.repeat(16)},toBeModified` };
    expect(() => assertSecrets(environment)).toThrow('APP_KEYS is a sample');
  });
});

describe('databaseConnection', () => {
  it('uses SQLite in the data folder when no URL is set', () => {
    const { client, connection } = databaseConnection({ databaseUrl: '', dataDir: '/data' });
    expect({ client, connection }).toEqual({
      client: 'sqlite',
      connection: { filename: '/data/cms.sqlite' },
    });
  });

  it('sets SQLite up to keep every acknowledged write', () => {
    const statements: string[] = [];
    const settings = databaseConnection({ databaseUrl: '', dataDir: '/data' });
    if (settings.client !== 'sqlite') throw new Error('expected SQLite');
    settings.pool.afterCreate({ pragma: (statement) => statements.push(statement) }, () => undefined);
    expect(statements).toEqual(
      expect.arrayContaining(['journal_mode = WAL', 'synchronous = FULL', 'busy_timeout = 10000']),
    );
  });

  it.each(['postgres://u:p@h:5432/d', 'postgresql://h/d'])('uses Postgres at %s', (databaseUrl) => {
    expect(databaseConnection({ databaseUrl, dataDir: '/data' }).client).toBe('postgres');
  });

  it.each([
    ['nonsense', 'is no URL'],
    ['mysql://u:hunter2@h/d', 'only Postgres is supported'],
    ['postgres:///d', 'names no host'],
    ['postgres://u:hunter2@h', 'names no database'],
  ])('refuses %s without repeating a password', (databaseUrl, reason) => {
    expect(() => databaseConnection({ databaseUrl, dataDir: '/data' })).toThrow(reason);
    expect(() => databaseConnection({ databaseUrl, dataDir: '/data' })).not.toThrow('hunter2');
  });
});
