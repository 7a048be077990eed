import { Client } from 'pg';
import { CmsError } from './errors.ts';

/** Any number will do as long as every replica uses the same: the letters "meri" as a 32-bit integer. */
const LOCK_KEY = 0x6d657269;

/**
 * Runs `boot` while holding an advisory lock of the Postgres database, so that of several replicas that start
 * together one migrates and makes roles and tokens, and the others find all of it done. Without a URL (SQLite)
 * there is one process only and `boot` runs at once.
 *
 * @throws CmsError when the database cannot be reached.
 */
export async function withBootLock<T>(databaseUrl: string, boot: () => Promise<T>): Promise<T> {
  if (databaseUrl === '') return boot();
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
  } catch (cause) {
    // The cause names host and port at the most; the URL with its password stays out of the message.
    throw new CmsError(
      `The database named by DATABASE_URL cannot be reached (${reason(cause)}). ` +
        'Check that Postgres runs and that host, port, user, password and database in DATABASE_URL are right.',
      { cause },
    );
  }
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK_KEY]);
    return await boot();
  } finally {
    await client.end();
  }
}

function reason(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(reason).join('; ');
  if (!(cause instanceof Error)) return 'unknown reason';
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  return cause.message === '' ? code : cause.message;
}
